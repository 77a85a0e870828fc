"""Two orders of the shop under one number: what has to be true of them, whatever anybody decided."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from makeready.orders.model import LineRow, LineState
from makeready_hooks.testing.emulation import PlacedOrder, ShopDriver

BOTH = 2


class SameNumbers:
    """Which orders share a number with another, and what is wrong with them in shop, ledger and MIS."""

    def __init__(self) -> None:
        self._orders: dict[str, list[PlacedOrder]] = {}

    def add(self, placed: PlacedOrder) -> None:
        """One of two. It has one item, the other's is of another quantity."""
        self._orders.setdefault(str(placed.order_number), []).append(placed)

    def has(self, name: str) -> bool:
        """``name``: of an order or a submission, in the shop, here or in the MIS: ``7001``, ``7001-1``."""
        return number_of(name) in self._orders

    def are_settled(self, settled: Sequence[LineRow]) -> bool:
        """Both of each number are known here, and neither is on its way."""
        found = Counter(number_of(one.order_number) for one in settled)
        return all(found[number] >= BOTH for number in self._orders)

    def counted(self) -> Counter[str]:
        """For a verdict: how many numbers were given twice."""
        return Counter({"same-number": len(self._orders)} if self._orders else {})

    def waiting(self, lines: Sequence[LineRow]) -> int:
        return sum(self.has(one.order_number) and one.state == LineState.PARKED for one in lines)

    def faults(self, lines: Sequence[LineRow], in_mis: Sequence[Mapping[str, Any]]) -> list[str]:
        """``in_mis``: the orders that the live MIS has."""
        found: list[str] = []
        for number, placed in self._orders.items():
            ours = [one for one in lines if number_of(one.order_number) == number]
            arrived = _arrived(number, in_mis)
            wanted = sorted(one.quantities[0] for one in placed)
            found += [f"{number}: {text}" for text in _faults(ours, arrived, wanted)]
        return found

    async def mismarked(self, in_mis: Sequence[Mapping[str, Any]], shop: ShopDriver) -> int:
        """How many items carry the number of the other order: a mark that left before the second order was seen."""
        count = 0
        for number, placed in self._orders.items():
            arrived = _arrived(number, in_mis)
            for one in placed:
                mark = await shop.mis_number(one.id, 1) or ""
                count += arrived.get(mark, one.quantities[0]) != one.quantities[0]
        return count


def _arrived(number: str, in_mis: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The quantities that the MIS has under a number, by its own numbers."""
    theirs = [one for one in in_mis if number_of(str(one["reference"])) == number]
    return {str(one["number"]): int(one["lines"][0]["quantity"]) for one in theirs}


def _faults(ours: Sequence[LineRow], arrived: Mapping[str, int], wanted: Sequence[int]) -> Iterator[str]:
    if sorted(one.quantity for one in ours) != wanted:
        yield f"the ledger knows {len(ours)}"
    for quantity, count in Counter(arrived.values()).items():
        if quantity not in wanted:
            yield f"the MIS has one of {quantity}, which nobody ordered"
        elif count > 1:
            yield f"the MIS has that of {quantity} {count} times"
    for one in ours:
        if one.state == LineState.ACCEPTED and arrived.get(one.mis_number) != one.quantity:
            yield f"that of {one.quantity} is accepted as {one.mis_number}, which it is not"


def number_of(name: str) -> str:
    """The shop's number in the name of an order or a submission: of ``7001 (shop.example, id)-1``, too."""
    return name.partition(" ")[0].partition("-")[0]
