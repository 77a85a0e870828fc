"""Pages for operators: the users, and what people did."""

from typing import get_args
from urllib.parse import urlencode

import msgspec
from makeready_hooks.errors import ConfigError
from starlette.responses import Response

from makeready.flows import users
from makeready.records import UserRole
from makeready.store.audit import AuditFilter
from makeready.web.pages.table import Needs, form, page
from makeready.web.pages.visit import ROOT, Visit

SHOWN = 100


async def show_users(visit: Visit) -> Response:
    store = visit.installation.store
    return await visit.page(
        "users.html", users=await store.users.all(), subscribers=await store.subscribers.all()
    )


async def add_user(visit: Visit) -> Response:
    given, password = visit.form, users.new_password()
    role = given.text("role")
    if role not in get_args(UserRole):
        raise ConfigError(f"There is no role {role!r}.", field="role")
    user = await users.add_user(
        visit.installation,
        given.text("name"),
        password,
        role=msgspec.convert(role, UserRole),
        subscriber=given.text("of"),
    )
    return await visit.page("new-user.html", name=user.name, password=password)


async def new_password(visit: Visit) -> Response:
    name, password = visit.form.text("name"), users.new_password()
    await users.set_password(visit.installation, name, password)
    return await visit.page("new-user.html", name=name, password=password)


async def remove_user(visit: Visit) -> Response:
    name = visit.form.text("name")
    await users.remove_user(visit.installation, name)
    return await visit.told(f"{name} is removed, and signed out everywhere.", f"{ROOT}/users")


async def show_audit(visit: Visit) -> Response:
    wanted = AuditFilter(subscriber=visit.query("of"), actor=visit.query("who"), action=visit.query("what"))
    before = visit.query("before")
    found = await visit.installation.store.audit.find(
        wanted, limit=SHOWN + 1, before=int(before) if before.isdecimal() and len(before) < 16 else 0
    )
    shown, more = found[:SHOWN], ""
    if len(found) > SHOWN:
        kept = {name: visit.query(name) for name in ("of", "who", "what") if visit.query(name)}
        more = urlencode({**kept, "before": shown[-1].id})
    return await visit.page("audit.html", found=shown, wanted=wanted, more=more)


PAGES = (
    page("/users", Needs.OPERATOR, show_users),
    form("/users/add", Needs.OPERATOR, add_user, "user add", target="name"),
    form("/users/password", Needs.OPERATOR, new_password, "user password", target="name"),
    form("/users/remove", Needs.OPERATOR, remove_user, "user remove", target="name"),
    page("/audit", Needs.OPERATOR, show_audit),
)
