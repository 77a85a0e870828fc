"""One simulated life: some orders, from the shop into the MIS, through whatever the seed brings."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx
from cryptography.fernet import Fernet
from makeready.engine.model import NewWork
from makeready.engine.trouble import LAST_PAUSE_S
from makeready.engine.worker import Engine
from makeready.installation import Installation
from makeready.orders.life.check_in import check_in
from makeready.orders.model import FETCH_ORDER, MARK, RECONCILE, RESOLVE, SUBMIT, LineRow, LineState
from makeready.orders.settings import Grouping
from makeready.storage.clocks import Clocks
from makeready.storage.errors import StateFileError
from makeready.stores import Store
from makeready.subscribers.secrets import KEY_VARIABLE, Vault
from makeready.webhooks.model import Delivery
from makeready.work import engine_for
from makeready_hooks.testing.emulation import AsgiApp, EmulatorSetup

from makeready_lab.simulation.buyers import Buyers
from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.edges import NAME, Edges, apply
from makeready_lab.simulation.faults import Crash, Fate, Odds
from makeready_lab.simulation.http import Agenda, SimulatedHttp, SimulatedOutbound
from makeready_lab.simulation.outcome import SETTLED, Outcome
from makeready_lab.simulation.people import People
from makeready_lab.simulation.plan import Pair, Term
from makeready_lab.simulation.same_number import SameNumbers, number_of
from makeready_lab.simulation.story import Story
from makeready_lab.simulation.virtual_time import slept_s
from makeready_lab.simulation.weather import LASTS_S, MIS_AWAY, SHOP_AWAY, UNKNOWN, Weather
from makeready_lab.simulation.witness import MemoryWitness

T = TypeVar("T")
START = 1_800_000_000.0
PEOPLE_LOOK = 0.1
SENT_BEFORE = 0.7
"""By the former bridge, of what was placed before our time."""
UNKNOWN_NUMBERS, FLOOD = (900_000, 990_000), 40
"""What webhooks tell of that no shop shows, and how many of them come at once."""
CLOCK_STEPS_S = (-3600.0, -60.0, 60.0, 3600.0)
KINDS = (FETCH_ORDER, SUBMIT, RESOLVE, MARK, RECONCILE)
ENDS = (*SETTLED, LineState.BEFORE_START)


class Simulation:
    """``await Simulation(seed, shop, mis, part_number="117-2284").run()``.

    The shop's scenario has a product of this part number, at a price that the shop knows by itself.
    """

    def __init__(
        self,
        seed: int,
        shop: Pair,
        mis: Pair,
        *,
        part_number: str,
        orders: int = 3,
        lines: int = 1,
        grouping: Grouping = "line",
        odds: Odds | None = None,
        quiet_margin_s: float = 30.0,
        term: Term | None = None,
    ) -> None:
        self._seed = seed
        self._shop = shop
        self._mis = mis
        self._part_number = part_number
        self._orders = orders
        self._lines = lines
        self._grouping = grouping
        self._quiet_margin_s = quiet_margin_s
        self._fate = Fate(seed, odds or Odds())
        self._agenda = Agenda()
        self._clients: dict[str, SimulatedHttp] = {}
        self._witness = MemoryWitness()
        self._edges: Edges | None = None
        """None in a life without edges: then nobody decides anything either."""
        self._passed = START
        self._set_by = 0.0
        self._machine_starts = self._told = 0
        self._same = SameNumbers()
        self.story = Story(self.true_time, START)
        self._buyers = Buyers(
            self._fate,
            self._agenda,
            self._same,
            self.true_time,
            self._tell,
            part_number=part_number,
            lines=lines,
            grouping=grouping,
        )
        self._term = term or Term(weather=dict.fromkeys(LASTS_S, self._fate.odds.weather))
        self._weather = None
        if any(self._term.weather.values()):
            by_year, most = term is not None, self._term.most_spells
            self._weather = Weather(self._fate, self.true_time, self._term.weather, most, by_year)
        self._done_at = 0.0
        self._buyers.come_later = self._weather is not None
        self._buyers.latest_order_s = self._term.lasts_s
        self._buyers.webhooks_that_come = self._term.webhooks_that_come

    @property
    def _now(self) -> float:
        return self._passed + slept_s()

    @_now.setter
    def _now(self, moment: float) -> None:
        self._passed = moment - slept_s()

    @property
    def _ahead(self) -> float:
        return self._set_by + (self._weather.ahead if self._weather else 0.0)

    @property
    def installation(self) -> Installation:
        return self._installation

    @property
    def weather(self) -> Weather | None:
        return self._weather

    @property
    def moved(self) -> int:
        """Lines that printers have moved to the stage so far."""
        return self._buyers.moved

    def true_time(self) -> float:
        """However the clock was set."""
        return self._now

    def clock(self) -> float:
        """What the machine's clock shows, however it was set."""
        return self._now + self._ahead

    def _clocks(self) -> Clocks:
        return Clocks(wall=self.clock, steady=self.true_time, boot=str(self._machine_starts))

    async def run(self) -> Outcome:
        """Live to the end: until every order is settled and nothing is due."""
        self._fate.quiet = True
        async with contextlib.AsyncExitStack() as stack:
            shop = await self._emulate(stack, self._shop)
            mis = await self._emulate(stack, self._mis)
            self._install(stack)
            await self._set_up(shop, mis)
            expected: list[str] = []
            if self._fate.odds.has_edges:
                expected += await self._go_live(stack, shop, mis)
            for number in range(len(expected), self._orders):
                await self._buyers.place_some_time(shop, number, expected)
            self._fate.quiet = False
            await self._live(expected)
            self._fate.quiet = True
            return await self._outcome(expected, shop, mis)

    async def _emulate(self, stack: contextlib.AsyncExitStack, pair: Pair) -> Any:
        """One service at two addresses, and one for tests."""
        name = pair.connector.name
        app, tests = (self._build(pair, f"http://{host}.example") for host in (name, f"{name}-test"))
        apps = {
            f"http://{name}.example": app,
            f"http://{name}-moved.example": app,
            f"http://{name}-test.example": tests,
        }
        driver = pair.emulator.driver(f"http://{name}.example", transport=httpx.ASGITransport(app))
        stack.push_async_callback(driver.aclose)
        outage = MIS_AWAY if pair is self._mis else SHOP_AWAY
        self._clients[name] = SimulatedHttp(
            apps, self._fate, self._agenda, self.true_time, self._weather, outage, self.story.note
        )
        return driver

    def _build(self, pair: Pair, url: str) -> AsgiApp:
        return pair.emulator.build(
            EmulatorSetup(base_url=url, seed=self._seed, switches=pair.switches, scenario=pair.scenario)
        )

    def _install(self, stack: contextlib.AsyncExitStack) -> None:
        self._vault = Vault(Path("unused"), {KEY_VARIABLE: Fernet.generate_key().decode()})
        self._database = MortalDatabase(self._fate, self._clocks(), weather=self._weather)
        self._outbound = SimulatedOutbound(self._clients)
        stack.push_async_callback(self._outbound.aclose)
        stack.callback(self._database.close)
        self._installation = self._over(self._database, self._witness)

    def _over(self, database: MortalDatabase, witness: MemoryWitness | None) -> Installation:
        """As a process has it that comes up: nothing in memory yet."""
        kinds = {pair.connector.name: pair.connector for pair in (self._shop, self._mis)}
        return Installation(
            Store(database),
            self._vault,
            kinds,
            self._outbound,
            clock=self.clock,
            steady=self.true_time,
            witness=witness,
        )

    async def _set_up(self, shop: Any, mis: Any) -> None:
        _, self._buyers.stage = await shop.transfer_stage()
        self._buyers.site = (await shop.sites())[0]
        self._given = {
            "external_user_id": int(self._part_number.partition("-")[0]),
            "orders": {
                "trigger_stage": self._buyers.stage,
                "grouping": self._grouping,
                "quiet_margin_s": self._quiet_margin_s,
                **self._term.orders,
            },
            "connectors": {
                self._shop.connector.name: {**await shop.connector_settings(), **self._shop.settings},
                self._mis.connector.name: {**await mis.connector_settings(), **self._mis.settings},
            },
        }
        await apply(self._installation, self._given)

    async def _go_live(self, stack: contextlib.AsyncExitStack, shop: Any, mis: Any) -> list[str]:
        """A former bridge has sent most of what was placed before our time, under the keys that are ours now."""
        live = {**self._given, "environment": "live"}
        database = MortalDatabase(self._fate, self._clocks())
        former = self._over(database, None)
        await apply(former, live)
        before = [n for n in range(self._orders) if self._fate.random.random() < self._fate.odds.golive]
        expected: list[str] = []
        for number in before:
            expected += await self._buyers.place(shop, number, announced=False)
        sent = [key.partition("-")[0] for key in expected if self._fate.random.random() < SENT_BEFORE]
        await former.store.work.add(
            [NewWork(subscriber=NAME, kind=FETCH_ORDER, key=number, due_at=self.clock()) for number in sent]
        )
        bridge = engine_for(former, only=frozenset({FETCH_ORDER, SUBMIT}))
        while await bridge.run_due():
            pass
        database.close()
        self._now += 3600
        name = self._mis.connector.name
        self._edges = Edges(self._fate, self._database, self._witness, live, name, People(NAME, mis))
        await self._edges.set_up(self._installation)
        self._buyers.come_later = self._buyers.share_numbers = True
        return expected

    async def _tell(self, *orders: str) -> None:
        """As webhooks do. Those that a state file does not take are not sent again."""
        for one in orders:
            self._told += 1
            work = NewWork(subscriber=NAME, kind=FETCH_ORDER, key=one, due_at=self.clock())
            message = Delivery(key=str(self._told), body=b"", event="order", order_number=one)
            with contextlib.suppress(StateFileError):
                await self._installation.store.inbox.receive(
                    NAME, self._shop.connector.name, message, now=self.clock(), work=work
                )

    async def _live(self, expected: list[str]) -> None:
        engine = await self._new_process()
        for _ in range(self._term.most_steps):
            if self._term.look:
                await self._term.look(self)
            try:
                busy = await engine.run_due()
            except Crash:
                self.story.note("the process dies, and another comes up")
                engine.abandon()
                engine, busy = await self._new_process(), True
            except StateFileError:
                busy = True
                await asyncio.sleep(LAST_PAUSE_S)
            await self._others_act()
            self._maybe_set_the_clock()
            if not await self._is_fair():
                if not busy:
                    await self._sleep()
                continue
            if self._edges is not None and await self._edge():
                engine, busy = await self._new_process(), True
            settled = not busy and await self._settled(expected)
            acted = not busy and self._edges is not None and await self._people_act(at_last=settled)
            if settled and not acted:
                self._done_at = self._now
                return
            if not busy:
                await self._sleep()

    async def _others_act(self) -> None:
        """Effects of calls that come late, and people at the shop."""
        await self._quietly(self._agenda.run_until(self._now))

    async def _quietly(self, doing: Awaitable[T]) -> T:
        """They do not share our crashes."""
        self._fate.quiet = True
        try:
            return await doing
        finally:
            self._fate.quiet = False

    def _maybe_set_the_clock(self) -> None:
        if self._fate.odds.clock_step and self._fate.happens("clock_step"):
            self._set_by += self._fate.random.choice(CLOCK_STEPS_S)

    async def _is_fair(self) -> bool:
        """Weather comes and goes. Nobody does or decides anything in it."""
        if self._weather is None:
            return True
        if self._weather.may_begin() == UNKNOWN:
            first = self._fate.random.randrange(*UNKNOWN_NUMBERS)
            await self._quietly(
                self._tell(*map(str, range(first, first + self._fate.random.randrange(1, FLOOD))))
            )
        return self._weather.is_fair

    async def _edge(self) -> bool:
        """True if the state is another one now: a new process comes up over it."""
        if not (edge := self._fate.edge()):
            return False
        return await self._quietly(cast("Edges", self._edges).happen(edge, self._installation))

    async def _people_act(self, *, at_last: bool) -> bool:
        """They look at what waits for them now and then, and when nothing else is left to do."""
        if self._agenda.calls_are_under_way(self._now):
            return False
        if not at_last and self._fate.random.random() > PEOPLE_LOOK:
            return False
        return await self._quietly(cast("Edges", self._edges).people_act(self._installation, at_last=at_last))

    async def _new_process(self) -> Engine:
        """The next process comes up a moment after the last one died, and may die as soon."""
        while True:
            self._fate.dead = False
            self._now += self._fate.random.uniform(0.1, 5)
            if self._fate.odds.clock_step and self._fate.random.random() < 0.5:
                self._machine_starts += 1
            self._database.open(self._clocks())
            self._installation = self._over(self._database, self._witness)
            with contextlib.suppress(Crash, StateFileError):
                await check_in(self._installation)
                return engine_for(self._installation)

    async def _sleep(self) -> None:
        """Let time pass to whatever comes next. A state that takes no changes has not heard of a clock that was set."""
        due = await self._installation.store.work.next_due(KINDS)
        over_at = self._weather.over_at if self._weather and not self._weather.is_fair else None
        coming = (due and due - self._ahead, self._agenda.next_at(), over_at)
        moments = [one for one in coming if one is not None]
        self._now = max(self._now + 0.5, min(moments, default=self._now + 60))

    async def _settled(self, expected: list[str]) -> bool:
        if self._agenda.next_at() is not None:
            return False
        states = await self._states()
        lines = await self._installation.store.ledger.lines(NAME, limit=10_000)
        marks = await self._installation.store.work.waiting(NAME, MARK)
        return (
            not marks
            and not await self._is_behind()
            and self._same.are_settled([one for one in lines if one.state in ENDS])
            and all(states.get(key) in ENDS for key in expected)
        )

    async def _is_behind(self) -> bool:
        """After weather nothing may be left over, of orders that nobody placed neither."""
        waiting = self._installation.store.work.waiting
        return self._weather is not None and await waiting(NAME, FETCH_ORDER) > 0

    async def _states(self) -> dict[str, str]:
        lines = await self._installation.store.ledger.lines(NAME, limit=10_000)
        return {line.submission or self._key(line): line.state for line in lines}

    def _key(self, line: LineRow) -> str:
        """Under which it goes."""
        return line.order_number if self._grouping == "order" else f"{line.order_number}-{line.line}"

    async def _outcome(self, expected: list[str], shop: Any, mis: Any) -> Outcome:
        await asyncio.sleep(0)
        lines = await self._installation.store.ledger.lines(NAME, limit=10_000)
        marks = [await shop.mis_number(number_of(line.order_number), line.line) for line in lines]
        in_mis = await mis.orders()
        references = [str(order["reference"]) for order in in_mis]
        return Outcome(
            seed=self._seed,
            expected=tuple(expected),
            in_mis=Counter(one for one in references if not self._same.has(one)),
            states=await self._states(),
            marked=sum(1 for mark in marks if mark),
            crashes=self._fate.crashes,
            late_s=self._done_at
            - max(self._weather.over_at if self._weather else 0.0, self._buyers.last_move_at),
            troubles=dict(self._fate.drawn),
            same_number=tuple(self._same.faults(lines, in_mis)),
            mismarked=await self._same.mismarked(in_mis, shop),
            decided=dict(self._edges.people.decided) if self._edges else {},
        )
