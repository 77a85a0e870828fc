"""Role and company in a form: one set of words, and both chosen from what there is."""

from collections.abc import Mapping
from typing import get_args

import msgspec
from makeready_hooks.errors import ConfigError

from makeready_admin.users.model import UserRole
from makeready_admin.web.request import Form
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

ROLES: Mapping[UserRole, str] = {
    "viewer": marked("Viewer: sees one company"),
    "manager": marked("Manager: sees and changes one company"),
    "operator": marked("Operator: everything, of all companies"),
}
ROLE_NAMES: Mapping[UserRole, str] = {
    "viewer": marked("Viewer"),
    "manager": marked("Manager"),
    "operator": marked("Operator"),
}


def in_words(roles: Mapping[UserRole, str]) -> dict[UserRole, str]:
    """In the viewer's language."""
    return {role: _(text) for role, text in roles.items()}


def role_in(form: Form) -> UserRole:
    """Raises ConfigError for a text that is no role."""
    return checked_role(form.text("role"))


def checked_role(text: str) -> UserRole:
    """Raises ConfigError for a text that is no role."""
    if text not in get_args(UserRole):
        raise ConfigError(f"There is no role {text!r}.", field="role")
    role: UserRole = msgspec.convert(text, UserRole)
    return role


def company_in(form: Form, role: UserRole) -> str:
    """An operator is for all companies, whatever stands in the list beside it."""
    return "" if role == "operator" else form.text("of")
