"""Pages for operators: the users, the tokens of the JSON API, and what people did."""

import os
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from makeready.access import tokens
from makeready.times import format_utc
from makeready.web.csv_text import csv_of
from makeready_alerts.mail import is_mail_set
from makeready_hooks.errors import CallRejected, ConfigError
from starlette.responses import Response, StreamingResponse

from makeready_admin.audit.store import AuditFilter, audit_log_of
from makeready_admin.factors.store import factors_of
from makeready_admin.invitations.invite import DAYS
from makeready_admin.invitations.store import invitations_of
from makeready_admin.products.pages import page_number
from makeready_admin.users import users
from makeready_admin.users.roles import ROLE_NAMES, ROLES, company_in, in_words, role_in
from makeready_admin.users.store.users import users_of
from makeready_admin.web.frame import HEADERS
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Visit

T = TypeVar("T")

SHOWN = 100
SHOWN_PEOPLE = 30
EVERYBODY = "*"
MAX_DAY_DIGITS = 5
CHANGE_IT = "It is to be changed by whoever gets it, under their name at the top of the page."


async def show_users(visit: Visit) -> Response:
    store = visit.installation.store
    shown, following = _a_page_of(visit, await users_of(visit.installation).all())
    subscribers = await store.subscribers.all()
    return await visit.page(
        "users.html",
        users=shown,
        with_factor=await factors_of(visit.installation).users(),
        following=following,
        subscribers=subscribers,
        titles={one.name: one.title for one in subscribers},
        roles=in_words(ROLES),
        role_names=in_words(ROLE_NAMES),
        invitations=await invitations_of(visit.installation).all(),
        days=DAYS,
        mail_is_set=is_mail_set(os.environ),
    )


async def show_user(visit: Visit) -> Response:
    """One of the others: to change them on the list itself would take all companies in each of its rows."""
    one = await users_of(visit.installation).get(visit.query("name"))
    if one is None or one.name == visit.user.name:
        raise CallRejected("There is no such user.", status=404, fix="Choose one in the list.")
    return await visit.page(
        "user.html",
        one=one,
        has_factor=bool(await factors_of(visit.installation).of(one.name)),
        subscribers=await visit.installation.store.subscribers.all(),
        roles=in_words(ROLES),
        role_names=in_words(ROLE_NAMES),
    )


def _a_page_of(visit: Visit, found: Sequence[T]) -> tuple[Sequence[T], int]:
    """The page that the address names, and the number of the next; 0 at the end."""
    number = page_number(visit)
    start = number * SHOWN_PEOPLE
    return found[start : start + SHOWN_PEOPLE], number + 1 if len(found) > start + SHOWN_PEOPLE else 0


async def add_user(visit: Visit) -> Response:
    given, password, role = visit.form, users.new_password(), role_in(visit.form)
    user = await users.add_user(
        visit.installation, given.text("name"), password, role=role, subscriber=company_in(given, role)
    )
    return await _new_password_page(visit, user.name, password)


async def change_role(visit: Visit) -> Response:
    name, role = visit.form.text("name"), role_in(visit.form)
    await users.change_role(visit.installation, name, role=role, subscriber=company_in(visit.form, role))
    return await visit.told(f"{name} is {role} now.", f"{ROOT}/users")


async def disable_user(visit: Visit) -> Response:
    name = visit.form.text("name")
    await users.disable_user(visit.installation, name)
    return await visit.told(f"{name} cannot sign in, and is signed out everywhere.", f"{ROOT}/users")


async def enable_user(visit: Visit) -> Response:
    name = visit.form.text("name")
    await users.disable_user(visit.installation, name, disabled=False)
    return await visit.told(f"{name} can sign in again.", f"{ROOT}/users")


async def new_password(visit: Visit) -> Response:
    name, password = visit.form.text("name"), users.new_password()
    await users.set_password(visit.installation, name, password)
    return await _new_password_page(visit, name, password)


async def _new_password_page(visit: Visit, name: str, password: str) -> Response:
    return await visit.page(
        "new-secret.html", what=f"Password of {name}", secret=password, back=f"{ROOT}/users", hint=CHANGE_IT
    )


