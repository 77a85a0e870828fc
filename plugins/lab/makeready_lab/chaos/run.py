"""One chaos run: emulators, a stream of orders, a server and workers that are killed at random moments."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from makeready.installation import Installation
from makeready.orders.beginning import moment_text
from makeready.orders.model import LineRow, LineState
from makeready.orders.settings import Grouping
from makeready.products.part_numbers import part_number
from makeready.subscribers.setup import install
from makeready.web.server import bind, url_of
from makeready_hooks import Role
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.testing.emulation import EmulatorType, MisDriver, PlacedOrder, ShopDriver
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import import_now
from msgspec import Struct
from msgspec.structs import replace

from makeready_lab.chaos.edges import BETWEEN, NAME, NEVER_YET, TIMES, Edges, apply, send_as_former_bridge
from makeready_lab.chaos.processes import Child
from makeready_lab.chaos.verdict import Seen, Verdict, count_arrivals
from makeready_lab.chaos.weather import WEATHER, Hand, Weather
from makeready_lab.demo.orders import plain_order
from makeready_lab.emulators.commands import parse_switches
from makeready_lab.emulators.registry import PairOfNames, pair_of
from makeready_lab.simulation.people import People
from makeready_lab.simulation.same_number import SameNumbers

ENDLESS = Decimal(100_000_000)
HTTP_OK = 200
PEOPLE_LOOK_S = 20.0
SILENT = "order-filter-unknown=finds-nothing"
SHARE = 0.15
"""So many orders get another one under their number."""
SPELL_S = 9.0
"""What weather lasts, with the pause before it."""
OTHER_AFTER_S = (0.0, 0.2, 4.0)
MEANT = ("oldest", "newest")
"""Which of two orders a call by number means: in one run this, in another that."""
UNSETTLED = (LineState.SEEN, LineState.WAITING, LineState.READY, LineState.SUBMITTING, LineState.IN_DOUBT)


class Plan(Struct, frozen=True, kw_only=True):
    orders: int
    kills: int
    seed: int
    workers: int = 1
    lines: int = 1
    """Lines of each order."""
    grouping: Grouping = "line"
    at_once: int = 8
    """Buyers who order at the same time."""
    quiet_margin_s: float = 5.0
    patience_s: float = 600.0
    pair: PairOfNames = PairOfNames()
    second_mis: str = ""
    """An emulator: every other line is made by it, and orders of several lines are split."""
    switches: Mapping[str, tuple[str, ...]] = {}
    """``NAME=VALUE`` by emulator."""
    settings: Mapping[str, Mapping[str, Any]] = {}
    """Settings to add, by connector."""
    edges: tuple[str, ...] = ()
    """What happens besides; see `makeready_lab.chaos.edges`."""


class Chaos:
    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._random = random.Random(plan.seed)  # noqa: S311 - reproducible, not secret
        self._db = folder / "makeready.db"
        self._keys: list[str] = []
        self._makers: dict[str, str] = {}
        """By key, the MIS that is to have it, where there are two."""
        self._products: dict[str, str] = {}
        """What is sold, by the MIS that makes it."""
        self._kills = 0
        self._decided: Mapping[str, int] = {}
        self._same = SameNumbers()
        self._last_order_at = 0.0

    async def run(self) -> Verdict:
        """Everything from start to verdict. Child processes are ended whatever happens."""
        started = time.monotonic()
        async with AsyncExitStack() as stack:
            shop_type, mis_type = pair_of(self._plan.pair)
            shop = shop_type.driver(await self._emulate(stack, shop_type))
            mis = mis_type.driver(await self._emulate(stack, mis_type))
            stack.push_async_callback(shop.aclose)
            stack.push_async_callback(mis.aclose)
            self._second = await self._start_second(stack)
            bound = bind("127.0.0.1", 0)
            url = url_of(bound)
            bound.close()
            self._url = url
            self._given = await self._settings(stack, shop_type, shop, mis_type, mis)
            not_yet = {"starts_at": NEVER_YET} if "golive" in self._plan.edges else {}
            await self._set_up({**self._given, "orders": {**self._given["orders"], **not_yet}})
            victims = self._victims(stack, url)
            edges = Edges(self._db, victims, self._given, self._random, self._set_up)
            holding = {"shop": self._switches_of(shop_type), "mis": self._switches_of(mis_type)}
            weather = Weather(self._db, victims, self._hand, shop, mis, holding, self._random)
            await mis.set_stock(self._product, ENDLESS)
            for victim in victims:
                await victim.start()
            await self._import()
            if "golive" in self._plan.edges:
                edges.happened["sent by a former bridge"] = await self._go_live(shop)
            ordering = asyncio.create_task(self._order(shop, self._plan.orders - len(self._keys)))
            await self._disturb(victims, edges, weather, ordering)
            await ordering
            began_s = max(weather.over_at, self._last_order_at)
            lines = await self._settled(mis)
            late_s = time.monotonic() - began_s
            in_mis = await mis.orders()
            references = self._references(mis_type.name, in_mis)
            if self._second:
                references += self._references(self._plan.second_mis, await self._second.orders())
            return count_arrivals(
                Seen(
                    expected=tuple(self._keys),
                    references=tuple(one for one in references if not self._same.has(one)),
                    states=_states([one for one in lines if not self._same.has(one.order_number)]),
                    same_number=tuple(self._same.faults(lines, in_mis)),
                    parked_same_number=self._same.waiting(lines),
                    mismarked=await self._same.mismarked(in_mis, shop),
                    acknowledged=sum(one["status"] == HTTP_OK for one in await shop.deliveries()),
                    calls=sum((await shop.calls()).values()),
                    kills=self._kills,
                    late_s=late_s,
                    edges=dict(edges.happened | self._same.counted()),
                    decided=dict(self._decided),
                    seconds=time.monotonic() - started,
                )
            )

    async def _start_second(self, stack: AsyncExitStack) -> MisDriver | None:
        if not self._plan.second_mis:
            return None
        _, kind = pair_of(PairOfNames(shop=self._plan.pair.shop, mis=self._plan.second_mis))
        driver: MisDriver = kind.driver(await self._emulate(stack, kind))
        stack.push_async_callback(driver.aclose)
        return driver

    def _references(self, mis: str, orders: Sequence[Mapping[str, Any]]) -> list[str]:
        """Our keys on the orders of an MIS. One that the other should have is nobody's."""
        found = [str(order["reference"]) for order in orders]
        return [one if self._makers.get(one, mis) == mis else f"{one} in {mis}" for one in found]

    async def _emulate(self, stack: AsyncExitStack, kind: EmulatorType, *, suffix: str = "") -> str:
        chosen = self._plan.switches.get(kind.name, ())
        if kind.role is Role.MIS and "silent-question" in self._plan.edges:
            chosen = (*(one for one in chosen if not one.startswith("order-filter=")), SILENT)
        if kind.role is Role.STOREFRONT and "same-number" in self._plan.edges:
            chosen = (*chosen, f"same-number={MEANT[self._plan.seed % len(MEANT)]}")
        switches = [flag for text in chosen for flag in ("--switch", text)]
        arguments = ["emulate", kind.name, "--seed", str(self._plan.seed), *switches]
        child = Child(arguments, self._folder / f"{kind.name}{suffix}.log")
        stack.push_async_callback(child.stop)
        return await child.start()

    def _switches_of(self, kind: EmulatorType) -> dict[str, str]:
        return parse_switches(kind, self._plan.switches.get(kind.name, ()))

    def _victims(self, stack: AsyncExitStack, url: str) -> list[Child]:
        port = url.rpartition(":")[2]
        before = ("--db", str(self._db))
        alone = ("--no-work",) if self._plan.workers > 1 else ()
        self._hand = Hand(self._folder) if "clock" in self._plan.edges else None
        env = self._hand.env if self._hand else None
        victims = [Child([*before, "serve", "--port", port, *alone], self._folder / "server.log", env)]
        if self._plan.workers > 1:
            numbers = range(self._plan.workers)
            victims += [
                Child([*before, "worker"], self._folder / f"worker-{number}.log", env) for number in numbers
            ]
        for victim in victims:
            stack.push_async_callback(victim.kill)
        return victims

    async def _settings(
        self,
        stack: AsyncExitStack,
        shop_type: EmulatorType,
        shop: ShopDriver,
        mis_type: EmulatorType,
        mis: MisDriver,
    ) -> dict[str, Any]:
        self._workflow, self._stage = await shop.transfer_stage()
        self._products[mis_type.name] = self._product = (await mis.demo_products())[0]
        self._site = (await shop.sites())[0]
        given: dict[str, Any] = {
            "external_user_id": 117,
            "environment": "live",
            "orders": {
                "trigger_stage": self._stage,
                "grouping": self._plan.grouping,
                "quiet_margin_s": self._plan.quiet_margin_s,
                "reconcile_every_s": 10,  # webhooks that came while the server was down are not sent again
            },
            "connectors": {
                shop_type.name: {
                    **await shop.connector_settings(),
                    **self._plan.settings.get(shop_type.name, {}),
                },
                mis_type.name: {
                    **await mis.connector_settings(),
                    **self._plan.settings.get(mis_type.name, {}),
                },
            },
        }
        if self._second:
            name = self._plan.second_mis
            self._products[name] = second = (await self._second.demo_products())[0]
            own = self._plan.settings.get(name, {})
            given["connectors"][name] = {**await self._second.connector_settings(), **own}
            given["routes"] = {"products": {second: name}, "fallback": mis_type.name}
        if "environment" in self._plan.edges:
            tests = mis_type.driver(await self._emulate(stack, mis_type, suffix="-test"))
            stack.push_async_callback(tests.aclose)
            await tests.set_stock(self._product, ENDLESS)
            given["connectors"][mis_type.name]["test"] = dict(await tests.connector_settings())
        return given

    async def _set_up(self, given: Mapping[str, Any]) -> None:
        """Into an empty state file."""
        async with Installation.opened(self._db) as installation:
            await apply(installation, given)
            await installation.set_public_url(self._url)
            subscriber = await installation.subscriber(NAME)
            await _stubbornly(lambda: install.install(installation, subscriber))

    async def _import(self) -> None:
        """A product of each MIS, made by the server that runs."""
        async with Installation.opened(self._db) as installation:
            subscriber = await installation.subscriber(NAME)
            for mis, product in self._products.items():
                wish = ImportRequest(
                    site=self._site, product_ids=(product,), workflow=self._workflow, mis=mis
                )
                await _stubbornly(partial(import_now, installation, subscriber, wish))
            async with asyncio.timeout(self._plan.patience_s):
                while not await self._imported(installation):  # noqa: ASYNC110 - another process does it
                    await asyncio.sleep(0.1)
            self._part_numbers = [part_number(subscriber, one) for one in self._products.values()]

    async def _imported(self, installation: Installation) -> bool:
        links = await installation.store.links.of_site(NAME, self._site)
        return len(links) == len(self._products) and all(link.linked_at for link in links)

    async def _go_live(self, shop: ShopDriver) -> int:
        """Orders from before our time, of which a former bridge has sent most. Then our time begins."""
        await self._order(shop, self._plan.orders // 5)
        numbers = [key.partition("-")[0] for key in self._keys]
        sent = await send_as_former_bridge(self._folder, self._db, self._given, numbers, self._random)
        await asyncio.sleep(1.1)  # a start has no parts of a second
        async with Installation.opened(self._db) as installation:
            start = moment_text(installation.clock())
            await apply(
                installation, {**self._given, "orders": {**self._given["orders"], "starts_at": start}}
            )
        return sent

    async def _order(self, shop: ShopDriver, orders: int) -> None:
        """Buyers order; a printer moves each item to the stage."""
        turns = asyncio.Semaphore(self._plan.at_once)
        weather = [one for one in WEATHER if one in self._plan.edges]

        async def one(number: int) -> None:
            if weather:  # so that orders come in all of it
                await asyncio.sleep(self._random.uniform(0, len(weather) * TIMES * SPELL_S))
            async with turns:
                if "same-number" in self._plan.edges and self._random.random() < SHARE:
                    await self._order_alike(shop, number)
                    return
                placed = await self._place(shop, number, self._plan.lines)
                for item in placed.items:
                    await shop.move_to_stage(placed.order_number, item, self._stage)
                if self._plan.grouping == "order":
                    self._keys.append(str(placed.order_number))
                else:
                    self._keys += [f"{placed.order_number}-{item}" for item in placed.items]
                    for item in placed.items:
                        self._makers[f"{placed.order_number}-{item}"] = self._maker(number, item)

        await asyncio.gather(*(one(number) for number in range(orders)))
        self._last_order_at = time.monotonic()

    def _maker(self, number: int, item: int) -> str:
        return [*self._products][(number + item - 1) % len(self._products)]

    async def _order_alike(self, shop: ShopDriver, number: int) -> None:
        """An order, and another one under its number: before the first is fetched, on its way, or later."""
        first = await self._place(shop, number)
        self._same.add(first)
        await shop.move_to_stage(first.id, 1, self._stage)
        await asyncio.sleep(self._random.choice(OTHER_AFTER_S))
        other = await self._place(shop, number + 1, under=first.order_number)
        self._same.add(other)
        await shop.move_to_stage(other.id, 1, self._stage)

    async def _place(
        self, shop: ShopDriver, number: int, lines: int = 1, *, under: int | None = None
    ) -> PlacedOrder:
        """A buyer who gets no price, because the server is down just now, tries again. ``under``: this number."""
        while True:
            try:
                order = plain_order(self._site, "", number, lines=lines)
                items = tuple(
                    replace(item, part_number=self._part_numbers[(number + turn) % len(self._part_numbers)])
                    for turn, item in enumerate(order.items)
                )
                return await shop.place_order(replace(order, order_number=under, items=items))
            except ValueError:
                await asyncio.sleep(0.2)

    async def _disturb(
        self, victims: list[Child], edges: Edges, weather: Weather, ordering: asyncio.Task[None]
    ) -> None:
        """Kill one at a time, at moments between 0.2 and 2 seconds after it came up; edges and weather come in between."""
        events = ["kill"] * self._plan.kills
        if chosen := [one for one in (*BETWEEN, *WEATHER) if one in self._plan.edges] * TIMES:
            events += chosen
            self._random.shuffle(events)
        for event in events:
            if ordering.done() and ordering.exception():
                return
            await asyncio.sleep(self._random.uniform(0.2, 2.0))
            if event in WEATHER:
                edges.happened[event] += 1
                await weather.happen(event)
                continue
            if event != "kill":
                await edges.happen(event)
                continue
            victim = self._random.choice(victims)
            await victim.kill()
            self._kills += 1
            await victim.start()

    async def _settled(self, mis: MisDriver) -> list[LineRow]:
        """Wait until no line is on its way any more; the ledger's lines. With edges, people decide of what waits."""
        async with Installation.opened(self._db) as installation:
            people = People(NAME, mis)
            self._decided = people.decided
            deadline = time.monotonic() + self._plan.patience_s
            quiet_since = time.monotonic()
            while True:
                lines = await installation.store.ledger.lines(NAME, limit=1_000_000)
                on_their_way = self._are_on_their_way(lines)
                if time.monotonic() > deadline:
                    return lines
                if not self._plan.edges and not on_their_way:
                    return lines
                if self._plan.edges and (not on_their_way or time.monotonic() - quiet_since > PEOPLE_LOOK_S):
                    if await people.act(installation, live=not on_their_way) or on_their_way:
                        quiet_since = time.monotonic()
                    else:
                        return lines
                await asyncio.sleep(0.5)

    def _are_on_their_way(self, lines: Sequence[LineRow]) -> bool:
        states = _states(lines)
        if any(states.get(key, LineState.SEEN) in UNSETTLED for key in self._keys):
            return True
        return not self._same.are_settled([one for one in lines if one.state not in UNSETTLED])


def _states(lines: Sequence[LineRow]) -> dict[str, str]:
    """By key."""
    return {line.submission or f"{line.order_number}-{line.line}": line.state for line in lines}


async def _stubbornly(do: Callable[[], Awaitable[object]]) -> None:
    """What a person does in front of a vendor that fails now and then: try again."""
    while True:
        try:
            await do()
        except (RetryLater, OutcomeUnknown):
            await asyncio.sleep(0.2)
        else:
            return
