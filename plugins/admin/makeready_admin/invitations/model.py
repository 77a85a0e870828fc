"""Invitations to the pages."""

import re

from msgspec import Struct

from makeready_admin.users.model import UserRole

EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


class Invitation(Struct, frozen=True, kw_only=True):
    """Somebody may make themselves a user, once, with what whoever invites them has chosen."""

    id: int = 0
    hash: str
    """SHA-256 of the secret part of the link; the link itself is not kept."""
    whom: str
    """An e-mail address, or a name for those who look at the list."""
    role: UserRole
    subscriber: str
    """Empty for an operator."""
    invited_by: str
    made_at: float
    expires_at: float

    @property
    def email(self) -> str:
        """ "" if nobody has said one."""
        return self.whom if EMAIL.fullmatch(self.whom) else ""
