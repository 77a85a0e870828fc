"""Both emulators, and the product between them, in virtual time: orders that are followed, or stock that is."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import msgspec
from cryptography.fernet import Fernet
from makeready.engine.model import NewWork
from makeready.installation import Installation
from makeready.orders.model import FETCH_ORDER
from makeready.products.model import ImportChoices, ImportItem, ItemAction, ItemState
from makeready.stock.model import STOCK, MirrorRow, MirrorTrial
from makeready.stores import Store
from makeready.subscribers import changes
from makeready.subscribers.secrets import KEY_VARIABLE, Vault
from makeready.work import engine_for
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.testing.emulation import EmulatorSetup
from makeready_imports.importer import IMPORT
from makeready_lab.demo.orders import plain_order
from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.faults import Crash, Fate, Odds
from makeready_lab.simulation.http import Agenda, SimulatedHttp, SimulatedOutbound
from makeready_pressero.plugin import CONNECTOR as PRESSERO
from makeready_pressero_emulator import EMULATOR as PRESSERO_EMULATOR
from makeready_stock.sync import sync
from makeready_tharstern.plugin import CONNECTOR as THARSTERN
from makeready_tharstern_emulator import EMULATOR as THARSTERN_EMULATOR
from twin import check_twin, give_twin

SITE, TRIGGER = "shop.northfield.example", "Tharstern Xfr"
STAGES = {"In production": "Press", "Dispatched": "Shipping", "Invoiced": "Order Completed"}
START = 1_800_000_000.0
LEASE_S, STATUS_POLL_S = 11.0, 900.0
KIT, PART = "2284", "117-2284"
STOCK_POLL_S, SETTLE_S = 300.0, 330.0
SCENARIO = Path(__file__).parents[2] / "simulation" / "shop.toml"
MIS_SWITCHES = {"artwork": "off", "order-filter": "uniqueSubmitOrderID"}


class Troubles(Fate):
    """A fate that does nothing by itself, and dies at one point if it is told which."""

    def __init__(self) -> None:
        super().__init__(1, Odds())
        self.quiet = True
        self.points = 0
        self.crash_at = 0

    def maybe_crash(self, where: str) -> None:
        super().maybe_crash(where)
        self.points += 1
        if self.points == self.crash_at:
            self.dead = True
            self.crashes += 1
            raise Crash


class World:
    """One subscriber, and a twin of the same numbers. `order` gives an accepted order; `pass_time` lets the engine
    work. A world with stock has one product of which both sides have 120.
    """

    mis_kind: Any = THARSTERN
    mis_emulator: Any = THARSTERN_EMULATOR
    mis_switches: Mapping[str, str] = MIS_SWITCHES
    mis_settings: Mapping[str, Any] = {
        "assumptions": {"order_reference_filter": "uniqueSubmitOrderID"},
    }
    more: Mapping[str, Any] = {}
    """Further tables of settings."""

    def __init__(self, stack: AsyncExitStack, about: str, rules: Mapping[str, Any], scenario: Path) -> None:
        """``about``: the table of settings that ``rules`` and `apply` are of."""
        self.fate = Troubles()
        self.rules = rules
        self.scenario = scenario
        self._about = about
        self._stack = stack
        self._now = START
        self._agenda = Agenda()
        self._clients: dict[str, SimulatedHttp] = {}
        self.shop: Any = None
        self.mis: Any = None
        self.sent: list[str] = []

    def clock(self) -> float:
        return self._now

    async def start(self) -> None:
        scenario = EmulatorSetup(
            base_url="http://pressero.example", scenario=self.scenario, switches={"rate-limit": "off"}
        )
        self.shop = self._emulate(PRESSERO_EMULATOR, scenario)
        self.mis = self._emulate(
            self.mis_emulator, EmulatorSetup(base_url="http://mis.example", switches=self.mis_switches)
        )
        vault = Vault(Path("unused"), {KEY_VARIABLE: Fernet.generate_key().decode()})
        kinds = {kind.name: kind for kind in (PRESSERO, self.mis_kind)}
        store = Store(MortalDatabase(self.fate))
        await give_twin(store.database)
        self.fate.points = 0
        outbound = SimulatedOutbound(self._clients)
        self.installation = Installation(store, vault, kinds, outbound, clock=self.clock, steady=self.clock)
        self._stack.push_async_callback(self.installation.aclose)
        await self.apply(**self.rules)
        self._engine = engine_for(self.installation)

    def _emulate(self, kind: Any, setup: EmulatorSetup) -> Any:
        app = kind.build(setup)
        driver = kind.driver(setup.base_url, transport=httpx.ASGITransport(app))
        self._stack.push_async_callback(driver.aclose)
        self._clients[kind.name] = SimulatedHttp({setup.base_url: app}, self.fate, self._agenda, self.clock)
        return driver

    async def apply(self, **rules: Any) -> None:
        """Settings, as `makeready subscriber apply` takes them in."""
        mis = {**await self.mis.connector_settings(), **self.mis_settings}
        given = {
            "external_user_id": 117,
            "environment": "live",
            "orders": {
                "trigger_stage": TRIGGER,
                "reconcile_every_s": 1_000_000.0,
                "starts_at": "2026-01-01T00:00:00Z",
            },
            self._about: rules,
            "connectors": {"pressero": await self.shop.connector_settings(), self.mis_kind.name: mis},
            **self.more,
        }
        proposal = await changes.propose(self.installation, "northfield", given)
        await changes.save(self.installation, [proposal])

    async def check_twin(self) -> None:
        await self.installation.store.database.read(check_twin)

    async def order(self) -> str:
        """The number of an order that the MIS has just taken, without any trouble."""
        placed_at = datetime.fromtimestamp(self._now, UTC).replace(tzinfo=None).isoformat()
        placed = await self.shop.place_order(plain_order(SITE, "117-2284", 1, placed_at))
        await self.shop.move_to_stage(placed.order_number, 1, TRIGGER)
        number = str(placed.order_number)
        look = NewWork(subscriber="northfield", kind=FETCH_ORDER, key=number, due_at=self._now)
        await self.installation.store.work.add([look])
        await self.pass_time(0)
        assert await self.shop.mis_number(placed.order_number, 1)
        return number

    async def mis_moves(self, number: str, status: str, tracking: str = "") -> None:
        mis_number = await self.shop.mis_number(int(number), 1)
        await self.mis.move_order(
            mis_number, status, carrier="Dales Parcels" if tracking else "", tracking=tracking
        )

    async def trackings(self, number: str) -> list[str]:
        return list(await self.shop.trackings(int(number), 1))

    async def stages(self, number: str) -> list[str]:
        """The stages that the item has gone through, oldest first."""
        return list(await self.shop.stages(int(number), 1))

    async def pass_time(self, seconds: float) -> None:
        """So much time passes; what is due then is done, by a new process after each one that dies."""
        self._now += seconds
        while True:
            await self._agenda.run_until(self._now)
            try:
                if not await self._engine.run_due():
                    return
            except Crash:
                self._engine.abandon()
                self.fate.dead = False
                self._now += LEASE_S
                self._engine = engine_for(self.installation)

    # Stock

    async def link(self, *product_ids: str) -> None:
        await link(self.installation, "northfield", *product_ids)

    async def settled(self) -> None:
        """The first looks are over: the shop's levels are known for a while."""
        for _ in range(3):
            await self.pass_time(STOCK_POLL_S)

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
        look = NewWork(subscriber="northfield", kind=FETCH_ORDER, key=str(number), due_at=self.clock())
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
        return await self.installation.store.mirrors.trial("northfield", "pressero")

    async def mirror(self) -> MirrorRow:
        [row] = await self.installation.store.mirrors.all("northfield")
        return row


