"""Both emulators, the product between them, and one product whose stock is followed, in virtual time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from followed import SCENARIO, SITE, TRIGGER, Followed
from makeready.engine.model import NewWork
from makeready.installation import Installation
from makeready.orders.model import LOOK
from makeready.products.model import IMPORT, ImportChoices, ImportItem, ItemAction, ItemState
from makeready.stock.model import STOCK, MirrorRow, MirrorTrial
from makeready.stock.sync import sync
from makeready.subscribers import changes
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_lab.demo.orders import plain_order

KIT, PART = "2284", "117-2284"
POLL_S, SETTLE_S = 300.0, 330.0


class Stocked(Followed):
    """The MIS has 120 kits on its shelf, and so has the shop: it was imported just now."""

    def __init__(self, stack: AsyncExitStack, folder: Path, rules: dict[str, Any]) -> None:
        super().__init__(stack, {})
        self.scenario = folder / "shop.toml"
        self.scenario.write_text(SCENARIO.read_text() + "stock = 120\nback_ordering = true\n")
        self.rules = rules

    async def start(self) -> None:
        await super().start()
        await self.link(KIT)

    async def link(self, *product_ids: str) -> None:
        await link(self.installation, "northfield", *product_ids)

    async def apply(self, **rules: Any) -> None:
        given = {
            "external_user_id": 117,
            "orders": {"trigger_stage": TRIGGER, "reconcile_every_s": 1_000_000.0},
            "stock": {"poll_every_s": POLL_S, "settle_s": SETTLE_S, **rules},
            "connectors": {
                "pressero": await self.shop.connector_settings(),
                "tharstern": await self.mis.connector_settings(),
            },
        }
        proposal = await changes.propose(self.installation, "northfield", given)
        await changes.save(self.installation, [proposal])

    async def settled(self) -> None:
        """The first looks are over: the shop's levels are known for a while."""
        for _ in range(3):
            await self.pass_time(POLL_S)

    async def buy(self, quantity: int) -> int:
        """An order in the shop, of which nobody has told us."""
        placed_at = datetime.fromtimestamp(self.clock(), UTC).replace(tzinfo=None).isoformat()
        order = plain_order(SITE, PART, 1, placed_at)
        [item] = order.items
        item = msgspec.structs.replace(item, quantity=quantity)
        placed = await self.shop.place_order(msgspec.structs.replace(order, items=(item,)))
        return placed.order_number

    async def hear_of(self, number: int) -> None:
        """The webhook of an order comes in."""
        look = NewWork(subscriber="northfield", kind=LOOK, key=str(number), due_at=self.clock())
        await self.installation.store.work.add([look])
        await self.pass_time(0)

    async def transfer(self, number: int) -> None:
        """An order goes to the MIS, which allocates its stock."""
        await self.shop.move_to_stage(number, 1, TRIGGER)
        await self.hear_of(number)
        assert await self.shop.mis_number(number, 1)

    async def sync(self) -> None:
        """A reading now, whatever the schedule."""
        work = NewWork(subscriber="northfield", kind=STOCK, key=KIT, due_at=self.clock())
        await self.installation.store.work.add([work])
        await self.pass_time(0)

    async def shelf(self, on_hand: int) -> None:
        await self.mis.set_stock(KIT, Decimal(on_hand))

    async def level(self) -> int:
        """As the shop has it."""
        return int((await self.shop.stock_levels())[PART])

    async def moves(self) -> list[int]:
        """What we have added to the shop's level, oldest first."""
        state = await self.shop.state()
        [stock] = state["stocks"].values()
        return [one["TotalQuantity"] for one in stock["transactions"] if one["Type"] == "Adjustment"]

    def around_calls(
        self,
        monkeypatch: Any,
        *,
        before: Callable[[str], Awaitable[None]] | None = None,
        after: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """Something happens before a call to the shop arrives, or before its answer does."""
        client = self._clients["pressero"]
        send = client.send

        async def slowly(request: HttpRequest) -> HttpAnswer:
            if before:
                await before(request.url)
            answer = await send(request)
            if after:
                await after(request.url)
            return answer

        monkeypatch.setattr(client, "send", slowly)

    async def run_beside(self) -> None:
        """Another process reads and writes at the same time."""
        subscriber = await self.installation.subscriber("northfield")
        await sync(self.installation, subscriber)

    async def trial(self) -> MirrorTrial:
        return await self.installation.store.mirrors.trial("northfield")

    async def mirror(self) -> MirrorRow:
        [row] = await self.installation.store.mirrors.all("northfield")
        return row


@asynccontextmanager
async def stocked(folder: Path, **rules: Any) -> AsyncIterator[Stocked]:
    async with AsyncExitStack() as stack:
        world = Stocked(stack, folder, rules)
        await world.start()
        yield world


async def link(installation: Installation, subscriber: str, *product_ids: str, site: str = SITE) -> None:
    """As if the products had been imported."""
    items = [
        ImportItem(
            product_id=product_id,
            name=f"Product {product_id}",
            action=ItemAction.CREATE,
            state=ItemState.PLANNED,
            part_number=f"117-{product_id}",
            url_name=f"product-m{product_id}",
        )
        for product_id in product_ids
    ]
    imports, now = installation.store.imports, installation.clock()
    number = await imports.plan(subscriber, ImportChoices(site=site), items, now=now)
    job = await imports.job(subscriber, number)
    assert job is not None
    await imports.start(job, kind=IMPORT, now=now)
    for product_id in product_ids:
        task = await imports.task(subscriber, site, product_id)
        assert task is not None
        await imports.begin(task, now=now)
        await imports.linked(task, ItemState.CREATED, f"p-{product_id}", (), now=now)
