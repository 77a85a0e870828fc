"""Lives of orders that are split between two MIS of one company: the first line is Tharstern's, the second Platen's."""

import contextlib
from typing import Any

from lives import mis as tharstern
from makeready.orders.model import LineRow
from makeready_lab.simulation.edges import apply
from makeready_lab.simulation.outcome import Outcome
from makeready_lab.simulation.plan import Pair
from msgspec.structs import replace
from platen_lives import KIT, PART, PlatenLife

BY_THARSTERN = "117-2284"


class SplitShop:
    """A shop of whose orders every second line is another product."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    async def place_order(self, order: Any) -> Any:
        items = [
            replace(item, part_number=PART if turn % 2 else BY_THARSTERN)
            for turn, item in enumerate(order.items)
        ]
        return await self._driver.place_order(replace(order, items=tuple(items)))


class Both:
    """What is in either of them."""

    def __init__(self, *drivers: Any) -> None:
        self._drivers = drivers

    async def orders(self) -> list[Any]:
        return [order for driver in self._drivers for order in await driver.orders()]


class RoutedLife(PlatenLife):
    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, lines=2, **options)
        self._beside = tharstern()
        scenario = self._shop.scenario
        assert scenario is not None
        product = scenario.read_text().partition("[[products]]")
        text = product[0] + "".join(product[1:]) + "\n" + "".join(product[1:]).replace(PART, BY_THARSTERN)
        scenario.write_text(text.replace("Opening kit", "Banner", 1))
        self.astray: list[str] = []
        """Keys that the other MIS has."""

    async def _emulate(self, stack: contextlib.AsyncExitStack, pair: Pair) -> Any:
        driver = await super()._emulate(stack, pair)
        if pair is self._shop:
            return SplitShop(driver)
        self._other = await super()._emulate(stack, self._beside)
        return driver

    def _over(self, *given: Any) -> Any:
        installation = super()._over(*given)
        kinds = {**installation.kinds, self._beside.connector.name: self._beside.connector}
        installation.kinds = kinds
        return installation

    async def _set_up(self, shop: Any, mis: Any) -> None:
        await super()._set_up(shop, mis)
        other = {**await self._other.connector_settings(), **self._beside.settings}
        self._given["connectors"][self._beside.connector.name] = other
        self._given["routes"] = {"products": {KIT: "platen"}, "fallback": self._beside.connector.name}
        await apply(self._installation, self._given)

    async def _outcome(self, expected: list[str], shop: Any, mis: Any) -> Outcome:
        for driver, line in ((self._other, "1"), (mis, "2")):
            keys = [str(order["reference"]) for order in await driver.orders()]
            self.astray += [key for key in keys if key.rpartition("-")[2] != line]
        return await super()._outcome(expected, shop, Both(mis, self._other))

    async def _maybe_reject(self, line: LineRow) -> None:
        if line.mis == self._mis.connector.name:
            await super()._maybe_reject(line)

    def wrong(self, outcome: Outcome) -> dict[str, Any]:
        return super().wrong(outcome) | ({"in the other MIS": self.astray} if self.astray else {})
