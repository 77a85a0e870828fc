"""Invite people and take that back, for operators; accept an invitation, for whoever has its link."""

from makeready.access.audit import Actor, audited
from makeready_hooks.errors import ConfigError
from starlette.responses import Response

from makeready_admin.factors.second_step import sign_in_user
from makeready_admin.invitations.invite import DAYS, accept, act_of, invitation_of, invite, withdraw
from makeready_admin.invitations.model import Invitation
from makeready_admin.provider.title import provider_title
from makeready_admin.users.model import User
from makeready_admin.users.roles import company_in, role_in
from makeready_admin.users.sign_in_pages import begin, new_password_in, open_form
from makeready_admin.users.users import NAME
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Visit, address_of, redirect
from makeready_admin.web.texts import gettext as _

MAX_DIGITS = 9


async def invite_somebody(visit: Visit) -> Response:
    role, days = role_in(visit.form), visit.form.text("days") or str(DAYS)
    made = await invite(
        visit.installation,
        whom=visit.form.text("whom"),
        role=role,
        subscriber=company_in(visit.form, role),
        by=visit.user.name,
        days=int(days) if days.isdecimal() and len(days) <= MAX_DIGITS else 0,
        mail=visit.form.ticked("mail"),
        reached_at=str(visit.request.base_url).rstrip("/"),
    )
    return await visit.page("invited.html", made=made)


async def withdraw_one(visit: Visit) -> Response:
    number = visit.form.text("id")
    if not number.isdecimal() or len(number) > MAX_DIGITS:
        raise ConfigError("Which invitation is meant is not said.", field="id")
    await withdraw(visit.installation, int(number))
    return await visit.told(
        _("The invitation is withdrawn: its link opens nothing from now on."), f"{ROOT}/users"
    )


async def show_invitation(visit: Visit) -> Response:
    found = await invitation_of(visit.installation, visit.part("secret"))
    name = found.whom if NAME.fullmatch(found.whom) else ""
    return await _page(visit, found, name)


async def _page(visit: Visit, found: Invitation, name: str, error: str = "", status: int = 200) -> Response:
    company = await visit.installation.store.subscribers.get(found.subscriber) if found.subscriber else None
    values = {
        "provider": await provider_title(visit.installation),
        "secret": visit.part("secret"),
        "invitation": found,
        "company": company.title if company else "",
        "name": name,
        "error": error,
    }
    if visit.who is not None:  # their session goes on until they say otherwise
        return await visit.page("invitation.html", status=status, **values)
    return await open_form(visit, "invitation.html", status=status, **values)


async def accept_one(visit: Visit) -> Response:
    found, name = await invitation_of(visit.installation, visit.part("secret")), visit.form.text("name")
    if visit.who is not None:
        return redirect(ROOT)
    try:
        user = await accept(visit.installation, found, name, new_password_in(visit.form))
    except ConfigError as exc:
        return await _page(visit, found, name, f"{exc.message} {exc.fix}".strip(), 422)
    return await begin(visit, user, await _kept(visit, found, user), ROOT)


async def _kept(visit: Visit, found: Invitation, user: User) -> str:
    """In the audit log, under the name of the new user. Returns their session."""
    address = address_of(visit.request)
    actor = Actor(name=user.name, via="page", address=address)
    async with audited(visit.installation, actor, act_of(found, user.name)):
        return await sign_in_user(visit.installation, user, address)


PAGES = (
    form("/users/invite", Needs.OPERATOR, invite_somebody, "user invite", target="whom"),
    form("/users/withdraw", Needs.OPERATOR, withdraw_one, "user withdraw", target="id"),
    page("/invitation/{secret}", Needs.NOTHING, show_invitation),
    form("/invitation/{secret}", Needs.NOTHING, accept_one, ""),
)
