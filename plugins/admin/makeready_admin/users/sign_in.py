"""Signing in and out, and who is signed in."""

import hashlib
import secrets

from makeready.installation import Installation
from makeready_hooks.errors import CallRejected, ConfigError
from msgspec import Struct

from makeready_admin.users.model import Session, User
from makeready_admin.users.store.sessions import sessions_of
from makeready_admin.users.store.users import users_of
from makeready_admin.users.tries import Origin, begin_password, begin_present_password, went_well
from makeready_admin.users.users import verified

IDLE_S = 3600.0
"""A session ends when nothing was asked for so long."""
LONGEST_S = 12 * 3600.0
"""A session ends after this, whatever happens."""
SEEN_EVERY_S = 60.0
RECENT_S = 600.0
"""So new a session stands for the password of somebody who has none."""


class SignedIn(Struct, frozen=True, kw_only=True):
    user: User
    session: Session


async def check_password(
    installation: Installation, user: User | None, name: str, password: str, origin: Origin
) -> User:
    """Who may go on to sign in. ``user``: of this name. Raises CallRejected 401 or 429."""
    counted = await begin_password(installation, name, origin)
    if not await verified(user, password) or user is None or user.disabled:
        raise CallRejected("The name or the password is wrong.", status=401)
    await went_well(installation, counted)
    return user


async def confirm_password(installation: Installation, who: SignedIn, password: str) -> None:
    """Before something that only the user may do, not whoever finds the browser open.

    Raises CallRejected 429, ConfigError if it is wrong.
    """
    if not who.user.password_hash:
        _check_recent(who.session, installation.clock())
        return
    counted = await begin_present_password(installation, who.session)
    if not await verified(who.user, password):
        raise ConfigError("The password of today is wrong.", field="password")
    await went_well(installation, counted)


def _check_recent(session: Session, now: float) -> None:
    """Of somebody who has no password here: the identity provider has just said who they are."""
    if now - session.begun_at > RECENT_S:
        raise ConfigError(
            "You sign in through the identity provider, and that was some time ago.",
            field="password",
            fix="Sign out, sign in again, and repeat this within ten minutes.",
        )


async def begin_session(installation: Installation, user: User, address: str) -> str:
    """For somebody who has proved who they are. Returns what the browser holds."""
    now, token = installation.clock(), secrets.token_urlsafe(32)
    session = Session(
        id=hash_of(token),
        user=user.name,
        csrf=secrets.token_urlsafe(24),
        address=address,
        begun_at=now,
        seen_at=now,
    )
    await sessions_of(installation).begin(session, forget_before=now - LONGEST_S)
    return token


async def signed_in(installation: Installation, token: str, *, by_itself: bool = False) -> SignedIn | None:
    """Who holds this; None if nobody does, or not any more. ``by_itself``: a page asks, and nobody need be there."""
    session = await sessions_of(installation).get(hash_of(token))
    if session is None:
        return None
    now = installation.clock()
    if now - session.seen_at > IDLE_S or now - session.begun_at > LONGEST_S:
        await end_session(installation, session)
        return None
    user = await users_of(installation).get(session.user)
    if user is None or user.disabled:
        return None
    if now - session.seen_at > SEEN_EVERY_S and not by_itself:
        await sessions_of(installation).seen(session.id, now=now)
    return SignedIn(user=user, session=session)


async def tell_next(installation: Installation, session: Session, notice: str) -> None:
    """What the next page says; empty once it was said."""
    await sessions_of(installation).note(session.id, notice)


async def end_session(installation: Installation, session: Session) -> None:
    await sessions_of(installation).end(session.id)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
