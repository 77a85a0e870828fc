"""The running emulator: the shop, its clock, switches, journal and what it does on its own."""

import asyncio
from collections.abc import Coroutine
from datetime import date, datetime, time
from typing import Any

from makeready_hooks.testing.emulation import EmulatorSetup

from makeready_pressero_emulator.faults.draw import Faults
from makeready_pressero_emulator.faults.rate_limit import RateLimit
from makeready_pressero_emulator.state.clock import Clock, written
from makeready_pressero_emulator.state.ids import Ids
from makeready_pressero_emulator.state.journal import Entry, Journal
from makeready_pressero_emulator.state.records import Order, Product, Shop, Site, Stage
from makeready_pressero_emulator.state.scenario import read_scenario
from makeready_pressero_emulator.state.statefile import StateFile
from makeready_pressero_emulator.state.tokens import Tokens
from makeready_pressero_emulator.switches import Switchboard
from makeready_pressero_emulator.wire.answers import ApiError

SENDERS = 16
"""Webhooks that are under way at once: a burst must not overrun the receiver's queue of connections."""


class World:
    def __init__(self, setup: EmulatorSetup) -> None:
        self.setup = setup
        self.base_url = setup.base_url.rstrip("/")
        self.switches = Switchboard(setup.switches)
        self.clock = Clock()
        self.journal = Journal(self.clock)
        self.limit = RateLimit(self.clock)
        self.faults = Faults(self.switches, setup.seed)
        self.tokens = Tokens(self.clock, self.switches, setup.seed)
        self._file = StateFile(setup.state) if setup.state else None
        self.sending = asyncio.Semaphore(SENDERS)
        self._tasks: set[asyncio.Task[None]] = set()
        kept = self._file.load() if self._file else None
        self.start_with(kept or read_scenario(setup.scenario))

    def start_with(self, shop: Shop) -> None:
        """Make this the whole state. Tokens given before are void."""
        self.shop = shop
        self.ids = Ids(self.setup.seed, shop)
        self.tokens.clear()

    def reset(self) -> None:
        """Back to the scenario and the first request; switches stay."""
        self.stop_tasks()
        self.start_with(read_scenario(self.setup.scenario))
        self.journal.clear()
        self.limit.clear()
        self.faults.reset()
        if self._file:
            self._file.save_now(self.shop)

    def moment(self, moment: datetime | None) -> str | None:
        """A moment as the shop writes it."""
        return written(moment, "Z" if self.switches.text("dates-zone") == "Z" else "")

    def day(self, day: date | None) -> str | None:
        """A day as the shop writes it: midnight."""
        return self.moment(datetime.combine(day, time())) if day else None

    def stage(self, stage_id: str) -> Stage:
        """Raises KeyError: an item always has a stage that exists."""
        for workflow in self.shop.workflows.values():
            for stage in workflow.stages:
                if stage.workflow_stage_id == stage_id:
                    return stage
        raise KeyError(stage_id)

    def site(self, name: str) -> Site:
        """By domain or id. Raises ApiError 404."""
        wanted = name.lower()
        for site in self.shop.sites.values():
            if wanted in (site.domain.lower(), site.site_id.lower()):
                return site
        raise ApiError(404, f"The site {name!r} was not found.")

    def order(self, number: str) -> Order:
        """The visible order that a call by number means. Raises ApiError 404."""
        found = [order for order in self.shop.orders_under(number) if order.visible]
        if not found:
            raise ApiError(404, f"Order {number} was not found.")
        return found[-1 if self.switches.text("same-number") == "newest" else 0]

    def product_by_part(self, site: Site, part_number: str) -> Product | None:
        """The newest product of that printer's part number, so that an import wins over older ones."""
        found = [
            product
            for product in self.shop.products.values()
            if product.site_id == site.site_id
            and product.part_number == part_number
            and not product.is_deleted
        ]
        return found[-1] if found else None

    def changed(self, entry: Entry, name: str, /, **facts: Any) -> None:
        """Note an effect in the journal, and keep the state."""
        entry.effects.append({"effect": name, **facts})
        self.save()

    def save(self) -> None:
        if self._file:
            self._file.save_soon(self.shop)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the request."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop_tasks(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()

    async def idle(self) -> None:
        """Wait until nothing is under way: every webhook is delivered or given up."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def close(self) -> None:
        self.stop_tasks()
        if self._file:
            self._file.save_now(self.shop)
