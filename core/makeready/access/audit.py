"""Every human action is kept, with who and from where: before it happens, and then what came of it."""

import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from makeready_hooks.errors import MakereadyError
from msgspec import Struct

from makeready.access.model import AuditRow
from makeready.contexts import AccessContext

MAX_TEXT = 500
DONE = "done"


class Actor(Struct, frozen=True, kw_only=True):
    """Who acts, and through what."""

    name: str
    via: Literal["page", "api", "command"]
    address: str = ""


class Act(Struct, frozen=True, kw_only=True):
    """What somebody does. No secret belongs here."""

    action: str
    """As in the command line: ``orders send-again``."""
    subscriber: str = ""
    target: str = ""
    detail: str = ""


def on_the_command_line() -> Actor:
    return Actor(name=getpass.getuser(), via="command")


@asynccontextmanager
async def audited(context: AccessContext, actor: Actor, act: Act) -> AsyncIterator[None]:
    """Keep that this is about to happen; at the end of the block, whether it did."""
    number = await context.store.audit.begin(
        AuditRow(
            at=context.clock(),
            actor=actor.name,
            via=actor.via,
            address=actor.address,
            subscriber=act.subscriber,
            action=act.action,
            target=act.target[:MAX_TEXT],
            detail=act.detail[:MAX_TEXT],
        )
    )
    try:
        yield
    except MakereadyError as exc:
        await context.store.audit.end(number, f"not done: {exc}"[:MAX_TEXT])
        raise
    await context.store.audit.end(number, DONE)
