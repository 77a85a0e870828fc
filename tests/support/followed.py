"""Both emulators, the product between them, and orders whose progress is followed, in virtual time."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet
from makeready.engine.model import NewWork
from makeready.installation import Installation
from makeready.orders.model import LOOK
from makeready.stores import Store
from makeready.subscribers import changes
from makeready.subscribers.secrets import KEY_VARIABLE, Vault
from makeready.work import engine_for
from makeready_hooks.testing.emulation import EmulatorSetup
from makeready_lab.demo.orders import plain_order
from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.faults import Crash, Fate, Odds
from makeready_lab.simulation.http import Agenda, SimulatedHttp, SimulatedOutbound
from makeready_pressero.plugin import CONNECTOR as PRESSERO
from makeready_pressero_emulator import EMULATOR as PRESSERO_EMULATOR
from makeready_tharstern.plugin import CONNECTOR as THARSTERN
from makeready_tharstern_emulator import EMULATOR as THARSTERN_EMULATOR

SITE, TRIGGER = "shop.northfield.example", "Tharstern Xfr"
STAGES = {"In production": "Press", "Dispatched": "Shipping", "Invoiced": "Order Completed"}
START = 1_800_000_000.0
LEASE_S, POLL_S = 11.0, 900.0
SCENARIO = Path(__file__).parent.parent / "simulation" / "shop.toml"
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


class Followed:
    """One subscriber. `order` gives an accepted order; `pass_time` lets the engine work."""

    scenario = SCENARIO

    def __init__(self, stack: AsyncExitStack, rules: Mapping[str, Any]) -> None:
        self.fate = Troubles()
        self.rules = {"enabled": True, "stages": STAGES, "poll_every_s": POLL_S, **rules}
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
            THARSTERN_EMULATOR, EmulatorSetup(base_url="http://tharstern.example", switches=MIS_SWITCHES)
        )
        vault = Vault(Path("unused"), {KEY_VARIABLE: Fernet.generate_key().decode()})
        kinds = {kind.name: kind for kind in (PRESSERO, THARSTERN)}
        store = Store(MortalDatabase(self.fate))
        outbound = SimulatedOutbound(self._clients)
        self.installation = Installation(store, vault, kinds, outbound, clock=self.clock, steady=self.clock)
        self._stack.push_async_callback(self.installation.aclose)
        await self.apply(**self.rules)
        self._engine = engine_for(self.installation)

    def _emulate(self, kind: Any, setup: EmulatorSetup) -> Any:
        app = kind.build(setup)
        driver = kind.driver(setup.base_url, transport=httpx.ASGITransport(app))
        self._stack.push_async_callback(driver.aclose)
        self._clients[kind.name] = SimulatedHttp(app, self.fate, self._agenda, self.clock)
        return driver

    async def apply(self, **rules: Any) -> None:
        """Settings, as `makeready subscriber apply` takes them in."""
        mis = {
            **await self.mis.connector_settings(),
            "assumptions": {"order_reference_filter": "uniqueSubmitOrderID"},
        }
        given = {
            "external_user_id": 117,
            "orders": {"trigger_stage": TRIGGER, "reconcile_every_s": 1_000_000.0},
            "status": rules,
            "connectors": {"pressero": await self.shop.connector_settings(), "tharstern": mis},
        }
        proposal = await changes.propose(self.installation, "northfield", given)
        await changes.save(self.installation, [proposal])

    async def order(self) -> str:
        """The number of an order that the MIS has just taken, without any trouble."""
        placed_at = datetime.fromtimestamp(self._now, UTC).replace(tzinfo=None).isoformat()
        placed = await self.shop.place_order(plain_order(SITE, "117-2284", 1, placed_at))
        await self.shop.move_to_stage(placed.order_number, 1, TRIGGER)
        number = str(placed.order_number)
        look = NewWork(subscriber="northfield", kind=LOOK, key=number, due_at=self._now)
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


@asynccontextmanager
async def following(**rules: Any) -> AsyncIterator[Followed]:
    async with AsyncExitStack() as stack:
        world = Followed(stack, rules)
        await world.start()
        yield world
