"""People pause what flows, of one company or of all: what waits is kept and shown, and one press lets it go on."""

from collections.abc import Sequence

from makeready_hooks.errors import ConfigError, Refused

from makeready.contexts import PauseContext
from makeready.engine.model import TAKE_OVER, Flow, Pause

ALL_BUT_PRICES = tuple(one for one in Flow if one is not Flow.PRICES)
"""What changes anything on either side; a price that is told twice harms nobody."""


async def pause(
    context: PauseContext,
    subscriber: str,
    flows: Sequence[Flow],
    *,
    reason: str,
    actor: str,
    until: float = 0.0,
) -> None:
    """``subscriber``: empty for all companies. ``until``: when it ends by itself; 0 if it does not.

    Raises ConfigError for an unknown company, no reason, or an end that is over.
    """
    now = context.clock()
    if subscriber:
        await context.subscriber(subscriber)
    if not reason.strip():
        raise ConfigError(
            "A pause needs a reason.", field="reason", fix="Say why; whoever finds it will ask."
        )
    if until and until <= now:
        raise ConfigError(
            "The pause would be over already.", field="until", fix="Give a later moment, or none."
        )
    await context.store.pauses.keep(
        [
            Pause(
                subscriber=subscriber, flow=flow, since=now, until=until, reason=reason.strip(), actor=actor
            )
            for flow in flows
        ]
    )


async def stand_still(context: PauseContext, subscriber: str, *, reason: str, actor: str) -> None:
    """Another instance may send the same orders: only a take-over lets them go. ``subscriber``: empty for all companies."""
    now = context.clock()
    await context.store.pauses.keep(
        [
            Pause(subscriber=subscriber, flow=flow, since=now, reason=reason, actor=actor, by_ledger=True)
            for flow in ALL_BUT_PRICES
        ]
    )


async def resume(context: PauseContext, subscriber: str, flows: Sequence[Flow]) -> int:
    """Let flow again. Returns how many pauses have ended.

    Raises Refused if there was none, or if only a take-over can end them.
    """
    ended = [flow for flow in flows if await context.store.pauses.end(subscriber, flow)]
    if ended:
        return len(ended)
    left = [one for one in await context.store.pauses.of(subscriber, context.clock()) if one.flow in flows]
    if any(one.by_ledger for one in left):
        raise Refused(left[0].reason, fix=TAKE_OVER)
    whose = f" of {subscriber}" if subscriber else " for all companies"
    others = " All companies are paused: resume without a name." if left else ""
    raise Refused(f"Nothing{whose} is paused.{others}", fix="See: makeready pause list.")
