"""People decide of lines from before our time: included they go as any other, dismissed they are not ours to send."""

from msgspec import Struct

from makeready.contexts import OrderContext
from makeready.orders.model import Cause, LineRow
from makeready.orders.rules import READY_AFTER
from makeready.orders.store.beginnings import Chosen


class Choice(Struct, frozen=True, kw_only=True):
    """Which lines from before our time; without anything all of the subscriber's."""

    subscriber: str
    orders: tuple[str, ...] = ()
    """Numbers; empty for all."""
    ready_after: bool = False
    """Only lines that became ready after our time began."""

    @property
    def chosen(self) -> Chosen:
        reason = READY_AFTER if self.ready_after else ""
        return Chosen(subscriber=self.subscriber, orders=self.orders, reason=reason)


async def lines(context: OrderContext, choice: Choice, *, limit: int, skip: int = 0) -> list[LineRow]:
    """What waits for a decision, the newest change first."""
    return await context.store.beginnings.lines(choice.chosen, limit=limit, skip=skip)


async def count(context: OrderContext, choice: Choice) -> int:
    """How many lines a decision would be about."""
    return await context.store.beginnings.count(choice.chosen)


async def include(context: OrderContext, choice: Choice, actor: str) -> int:
    """Let them go; the MIS is asked first where it can be. Returns how many lines."""
    cause = Cause("a person included it although it is from before our time", context.clock(), actor)
    return await context.store.beginnings.include(choice.chosen, cause)


async def dismiss(context: OrderContext, choice: Choice, actor: str) -> int:
    """They are not ours to send. Returns how many lines."""
    cause = Cause("a person dismissed it: it is from before our time", context.clock(), actor)
    return await context.store.beginnings.dismiss(choice.chosen, cause)
