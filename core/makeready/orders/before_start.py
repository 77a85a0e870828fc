"""People decide of lines from before our time: included they go as any other, dismissed they are not ours to send."""

from collections.abc import Sequence

from msgspec import Struct

from makeready.installation import Installation
from makeready.orders.model import Cause, LineRow
from makeready.orders.rules import READY_AFTER

MOST = 100_000


class Choice(Struct, frozen=True, kw_only=True):
    """Which lines from before our time; without anything all of the subscriber's."""

    subscriber: str
    orders: tuple[str, ...] = ()
    """Numbers; empty for all."""
    ready_after: bool = False
    """Only those that became ready after our time began."""


async def count(installation: Installation, choice: Choice) -> int:
    """How many lines a decision would be about."""
    return await installation.store.beginnings.count(choice.subscriber, await _orders(installation, choice))


async def include(installation: Installation, choice: Choice, actor: str) -> int:
    """Let them go; the MIS is asked first where it can be. Returns how many lines."""
    cause = Cause("a person included it although it is from before our time", installation.clock(), actor)
    chosen = await _orders(installation, choice)
    return await installation.store.beginnings.include(choice.subscriber, chosen, cause)


async def dismiss(installation: Installation, choice: Choice, actor: str) -> int:
    """They are not ours to send. Returns how many lines."""
    cause = Cause("a person dismissed it: it is from before our time", installation.clock(), actor)
    chosen = await _orders(installation, choice)
    return await installation.store.beginnings.dismiss(choice.subscriber, chosen, cause)


async def _orders(installation: Installation, choice: Choice) -> Sequence[str] | None:
    if not choice.ready_after:
        return choice.orders or None
    lines = await installation.store.beginnings.lines(choice.subscriber, limit=MOST)
    return [one.order_number for one in lines if _is_chosen(one, choice)]


def _is_chosen(line: LineRow, choice: Choice) -> bool:
    return READY_AFTER in line.reason and (not choice.orders or line.order_number in choice.orders)