@asynccontextmanager
async def following(**rules: Any) -> AsyncIterator[World]:
    """Orders are followed in the MIS."""
    given = {"enabled": True, "stages": STAGES, "poll_every_s": STATUS_POLL_S, **rules}
    async with AsyncExitStack() as stack:
        world = World(stack, "status", given, SCENARIO)
        await world.start()
        yield world
        await world.check_twin()


@asynccontextmanager
async def stocked(folder: Path, **rules: Any) -> AsyncIterator[World]:
    """The MIS has 120 kits on its shelf, and so has the shop: it was imported just now."""
    scenario = folder / "shop.toml"
    scenario.write_text(SCENARIO.read_text() + "stock = 120\nback_ordering = true\n")
    given = {"poll_every_s": STOCK_POLL_S, "settle_s": SETTLE_S, **rules}
    async with AsyncExitStack() as stack:
        world = World(stack, "stock", given, scenario)
        await world.start()
        await world.link(KIT)
        yield world
        await world.check_twin()


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
    rules = installation.store.subscribers.price_rules_in(subscriber)
    await imports.start(job, kind=IMPORT, now=now, rules=rules)
    for product_id in product_ids:
        task = await imports.task(subscriber, site, product_id)
        assert task is not None
        await imports.begin(task, now=now)
        await imports.linked(task, ItemState.CREATED, f"p-{product_id}", (), now=now)
