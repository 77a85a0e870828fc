"""Browsers in which a user has signed in before: guesses that others make do not slow them down."""

import secrets

from makeready.installation import Installation
from makeready_hooks import same_secret

from makeready_admin.users.marks import mark_of
from makeready_admin.users.model import User

KEPT_S = 180 * 86_400.0


async def new_device(installation: Installation, user: User) -> str:
    """What a browser keeps, signed, once the user has signed in there."""
    id_ = secrets.token_urlsafe(18)
    return f"{int(installation.clock())}.{id_}.{await _mark(installation, user)}"


async def known_device(installation: Installation, kept: str, user: User | None) -> str:
    """Its id; "" if the user has not signed in there, or long ago. ``kept``: what the signed cookie holds."""
    since, _, rest = kept.partition(".")
    id_, _, mark = rest.partition(".")
    own = same_secret(mark, await _mark(installation, user))
    recent = since.isdecimal() and installation.clock() - int(since) < KEPT_S
    return id_ if user and own and recent else ""


async def _mark(installation: Installation, user: User | None) -> str:
    """Not that of a later user with the same name."""
    return await mark_of(installation, "device", user.name if user else "", user.created_at if user else 0)
