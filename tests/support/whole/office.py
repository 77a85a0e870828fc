"""A printing company's shop and MIS, and a server with nothing in it, each a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import tomli_w
from makeready_hooks.testing.emulation import PlacedOrder
from makeready_lab.demo.orders import live_order, plain_order
from makeready_pressero_emulator import EMULATOR as SHOP
from makeready_tharstern_emulator import EMULATOR as MIS
from processes import Running, run, running
from pysqlite3 import dbapi2 as sqlite

SITE = "shop.northfield.example"
KIT, TOTE = "117-2284", "117-4107"
PATIENCE_S, ANSWER_WITHIN_S = 60, 3
WORKFLOW, STAGE = "MIS transfer", "Tharstern Xfr"


class Office:
    """``server_url`` stays the same over restarts."""

    def __init__(self, stack: AsyncExitStack, folder: Path) -> None:
        self.db = folder / "makeready.db"
        self._folder = folder
        self.passwords: dict[str, str] = {}
        """Of the users that a test has made."""
        self._stack = stack
        self._shop = stack.enter_context(running("emulate", "pressero", "--switch", "rate-limit=off"))
        self._mis = stack.enter_context(running("emulate", "tharstern"))
        self.shop = SHOP.driver(self._shop.url)
        self.mis = MIS.driver(self._mis.url)
        stack.push_async_callback(self.shop.aclose)
        stack.push_async_callback(self.mis.aclose)
        self._server = self._serve("0")
        self.server_url = self._server.url

    @property
    def shop_host(self) -> str:
        return urlsplit(self._shop.url).netloc

    def _serve(self, port: str) -> Running:
        """The public address is our own: the shop calls us back there."""
        return self._stack.enter_context(running("serve", "--port", port, db=self.db))

    @property
    def set_up_link(self) -> str:
        """What the server printed, for the first user."""
        assert self._server.prints("/admin/setup/")
        [line] = [line for line in self._server.output if "/admin/setup/" in line]
        return line.split()[-1]

    def die(self) -> None:
        """The power fails."""
        self._server.process.kill()
        self._server.process.wait()

    def start_again(self) -> None:
        self._server = self._serve(str(urlsplit(self.server_url).port))

    def make(self, *arguments: str) -> str:
        """Run a command that succeeds; what it prints."""
        done = run(*arguments, db=self.db)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def add_user(self, name: str, role: str, subscriber: str = "") -> str:
        """The password that is made."""
        of = ("--subscriber", subscriber) if subscriber else ()
        printed = self.make("user", "add", name, "--role", role, *of, "--generate")
        return printed.split()[-1]

    async def order(self, count: int, *, stage: bool = True) -> PlacedOrder:
        """A buyer orders; the order is approved, and at the stage unless it is to wait."""
        placed = await self.shop.place_order(plain_order(SITE, TOTE, count))
        for item in placed.items:
            if stage:
                await self.shop.move_to_stage(placed.order_number, item, STAGE)
        return placed

    async def order_with_artwork(self) -> PlacedOrder:
        """Waits for approval."""
        return await self.shop.place_order(live_order(SITE, KIT))

    async def until(self, name: str, state: str, count: int) -> None:
        """Wait until so many lines of a company are in a state."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.orders(name, state)) < count:
                await asyncio.sleep(0.05)

    def orders(self, name: str, state: str) -> list[str]:
        """Numbers of orders with a line in a state."""
        sql = "select order_number from order_lines where subscriber = ? and state = ?"
        with closing(sqlite.connect(f"file:{self.db}?mode=ro", uri=True, timeout=30)) as db:
            return [number for (number,) in db.execute(sql, [name, state])]

    async def apply(self, name: str, title: str, number: int, **rules: dict[str, Any]) -> None:
        """A company as a settings file has it, installed in the shop."""
        shop = {**await self.shop.connector_settings(), "pricing_engine_name": title}
        mis = {**await self.mis.connector_settings(), "answer_within_s": ANSWER_WITHIN_S}
        # two companies that share an account of the MIS have references of their own
        prefix = "" if number == 117 else f"{number}-{name[:3]}-"
        orders = {"trigger_stage": STAGE, "private_files": True, "reference_prefix": prefix}
        orders |= rules.pop("orders", {})
        settings = {
            "title": title,
            "external_user_id": number,
            "orders": orders,
            **rules,
            "connectors": {"pressero": shop, "tharstern": mis},
        }
        file = self._folder / f"{name}.toml"
        file.write_text(tomli_w.dumps({"subscribers": {name: settings}}), "utf-8")
        self.make("subscriber", "apply", str(file), "--yes")
        self.make("subscriber", "install", name, "--public-url", self.server_url)


@asynccontextmanager
async def new_office() -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        yield Office(stack, folder)
