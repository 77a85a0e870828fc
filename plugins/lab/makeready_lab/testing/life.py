"""A life whose contents are compared at both ends: what buyers ordered, and what the MIS has."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from makeready.orders.model import LineState
from makeready.orders.rules import TEST_MARK
from makeready_hooks.testing.emulation import BuyerOrder, PlacedOrder

from makeready_lab.simulation.outcome import Outcome
from makeready_lab.testing.struck import StruckLife

Line = tuple[str, int]
"""Product and quantity."""
OF_LINES = ("net", "tax")


class Watched:
    """A shop's driver that remembers what was ordered."""

    def __init__(self, driver: Any, note: Callable[[str], None]) -> None:
        self._driver = driver
        self._note = note
        self.placed: dict[str, tuple[BuyerOrder, PlacedOrder]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    async def place_order(self, order: BuyerOrder) -> PlacedOrder:
        placed: PlacedOrder = await self._driver.place_order(order)
        self.placed[str(placed.order_number)] = (order, placed)
        items = ", ".join(f"{item.quantity} of {item.part_number}" for item in order.items)
        self._note(f"a buyer places order {placed.order_number}: {items}, {placed.total}")
        return placed

    async def move_to_stage(self, order: int | str, item: int, stage: str) -> None:
        self._note(f"item {order}-{item} is moved to the stage {stage}")
        await self._driver.move_to_stage(order, item, stage)


class Life(StruckLife):
    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.wrong: list[str] = []

    async def _emulate(self, *given: Any) -> Any:
        driver = await super()._emulate(*given)
        return Watched(driver, self.story.note) if given[-1] is self._shop else driver

    async def _outcome(self, expected: list[str], shop: Any, mis: Any) -> Outcome:
        outcome = await super()._outcome(expected, shop, mis)
        in_mis = await mis.orders()
        self.wrong = [*_counted(outcome), *_contents(shop.placed, in_mis, self._part_number)]
        self.wrong += [text async for text in _marks(shop, in_mis, outcome.states)]
        return outcome


async def _marks(
    shop: Watched, in_mis: Sequence[Mapping[str, Any]], states: Mapping[str, str]
) -> AsyncIterator[str]:
    """The shop's items carry the number under which the MIS has them."""
    names = {str(one["reference"]): (str(one["number"]), str(one["id"])) for one in in_mis}
    for number, (_, placed) in shop.placed.items():
        for item in placed.items:
            key = number if number in names else f"{number}-{item}"
            mark = (await shop.mis_number(int(number), item) or "").removeprefix(TEST_MARK)
            if mark and mark not in names.get(key, ()):
                yield f"item {number}-{item} carries {mark}, which is not its number in the MIS"
            if not mark and states.get(key) == LineState.ACCEPTED:
                yield f"item {number}-{item} carries no number, and {key} is in the MIS"


def _counted(outcome: Outcome) -> Iterator[str]:
    for key in outcome.lost:
        yield f"{key} is lost: the MIS does not have it, and it is {outcome.states.get(key, 'not known here')}"
    for key in outcome.doubled:
        yield f"{key} is doubled: the MIS has {outcome.in_mis[key]} of it"
    for key in outcome.unsettled:
        yield f"{key} has come to no end: it is {outcome.states.get(key, 'not known here')}"
    for key, state in outcome.states.items():
        if state == LineState.REFUSED and outcome.in_mis.get(key):
            yield f"{key} is told as rejected, and the MIS has it"
    for key in outcome.in_mis.keys() - set(outcome.expected):
        yield f"{key} is in the MIS, and nobody ordered it"


def _contents(
    placed: Mapping[str, tuple[BuyerOrder, PlacedOrder]],
    in_mis: Sequence[Mapping[str, Any]],
    part_number: str,
) -> Iterator[str]:
    """Of those orders of the shop that the MIS has whole."""
    prefix = part_number.partition("-")[0] + "-"
    for number, (order, shown) in placed.items():
        theirs = [one for one in in_mis if str(one["reference"]).partition("-")[0] == number]
        lines = [line for one in theirs for line in one["lines"]]
        wanted = [(item.part_number.removeprefix(prefix), item.quantity) for item in order.items]
        if len(lines) < len(wanted):
            continue  # some of it waits for a person: what is lost is told above
        if any("product_id" not in line for line in lines):  # its driver tells of quantities alone
            wanted = [("", quantity) for _, quantity in wanted]
        has = [(str(line.get("product_id", "")), int(line["quantity"])) for line in lines]
        if Counter(has) != Counter(wanted):
            yield f"order {number}: the MIS has {_listed(has)}, ordered was {_listed(wanted)}"
        elif (total := _total(theirs)) is not None and total != shown.total:
            yield f"order {number}: it is {total} in the MIS, and {shown.total} in the shop"


def _total(orders: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """With tax and shipping; None if the MIS does not tell all of it."""
    lines = [line for order in orders for line in order["lines"]]
    told = [
        *(line.get(name) for line in lines for name in OF_LINES),
        *(one.get("shipping") for one in orders),
    ]
    return None if None in told else sum((Decimal(str(one)) for one in told), Decimal(0))


def _listed(lines: Sequence[Line]) -> str:
    return ", ".join(f"{quantity} of {product}" for product, quantity in sorted(lines))
