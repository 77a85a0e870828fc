"""Invite somebody, and what the link is good for: whoever opens it first chooses a name and a password."""

import os
import secrets
from collections.abc import Mapping

from makeready.access.audit import Act
from makeready.installation import Installation
from makeready.outbound.download import unnoted
from makeready_alerts.mail import is_mail_set, send_mail
from makeready_hooks.errors import CallRejected, ConfigError, MakereadyError
from msgspec import Struct

from makeready_admin.invitations.model import Invitation
from makeready_admin.invitations.store import UsedUp, invitations_of
from makeready_admin.users.model import User, UserRole
from makeready_admin.users.sign_in import hash_of
from makeready_admin.users.users import check_role, made_user, name_taken
from makeready_admin.web.texts import gettext as _

DAY_S = 86_400.0
DAYS, MOST_DAYS, MAX_WHOM = 7, 30, 100
LISTED_S = 30 * DAY_S
"""One that has expired is listed for so long."""
PATH = "/admin/invitation/"


class Invited(Struct, frozen=True, kw_only=True):
    """What is told once."""

    id: int
    invitation: Invitation
    link: str
    """Only its path as long as nobody has said at which address the outside reaches this server."""
    mailed: bool = False
    trouble: str = ""
    """Why it could not be mailed."""


async def invite(
    installation: Installation,
    *,
    whom: str,
    role: UserRole,
    subscriber: str,
    by: str,
    days: int = DAYS,
    mail: bool = False,
    reached_at: str = "",
    environ: Mapping[str, str] = os.environ,
) -> Invited:
    """``reached_at``: this server, for whoever asks; the public address goes before it. ``mail``: send the link, too.

    Raises ConfigError for a role without its company, a number of days that is none, or a mail that nobody can send.
    """
    if not whom or len(whom) > MAX_WHOM or not whom.isprintable():
        raise ConfigError(
            "Say who is invited.",
            field="whom",
            fix=f"Give an e-mail address, or a name of up to {MAX_WHOM} characters.",
        )
    if not 1 <= days <= MOST_DAYS:
        raise ConfigError("An invitation is good for 1 to 30 days.", field="days", fix=f"Most take {DAYS}.")
    await check_role(installation, role, subscriber)
    secret, now = secrets.token_urlsafe(24), installation.clock()
    invitation = Invitation(
        hash=hash_of(secret),
        whom=whom,
        role=role,
        subscriber=subscriber,
        invited_by=by,
        made_at=now,
        expires_at=now + days * DAY_S,
    )
    base = await installation.store.subscribers.public_url() or reached_at
    if mail:
        _check_mail(invitation, base, environ)
    number = await invitations_of(installation).add(invitation, forget_before=now - LISTED_S)
    made = Invited(id=number, invitation=invitation, link=f"{base}{PATH}{secret}")
    return await _mailed(installation, made, environ) if mail else made


def _check_mail(invitation: Invitation, base: str, environ: Mapping[str, str]) -> None:
    if not invitation.email:
        raise ConfigError(
            f"{invitation.whom} is no e-mail address.",
            field="whom",
            fix="Write it as in name@company.example.",
        )
    if not is_mail_set(environ):
        raise ConfigError(
            "No mail server is set, so the link cannot be mailed.",
            field="mail",
            fix="Make the invitation without mail and hand the link over, or set a mail server: see the page Server.",
        )
    if not base:
        raise ConfigError(
            "Nobody has said at which address the outside reaches this server, so a mailed link would lead nowhere.",
            field="mail",
            fix="Set the public address first, on the page Server or with: makeready serve --public-url.",
        )


async def _mailed(installation: Installation, made: Invited, environ: Mapping[str, str]) -> Invited:
    """The invitation stands whatever becomes of the mail: the link can be handed over all the same."""
    one = made.invitation
    company = (await installation.subscriber(one.subscriber)).title if one.subscriber else _("all companies")
    days = round((one.expires_at - one.made_at) / DAY_S)
    subject = _("You are invited to Makeready")
    text = _(
        "%(by)s invites you to Makeready, as %(role)s of %(company)s.\n\n"
        "Open this link and choose a name and a password. It works once, within %(days)d days:\n\n%(link)s\n\n"
        "If you do not expect this, do nothing: without you the link ends by itself.\n"
    ) % {"by": one.invited_by, "role": one.role, "company": company, "days": days, "link": made.link}
    try:
        await send_mail(environ, (one.email,), subject, text, one.hash[:32], unnoted)
    except MakereadyError as exc:
        return Invited(id=made.id, invitation=one, link=made.link, trouble=f"{exc.message} {exc.fix}".strip())
    return Invited(id=made.id, invitation=one, link=made.link, mailed=True)


async def withdraw(installation: Installation, number: int) -> None:
    """Its link opens nothing from now on. Raises ConfigError if there is none of this number."""
    if not await invitations_of(installation).withdraw(number):
        raise ConfigError(
            f"There is no invitation {number}.",
            field="invitation",
            fix="It was accepted, withdrawn, or has long expired.",
        )


async def invitation_of(installation: Installation, secret: str) -> Invitation:
    """Raises CallRejected for a link that was used, was withdrawn, or has expired."""
    found = await invitations_of(installation).get(hash_of(secret), now=installation.clock())
    if found is None:
        raise _ended()
    return found


def _ended() -> CallRejected:
    return CallRejected(
        _("This invitation was used, was withdrawn, or has expired."),
        status=404,
        fix=_(
            "If you have made yourself a user with it, sign in. If not, ask whoever invited you for a new one."
        ),
    )


def act_of(invitation: Invitation, name: str) -> Act:
    """For the audit log: that this user accepts it."""
    return Act(
        action="invitation accept",
        subscriber=invitation.subscriber,
        target=name,
        detail=f"{invitation.role}, invited by {invitation.invited_by} as {invitation.whom}",
    )


async def accept(installation: Installation, invitation: Invitation, name: str, password: str | None) -> User:
    """The user whom it makes; it is used up. ``password``: None for somebody who signs in through a provider.

    Raises CallRejected if somebody was quicker, ConfigError for a name that is taken or none, or a weak password.
    """
    user = await made_user(installation, name, password, invitation.role, invitation.subscriber)
    try:
        if not await invitations_of(installation).accept(invitation, user):
            raise name_taken(name)
    except UsedUp:
        raise _ended() from None
    return user
