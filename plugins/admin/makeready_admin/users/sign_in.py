"""Signing in and out, and who is signed in."""

import hashlib
import secrets

from makeready.installation import Installation
from makeready_hooks.errors import CallRejected
from msgspec import Struct

from makeready_admin.users.model import Session, User
from makeready_admin.users.store.sessions import attempts_of, sessions_of
from makeready_admin.users.store.users import users_of
from makeready_admin.users.users import verified

IDLE_S = 3600.0
"""A session ends when nothing was asked for so long."""
LONGEST_S = 12 * 3600.0
"""A session ends after this, whatever happens."""
SEEN_EVERY_S = 60.0
WINDOW_S = 900.0
TRIES, TRIES_OF_ADDRESS, TRIES_OF_NAME = 10, 50, 200
"""Wrong passwords within the window, before the next try has to wait: for a name from one address; from an
address for any name; for a name from anywhere. The last is far off, so that nobody is shut out by others' tries
and no name can be tried without end from many addresses."""
COOKIE_KEY = "cookie_key"
"""Name of the value that holds the key, sealed."""


class SignedIn(Struct, frozen=True, kw_only=True):
    user: User
    session: Session


async def sign_in(installation: Installation, name: str, password: str, address: str) -> str:
    """A new session; returns what the browser holds. Raises CallRejected 401 or 429."""
    now = installation.clock()
    short = name[:100]
    own, of_address, of_name = f"both:{short}@{address}", f"address:{address}", f"name:{short}"
    limits = {own: TRIES, of_address: TRIES_OF_ADDRESS, of_name: TRIES_OF_NAME}
    attempts = attempts_of(installation)
    if wait_s := await attempts.begin(limits, now=now, window_s=WINDOW_S):
        minutes = int(wait_s // 60) + 1
        raise CallRejected(
            "There were too many attempts.", status=429, fix=f"Try again in {minutes} minutes."
        )
    user = await users_of(installation).get(name)
    if not await verified(user, password) or user is None or user.disabled:
        raise CallRejected("The name or the password is wrong.", status=401)
    await attempts.forgive([own], [of_address, of_name], at=now)
    return await begin_session(installation, user, address)


async def begin_session(installation: Installation, user: User, address: str) -> str:
    """For somebody who has proved who they are. Returns what the browser holds."""
    now, token = installation.clock(), secrets.token_urlsafe(32)
    session = Session(
        id=_hash(token),
        user=user.name,
        csrf=secrets.token_urlsafe(24),
        address=address,
        begun_at=now,
        seen_at=now,
    )
    await sessions_of(installation).begin(session, forget_before=now - LONGEST_S)
    return token


async def signed_in(installation: Installation, token: str) -> SignedIn | None:
    """Who holds this; None if nobody does, or not any more."""
    session = await sessions_of(installation).get(_hash(token))
    if session is None:
        return None
    now = installation.clock()
    if now - session.seen_at > IDLE_S or now - session.begun_at > LONGEST_S:
        await end_session(installation, session)
        return None
    user = await users_of(installation).get(session.user)
    if user is None or user.disabled:
        return None
    if now - session.seen_at > SEEN_EVERY_S:
        await sessions_of(installation).seen(session.id, now=now)
    return SignedIn(user=user, session=session)


async def tell_next(installation: Installation, session: Session, notice: str) -> None:
    """What the next page says; empty once it was said."""
    await sessions_of(installation).note(session.id, notice)


async def end_session(installation: Installation, session: Session) -> None:
    await sessions_of(installation).end(session.id)


async def cookie_key(installation: Installation) -> str:
    """What cookies are signed with: made once, kept sealed."""
    name = COOKIE_KEY
    kept = await installation.store.values.get(name)
    if not kept:
        made = installation.vault.seal(secrets.token_urlsafe(32))
        kept = await installation.store.values.keep_first(name, made)
    return installation.vault.open(kept, field=name)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
