"""A process that will send orders comes up: is this the ledger that it was when the last one went down?

A file that was restored goes on, and asks the MIS for what it did not witness. A file that came from elsewhere stands
still until a person says that its twin does not work any more: otherwise both would send what comes next.
"""

import structlog
from makeready_hooks.errors import Refused

from makeready.contexts import LifeContext
from makeready.engine.model import TAKE_OVER, Pause
from makeready.engine.pauses import stand_still
from makeready.orders.life.model import Break, BreakKind
from makeready.orders.model import SYSTEM_ACTOR
from makeready.orders.submission.others import ALONE, alone_in

log = structlog.get_logger("makeready.ledger")


async def check_in(context: LifeContext) -> str:
    """Before any work is done. Returns a line for whoever started the process; "" if all is as it was."""
    witness = context.witness
    if witness is None:
        return ""
    now = context.clock()
    broken = await context.store.lives.check_in(witness.finds, witness.write, at=now, actor=SYSTEM_ACTOR)
    if broken is None:
        return ""
    log.error("the ledger's life was broken", kind=broken.kind, cause=broken.cause)
    if broken.kind is BreakKind.COPIED:
        reason = f"This state file came from elsewhere ({broken.cause})."
        await stand_still(context, "", reason=reason, actor=SYSTEM_ACTOR)
    return sentence(broken)


def sentence(broken: Break) -> str:
    """What people read of a break."""
    match broken.kind:
        case BreakKind.COPIED:
            return f"This state file came from elsewhere ({broken.cause}). Nothing is sent. {TAKE_OVER}"
        case BreakKind.RESTORED:
            return (
                f"This state file was restored ({broken.cause}). Orders placed before now that it did not send are "
                "looked for in the MIS first."
            )
        case BreakKind.TAKEN_OVER:
            return "A person took over the ledger."
        case BreakKind.DECLARED:
            return f"A person declared that the ledger may not know all that was sent ({broken.cause})."


async def stopped(context: LifeContext) -> list[Pause]:
    """What stands still since this file came from elsewhere; empty if it did not, or if a person took over."""
    return [one for one in await context.store.pauses.all(context.clock()) if one.by_ledger]


async def take_over(context: LifeContext, actor: str) -> None:
    """No other instance works on this ledger any more: go on, and ask the MIS for what was placed before now.

    Raises Refused if nothing has stopped.
    """
    if not await stopped(context):
        raise Refused(
            "Nothing has stopped, so there is nothing to take over.",
            fix="If the state file was put back or copied and that was not noticed, say that it was restored.",
        )
    await _declare(context, BreakKind.TAKEN_OVER, "no other instance is at work", actor)
    for one in await context.store.subscribers.all():
        await context.store.checkpoints.save(
            one.name, dict.fromkeys([ALONE, *map(alone_in, one.connectors)], context.clock())
        )
        await context.store.pauses.end_of_ledger(one.name)
    await context.store.pauses.end_of_ledger("")


async def mark_restored(context: LifeContext, actor: str, cause: str) -> None:
    """The ledger may not know all that was sent before now: the MIS is asked for what it did not send itself."""
    await _declare(context, BreakKind.DECLARED, cause, actor)


async def _declare(context: LifeContext, kind: BreakKind, cause: str, actor: str) -> None:
    now = context.clock()
    await context.store.lives.declare(Break(at=now, kind=kind, cause=cause, actor=actor))
