"""The story, step by step. Each step checks on the other side that it really happened."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from makeready.orders.model import LineRow, LineState
from makeready.products.model import ImportItem, ItemState
from makeready.products.part_numbers import part_number
from makeready.subscribers import changes
from makeready.subscribers.model import Subscriber
from makeready.subscribers.setup import install
from makeready_hooks.model.product import MisProduct, ProductSearch
from makeready_hooks.testing.emulation import BuyerOrder, PlacedOrder
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import import_now
from makeready_inspect.check import check_subscriber

from makeready_lab.demo.environment import World
from makeready_lab.demo.orders import MARKUP_PERCENT, live_order, reference_order
from makeready_lab.demo.report import StepFailedError, Teller, require

NAME = "northfield"
EXTERNAL_USER_ID = 117
GROUP = "Everyone"
PATIENCE_S = 90.0
ORDER_RULES: dict[str, Any] = {
    "starts_at": "2021-01-01T00:00:00Z",  # the published order bears a date of that year
    "private_files": True,  # the emulated shop's files lie on this machine
    "file_hosts": [
        "127.0.0.1"
    ],  # the replayed order's file lies where the published one lay: it is left alone
}

T = TypeVar("T")


class Story:
    """The main job from an empty installation to orders in the MIS."""

    def __init__(self, world: World, teller: Teller) -> None:
        self._world = world
        self._teller = teller
        self._store = world.installation.store
        self._placed: list[PlacedOrder] = []

    async def tell(self) -> None:
        """Raises StepFailedError, or the error of a side, where a step did not happen."""
        subscriber = await self._create_subscriber()
        await self._test_connections(subscriber)
        await self._install(subscriber)
        products = await self._list_products(subscriber)
        site = await self._import(subscriber, products)
        await self._ask_prices(subscriber, site, products)
        await self._place_orders(subscriber, site, products)
        await self._approve()
        await self._reach_stage()
        await self._see_marks()

    async def _create_subscriber(self) -> Subscriber:
        with self._teller.step("A subscriber is created: a printing company with a shop and an MIS") as step:
            _, stage = await self._world.shop.transfer_stage()
            given: dict[str, Any] = {
                "title": "Northfield Print",
                "external_user_id": EXTERNAL_USER_ID,
                "environment": "live",
                "orders": ORDER_RULES | {"trigger_stage": stage},
                "prices": {"price_max_age_s": 0},  # a change of price is shown at once, below
                "connectors": {
                    self._world.shop_type.name: dict(await self._world.shop.connector_settings()),
                    self._world.mis_type.name: {"live": dict(await self._world.mis.connector_settings())},
                },
            }
            proposal = await changes.propose(self._world.installation, NAME, given)
            await changes.save(self._world.installation, [proposal])
            step.detail.append(f"orders go to the MIS at stage {stage!r}; secrets are stored encrypted")
            return await self._world.installation.subscriber(NAME)

    async def _test_connections(self, subscriber: Subscriber) -> None:
        with self._teller.step("Its connections are tested") as step:
            for name, found in await check_subscriber(self._world.installation, subscriber):
                step.detail.append(f"{name}: {found.message}")
                require(found.ok, f"{name} {found.name}: {found.message} {found.fix}")

    async def _install(self, subscriber: Subscriber) -> None:
        with self._teller.step("The webhook and the pricing engine are created in the shop, by API") as step:
            made = await install.install(self._world.installation, subscriber)
            step.detail += [f"{one.kind}: {one.state} ({one.id})" for _, one in made]
            require(
                all(one.state == "created" and one.id for _, one in made),
                "the shop did not let us create them",
            )

    async def _list_products(self, subscriber: Subscriber) -> list[MisProduct]:
        with self._teller.step("The MIS's products are listed") as step:
            connectors = await self._world.installation.connectors(subscriber)
            page = await connectors.search_mis_products(connectors.mis(), ProductSearch())
            for product in page.products[:6]:
                step.detail.append(
                    f"{product.id:>9}  {product.name:<34} {product.price or '-':>7}  stock {_shown(product.stock)}"
                )
            step.detail.append(f"{page.total or 'More'} products are for sale")
            ids = await self._world.mis.demo_products()
            known = {one.id: one for one in await connectors.read_mis_products(connectors.mis(), ids)}
            require(
                len(ids) == 3 and set(ids) == set(known), f"the MIS does not have all of {', '.join(ids)}"
            )
            return [known[one] for one in ids]

    async def _import(self, subscriber: Subscriber, products: list[MisProduct]) -> str:
        title = f"Three are imported: {MARKUP_PERCENT} % mark-up, group {GROUP}, a workflow, an upload that is required"
        with self._teller.step(title) as step:
            site = (await self._world.shop.sites())[0]
            workflow, _ = await self._world.shop.transfer_stage()
            wish = ImportRequest(
                site=site,
                product_ids=tuple(product.id for product in products),
                markup_percent=MARKUP_PERCENT,
                groups=(GROUP,),
                workflow=workflow,
                upload_required=True,
            )
            job = await import_now(self._world.installation, subscriber, wish)
            items = await self._until("the products are made", lambda: self._made(job))
            in_shop = {
                value for product in await self._world.shop.products() for value in map(str, product.values())
            }
            for item in items:
                require(item.part_number in in_shop, f"{item.part_number} is not in the shop")
                step.detail.append(f"{item.part_number:>9}  {item.name}")
                step.detail += [f"by hand: {sentence}" for sentence in item.by_hand]
            return site

    async def _made(self, job: int) -> list[ImportItem] | None:
        items = await self._store.imports.items(job)
        for item in items:
            require(item.state != ItemState.FAILED, f"{item.product_id}: {item.reason}")
        return items if items and all(item.state == ItemState.CREATED for item in items) else None

    async def _ask_prices(self, subscriber: Subscriber, site: str, products: list[MisProduct]) -> None:
        with self._teller.step(
            "A buyer looks at a product: the shop asks our server, which asks the MIS"
        ) as step:
            product, quantity = products[1], 25
            number = part_number(subscriber, product.id)
            shown = await self._world.shop.ask_price(site, number, quantity)
            require(not shown.error and shown.total > 0, f"no price: {shown.error}")
            step.detail.append(f"{quantity} x {product.name}: {shown.total}, {shown.weight} kg")
            await self._change_price(product, Decimal("9.99"))
            changed = await self._world.shop.ask_price(site, number, 1)
            require(
                changed.total == Decimal("12.49"),
                f"the shop shows {changed.total} after the MIS's price was changed",
            )
            step.detail.append(
                f"the MIS's price becomes 9.99: the shop shows {changed.total} for one at once"
            )
            await self._change_price(product, product.price or Decimal(1))

    async def _change_price(self, product: MisProduct, price: Decimal) -> None:
        await self._world.mis.set_price(product.id, price)

    async def _place_orders(self, subscriber: Subscriber, site: str, products: list[MisProduct]) -> None:
        with self._teller.step(
            "Two orders with artwork are placed in the shop; they wait for approval"
        ) as step:
            reference = reference_order(site, part_number(subscriber, products[0].id))
            live = live_order(site, part_number(subscriber, products[1].id))
            for order in (reference, live):
                await self._place(order, step.detail)
            await self._until_lines(LineState.WAITING, "approval")
            require(not await self._world.mis.orders_received(), "something was sent before it was approved")

    async def _place(self, order: BuyerOrder, detail: list[str]) -> None:
        placed = await self._world.shop.place_order(order)
        self._placed.append(placed)
        detail.append(
            f"order {placed.order_number}: {order.bill_to.first_name} {order.bill_to.last_name}, {placed.total}"
        )

    async def _approve(self) -> None:
        with self._teller.step("They are approved; now they wait for the stage"):
            for placed in self._placed:
                for item in placed.items:
                    await self._world.shop.approve(placed.order_number, item)
            await self._until_lines(LineState.WAITING, "stage")
            require(not await self._world.mis.orders_received(), "something was sent before its stage")

    async def _reach_stage(self) -> None:
        with self._teller.step("They reach the stage: webhooks come in, the orders are submitted") as step:
            _, stage = await self._world.shop.transfer_stage()
            for placed in self._placed:
                for item in placed.items:
                    await self._world.shop.move_to_stage(placed.order_number, item, stage)
            for line in await self._until_lines(LineState.ACCEPTED, ""):
                step.detail.append(
                    f"order {line.order_number}-{line.line} is {line.mis_number or line.mis_id} in the MIS"
                )
            received = await self._world.mis.orders_received()
            require(len(received) == len(self._placed), f"the MIS received {len(received)} orders")

    async def _see_marks(self) -> None:
        with self._teller.step(
            "The shop's items carry the MIS's number; the MIS has fetched the artwork"
        ) as step:
            for placed in self._placed:
                for item in placed.items:
                    look = partial(self._world.shop.mis_number, placed.order_number, item)
                    number = await self._until("the shop's item is marked", look)
                    step.detail.append(f"item {placed.order_number}-{item} carries {number}")
            fetched = await self._until("the artwork is fetched", self._fetched)
            step.detail.append(f"fetched: {fetched['name']}, {fetched['bytes']} bytes")

    async def _fetched(self) -> dict[str, Any] | None:
        """A file of the order of today; the replayed order's lies outside and is not fetched. An MIS may take none, or get
        its files as uploads.
        """
        given = [order["files"] for order in await self._world.mis.orders()]
        if all(files is None for files in given):
            return {"name": "nothing: this MIS takes no files", "bytes": 0}
        files = [file for files in given for file in files or ()]
        return next((file for file in files if file.get("fetched") or file.get("bytes")), None)

    async def _until_lines(self, state: LineState, reason: str) -> list[LineRow]:
        """Wait until every line of the placed orders is in this state, for this reason."""

        async def settled() -> list[LineRow] | None:
            lines = await self._store.ledger.lines(NAME)
            expected = sum(len(placed.items) for placed in self._placed)
            right = [line for line in lines if line.state == state and reason in line.reason]
            wrong = [line for line in lines if line.state in (LineState.REFUSED, LineState.PARKED)]
            require(not wrong, "; ".join(f"{line.order_number}-{line.line}: {line.reason}" for line in wrong))
            return right if len(right) == expected else None

        return await self._until(f"the lines are {state.value} {reason}".strip(), settled)

    async def _until(self, what: str, look: Callable[[], Awaitable[T | None]]) -> T:
        """Look until something is there. Raises StepFailedError when patience ends."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while (found := await look()) is None:  # noqa: ASYNC110 - another system: it has to be looked at
                    await asyncio.sleep(0.05)
                return found
        except TimeoutError:
            raise StepFailedError(f"waited {PATIENCE_S:.0f} s, but not yet: {what}") from None


def _shown(stock: Decimal | None) -> str:
    return "not kept" if stock is None else f"{stock}"
