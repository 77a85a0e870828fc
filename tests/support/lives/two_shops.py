"""Lives of orders from two shops of one company into one MIS: the numbers of their orders are the same."""

import contextlib
from collections import Counter
from typing import Any

from lives import SHOP, mis
from makeready.orders.rules import TEST_MARK
from makeready_lab.simulation.edges import apply
from makeready_lab.simulation.outcome import Outcome
from makeready_lab.simulation.plan import Pair
from makeready_lab.testing.struck import StruckLife
from msgspec.structs import replace

MARKET = replace(SHOP, connector=replace(SHOP.connector, name="market"))
THEIRS = "market:"


class BothShops:
    """Buyers order in one and in the other, in turns; an order of the market is called as this company calls it."""

    def __init__(self, first: Any, market: Any) -> None:
        self._first, self._market, self._turn = first, market, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._first, name)

    def of(self, order: int | str) -> tuple[Any, str]:
        """The shop that has it, and its number there."""
        number = str(order)
        return (
            (self._market, number.removeprefix(THEIRS))
            if number.startswith(THEIRS)
            else (self._first, number)
        )

    async def place_order(self, order: Any) -> Any:
        self._turn += 1
        if self._turn % 2:
            return await self._first.place_order(order)
        placed = await self._market.place_order(order)
        return replace(placed, order_number=f"{THEIRS}{placed.order_number}")

    async def move_to_stage(self, order: int | str, item: int, stage: str) -> None:
        shop, number = self.of(order)
        await shop.move_to_stage(number, item, stage)

    async def mis_number(self, order: int | str, item: int) -> str | None:
        shop, number = self.of(order)
        found: str | None = await shop.mis_number(number, item)
        return found


class TwoShopsLife(StruckLife):
    def __init__(self, seed: int, **options: Any) -> None:
        super().__init__(seed, SHOP, mis(), part_number="117-2284", **options)
        self.mismarked: list[str] = []
        """Keys whose items carry another number than the MIS has them under, or none."""
        self.numbers: Counter[str] = Counter()
        """How many shops have an order of each number."""

    async def _emulate(self, stack: contextlib.AsyncExitStack, pair: Pair) -> Any:
        driver = await super()._emulate(stack, pair)
        if pair is not self._shop:
            return driver
        self._both = BothShops(driver, await super()._emulate(stack, MARKET))
        return self._both

    def _over(self, *given: Any) -> Any:
        installation = super()._over(*given)
        installation.kinds = {**installation.kinds, "market": MARKET.connector}
        return installation

    async def _set_up(self, shop: Any, mis: Any) -> None:
        await super()._set_up(shop, mis)
        self._given["connectors"]["market"] = await self._both.of(THEIRS)[0].connector_settings()
        await apply(self._installation, self._given)

    async def _outcome(self, expected: list[str], shop: Any, mis: Any) -> Outcome:
        for order in await mis.orders():
            number, _, line = str(order["reference"]).rpartition("-")
            self.numbers[self._both.of(number)[1]] += 1
            mark = await self._both.mis_number(number, int(line)) or ""
            if mark.removeprefix(TEST_MARK) not in (order["number"], order["id"]):
                self.mismarked.append(str(order["reference"]))
        return await super()._outcome(expected, shop, mis)

    def wrong(self, outcome: Outcome) -> dict[str, Any]:
        found = {
            "lost": outcome.lost,
            "doubled": outcome.doubled,
            "unsettled": outcome.unsettled,
            "not expected": [one for one in outcome.in_mis if one not in outcome.expected],
            "marked wrongly": self.mismarked,
        }
        return {name: what for name, what in found.items() if what}
