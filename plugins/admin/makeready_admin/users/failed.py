"""Tries that failed, in the audit log: so many rows an hour of one user, the others as a number."""

from contextlib import suppress

from makeready.access.audit import Act, Actor, audited
from makeready.installation import Installation
from makeready_hooks.errors import MakereadyError
from msgspec.structs import replace

from makeready_admin.users.marks import mark_of
from makeready_admin.users.model import User
from makeready_admin.users.store.tries import Limit, tries_of

ROWS, WITHIN_S = 20, 3600.0
UNKNOWN = "unknown user"
"""Stands for a name that no user has: people type passwords there, so it is not kept."""


def actor_of(user: User | None, address: str) -> Actor:
    """Whoever tries to sign in."""
    return Actor(name=user.name if user else UNKNOWN, via="page", address=address)


async def keep_failed(installation: Installation, actor: Actor, act: Act, error: MakereadyError) -> None:
    """A row, unless there are enough: then the next one that is written tells how many there were."""
    tries, now = tries_of(installation), installation.clock()
    unwritten = await mark_of(installation, "unwritten", actor.name)
    limit = Limit(key=await mark_of(installation, "rows", actor.name), most=ROWS, per_s=ROWS / WITHIN_S)
    wait_s, _ = await tries.count(lambda _: (limit,), None, now=now)
    if wait_s:
        await tries.add_unwritten(unwritten, now=now)
        return
    detail = await told_before(installation, actor)
    with suppress(MakereadyError):
        async with audited(installation, actor, replace(act, detail=detail)):
            raise error


async def told_before(installation: Installation, actor: Actor) -> str:
    """How many tries of this user have no row of their own; from now on they are told."""
    count = await tries_of(installation).take_unwritten(await mark_of(installation, "unwritten", actor.name))
    return f"after {count} failed tries that have no row of their own" if count else ""