async def remove_user(visit: Visit) -> Response:
    name = visit.form.text("name")
    await users.remove_user(visit.installation, name)
    return await visit.told(f"{name} is removed, and signed out everywhere.", f"{ROOT}/users")


async def show_tokens(visit: Visit) -> Response:
    store = visit.installation.store
    shown, following = _a_page_of(visit, await store.tokens.all())
    return await visit.page(
        "tokens.html", tokens=shown, following=following, subscribers=await store.subscribers.all()
    )


async def add_token(visit: Visit) -> Response:
    given, days = visit.form, visit.form.text("days") or "0"
    name, subscriber = given.text("name"), given.text("of")
    if not subscriber:
        raise ConfigError("Say whom the token is for.", field="of", fix="Choose a company, or all of them.")
    if not days.isdecimal() or len(days) > MAX_DAY_DIGITS:
        raise ConfigError(f"{days} is no number of days.", field="days", fix="Leave it empty for never.")
    token = await tokens.make_token(
        visit.installation,
        name,
        subscriber="" if subscriber == EVERYBODY else subscriber,
        read_only=not given.ticked("decide"),
        operator=given.ticked("operator"),
        expires_days=float(days),
    )
    return await visit.page(
        "new-secret.html", what=f"Token {name}", secret=token, back=f"{ROOT}/tokens", hint=""
    )


async def remove_token(visit: Visit) -> Response:
    name = visit.form.text("name")
    await tokens.remove_token(visit.installation, name)
    return await visit.told(f"{name} is removed: it opens nothing from now on.", f"{ROOT}/tokens")


async def show_audit(visit: Visit) -> Response:
    wanted = _wanted(visit)
    before = visit.query("before")
    found = await audit_log_of(visit.installation).find(
        wanted, limit=SHOWN + 1, before=int(before) if before.isdecimal() and len(before) < 16 else 0
    )
    shown, more = found[:SHOWN], ""
    kept = {name: visit.query(name) for name in ("of", "who", "what") if visit.query(name)}
    if len(found) > SHOWN:
        more = urlencode({**kept, "before": shown[-1].id})
    return await visit.page("audit.html", found=shown, wanted=wanted, more=more, filter=urlencode(kept))


def _wanted(visit: Visit) -> AuditFilter:
    return AuditFilter(subscriber=visit.query("of"), actor=visit.query("who"), action=visit.query("what"))


async def audit_file(visit: Visit) -> Response:
    """All that the filter finds, for a spreadsheet."""

    async def lines() -> AsyncIterator[str]:
        yield csv_of(
            [("at (UTC)", "who", "by", "address", "company", "what", "to what", "detail", "outcome")]
        )
        async for one in audit_log_of(visit.installation).all(_wanted(visit)):
            who = (format_utc(one.at), one.actor, one.via, one.address)
            yield csv_of([(*who, one.subscriber, one.action, one.target, one.detail, one.outcome)])

    attachment = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(lines(), headers={**HEADERS, **attachment}, media_type="text/csv")


PAGES = (
    page("/users", Needs.OPERATOR, show_users),
    page("/users/one", Needs.OPERATOR, show_user),
    form("/users/add", Needs.OPERATOR, add_user, "user add", target="name"),
    form("/users/password", Needs.OPERATOR, new_password, "user password", target="name"),
    form("/users/role", Needs.OPERATOR, change_role, "user role", target="name"),
    form("/users/disable", Needs.OPERATOR, disable_user, "user disable", target="name"),
    form("/users/enable", Needs.OPERATOR, enable_user, "user enable", target="name"),
    form("/users/remove", Needs.OPERATOR, remove_user, "user remove", target="name"),
    page("/tokens", Needs.OPERATOR, show_tokens),
    form("/tokens/add", Needs.OPERATOR, add_token, "token add", target="name"),
    form("/tokens/remove", Needs.OPERATOR, remove_token, "token remove", target="name"),
    page("/audit", Needs.OPERATOR, show_audit),
    page("/audit/file", Needs.OPERATOR, audit_file),
)
