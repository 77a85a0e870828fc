"""Buyers who order, and printers who move what was ordered to the stage, each at a moment by chance."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from makeready.orders.settings import Grouping
from msgspec.structs import replace

from makeready_lab.demo.orders import plain_order
from makeready_lab.simulation.faults import Fate
from makeready_lab.simulation.http import Agenda
from makeready_lab.simulation.same_number import SameNumbers

WEBHOOKS_THAT_COME = 0.7
LATEST_MOVE_S = 900.0
LATEST_ORDER_S = 1200.0
SOON_OR_LATE = (-2, 3)
"""Powers of ten: seconds until another order comes under the same number."""


class Buyers:
    def __init__(
        self,
        fate: Fate,
        agenda: Agenda,
        same: SameNumbers,
        now: Callable[[], float],
        tell: Callable[[str], Awaitable[None]],
        *,
        part_number: str,
        lines: int,
        grouping: Grouping,
    ) -> None:
        """``tell``: what a webhook does."""
        self._fate = fate
        self._agenda = agenda
        self._same = same
        self._now = now
        self._tell = tell
        self._part_number = part_number
        self._lines = lines
        self._grouping = grouping
        self.site = self.stage = ""
        self.come_later = self.share_numbers = False
        self.latest_order_s = LATEST_ORDER_S
        self.webhooks_that_come = WEBHOOKS_THAT_COME
        self.moved = 0
        """Lines that are at the stage."""
        self.last_move_at = 0.0

    async def place_some_time(self, shop: Any, number: int, expected: list[str]) -> None:
        """At once, or some time later."""

        async def place() -> None:
            expected.extend(await self.place(shop, number))

        if not self.come_later:
            await place()
        else:
            self._agenda.add(self._now() + self._fate.random.uniform(0, self.latest_order_s), place)

    async def place(self, shop: Any, number: int, *, announced: bool = True) -> list[str]:
        """The first line is at the stage at once, each other some time later."""
        placed_at = datetime.fromtimestamp(self._now(), UTC).replace(tzinfo=None).isoformat()
        order = plain_order(self.site, self._part_number, number, placed_at, lines=self._lines)
        placed = await shop.place_order(order)
        alone = not self._is_to_share()
        if not alone:
            self._same.add(placed)
            at = self._now() + 10 ** self._fate.random.uniform(*SOON_OR_LATE)
            self._agenda.add(at, partial(self._place_beside, shop, placed.order_number, number + 1))
        first, *others = placed.items
        await self._move(shop, placed.order_number, first, announced=announced)
        for item in others:
            at = self._now() + self._fate.random.uniform(0, LATEST_MOVE_S)
            self._agenda.add(at, partial(self._move, shop, placed.order_number, item))
        if not alone:
            return []
        if self._grouping == "order":
            return [str(placed.order_number)]
        return [f"{placed.order_number}-{item}" for item in placed.items]

    def _is_to_share(self) -> bool:
        odds = self._fate.odds.same_number
        return self.share_numbers and odds > 0 and self._fate.random.random() < odds

    async def _place_beside(self, shop: Any, order_number: int, number: int) -> None:
        """Another order under a number that is taken."""
        placed_at = datetime.fromtimestamp(self._now(), UTC).replace(tzinfo=None).isoformat()
        order = plain_order(self.site, self._part_number, number, placed_at)
        placed = await shop.place_order(replace(order, order_number=order_number))
        self._same.add(placed)
        self._fate.drawn["same_number"] = self._fate.drawn.get("same_number", 0) + 1
        await self._move(shop, placed.id, 1, tell=order_number)

    async def _move(
        self, shop: Any, order: int | str, item: int, *, announced: bool = True, tell: int = 0
    ) -> None:
        """A printer moves a line to the stage. Most webhooks come; the others' orders are found by comparing.

        ``tell``: the number that a webhook gives, of an order that is named by its id.
        """
        await shop.move_to_stage(order, item, self.stage)
        self.last_move_at = self._now()
        self.moved += 1
        if announced and self._fate.random.random() < self.webhooks_that_come:
            await self._tell(str(tell or order))
