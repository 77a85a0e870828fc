"""What an order needs beyond its rows: the files of its items, and who the buyer is.

Files cost a call an item. Where more orders come than the limit lets through with all their calls, those of products that
have had none are left for later: see `makeready_pressero.orders.file_habits`.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from makeready_hooks.errors import MakereadyError, RetryLater
from makeready_hooks.model.order import Artwork, Order, OrderLine, OrderRef
from msgspec import structs

from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.buyers import REMEMBERED_S, Buyers
from makeready_pressero.orders.file_habits import FileHabits
from makeready_pressero.orders.files import assets_from, files_from, files_of
from makeready_pressero.orders.mapping import with_buyer, with_groups
from makeready_pressero.orders.reading import OrderReader
from makeready_pressero.session import LIMIT_WINDOW_S, Row
from makeready_pressero.settings import PresseroSettings

CALLS_OF_AN_ORDER = 4
"""A search, its item's files, its buyer, the MIS's number."""
MOST_LEFT = 10_000


class _Item(NamedTuple):
    """What tells an item's product, and its order from another under the same number."""

    order_id: str
    site: str
    product: str


class OrderDetails:
    def __init__(
        self,
        settings: PresseroSettings,
        client: PresseroClient,
        reader: OrderReader,
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._client = client
        self._reader = reader
        self._clock = clock
        self._buyers = Buyers(settings, client, clock)
        self._habits = FileHabits()
        self._learning = asyncio.Lock()
        self._away_at = -math.inf
        """When the shop gave no answer to that."""
        self._came: deque[float] = deque(maxlen=settings.calls_per_10_s)
        """When the last orders were completed."""
        self._left: dict[tuple[str, int], _Item] = {}
        """Items whose files were left for later, by the numbers of their order and of themselves."""
        self._assets: dict[tuple[str, str], tuple[float, asyncio.Future[list[Row]]]] = {}
        """By site and product, and when they were asked for: all who ask wait for one answer."""

    async def complete(self, order: Order, lines: tuple[int, ...], *, files_may_follow: bool) -> Order:
        """The order with these lines. What stands in the way of one is raised."""
        leaves = self._is_crowded() and files_may_follow and self._settings.item_files == "learned"
        chosen = [await self._with_files(order, one, leaves) for one in order.lines if one.number in lines]
        order = structs.replace(order, lines=tuple(chosen))
        if self._settings.read_user_groups:
            order = with_groups(order, ())  # a guest is in none
        if not (order.buyer.email and self._settings.read_buyers):
            return order
        user = await self._buyers.find(order.site, order.buyer.email)
        return with_buyer(order, user, self._settings.assumptions) if user else order

    async def files_of_line(self, order_number: str, line_number: int) -> tuple[Artwork, ...]:
        """All that it has now, brand assets included."""
        if self._settings.send_product_assets:
            found = await self._reader.read((OrderRef(number=order_number),))
            lines = [(order, line) for order in found for line in order.lines if line.number == line_number]
            return (await self._with_files(*lines[0])).files if lines else ()
        if left := self._left.get((order_number, line_number)):
            return await self._read_files(order_number, line_number, left)
        details = await self._client.item_details(order_number, line_number)
        return files_from(details, self._settings.assumptions)

    def _is_crowded(self) -> bool:
        """Whether more orders come than the limit lets through with all their calls."""
        now = self._clock()
        self._came.append(now)
        while not 0 <= now - self._came[0] < LIMIT_WINDOW_S:  # nor after the clock was set back
            self._came.popleft()
        return len(self._came) * CALLS_OF_AN_ORDER > self._settings.calls_per_10_s

    async def _with_files(self, order: Order, line: OrderLine, leaves: bool = False) -> OrderLine:
        """``leaves``: those of a product that has none are left for later; of one that is not known, a few items are looked
        at one after the other, so that not all of a burst are.
        """
        item = _Item(order.id, order.site, line.product_id or line.part_number)
        where = (order.number, line.number, item)
        assets = await self._assets_of(order, line)
        if not leaves or self._habits.has_some(item.site, item.product):
            return structs.replace(line, files=await self._read_files(*where) + assets)
        came = self._clock()
        async with self._learning:
            if not self._habits.has_none(item.site, item.product):
                return structs.replace(line, files=await self._learn(*where, came) + assets)
        if len(self._left) >= MOST_LEFT:
            self._left.pop(next(iter(self._left)))
        self._left[order.number, line.number] = item
        return structs.replace(line, files=assets, files_follow=True)

    async def _learn(self, number: str, line: int, item: _Item, came: float) -> tuple[Artwork, ...]:
        """While the shop is away, who has waited for it does not wait for an answer of its own as well."""
        if self._away_at >= came:
            raise RetryLater("Pressero gave no answer about another item's files just now.")
        try:
            return await self._read_files(number, line, item)
        except RetryLater:
            self._away_at = self._clock()
            raise

    async def _read_files(self, number: str, line: int, item: _Item) -> tuple[Artwork, ...]:
        details = await self._client.item_details(number, line)
        files = files_of(number, item.order_id, details, self._settings.assumptions)
        self._habits.note(item.site, item.product, has_files=bool(files))
        self._left.pop((number, line), None)
        return files

    async def _assets_of(self, order: Order, line: OrderLine) -> tuple[Artwork, ...]:
        """The brand assets of a line's product, asked for once in a while."""
        if not (self._settings.send_product_assets and line.product_id):
            return ()
        key, now = (order.site, line.product_id), self._clock()
        self._assets = {one: kept for one, kept in self._assets.items() if now - kept[0] < REMEMBERED_S}
        if key not in self._assets:
            self._assets[key] = now, asyncio.ensure_future(self._client.product_assets(*key))
        try:
            rows = await asyncio.shield(self._assets[key][1])
        except MakereadyError:
            self._assets.pop(key, None)
            raise
        return assets_from(rows, self._settings.assumptions)
