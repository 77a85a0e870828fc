"""Everything that a part measures, as processes on loopback: emulators, server, workers, and the yardstick."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import tomli_w
from benchmarks.webhooks import KEY
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from processes import Running, run, running, started
from pysqlite3 import dbapi2 as sqlite

SITE, STAGE = "shop.northfield.example", "Tharstern Xfr"
NAME, NUMBER = "northfield", 117
SHOP = Path(__file__).with_name("shop.toml")
NO_LIMIT = ("--switch", "rate-limit=off")
NO_ARTWORK = ("--switch", "artwork=off")
NOWHERE = "http://127.0.0.1:1"
TICKS_S = os.sysconf("SC_CLK_TCK")
UNKNOWN_VENDORS: Mapping[str, Mapping[str, Any]] = {
    "pressero": {
        "admin_url": NOWHERE,
        "allow_plain_http": True,
        "user_name": "api@northfield.example",
        "password": "storefront",
        "subscriber_id": "28406876-c50c-4d16-b386-8f2824f19cef",
        "consumer_id": "7d0b6c52-93f4-4d0e-a8f1-5c2e9b3a4f60",
    },
    "tharstern": {
        "server_url": NOWHERE,
        "allow_plain_http": True,
        "login": "api@northfield.example",
        "password": "print",
        "api_key": "key",
        "customer_code": "WEB",
    },
}
"""For parts that call nobody."""


class Whole:
    """One company on both vendors' emulators, or on none. Used as a context: it ends what it starts."""

    def __init__(self, *, prefix: str = "makeready-bench-") -> None:
        self._stack = ExitStack()
        self._prefix = prefix
        self.connectors: dict[str, dict[str, Any]] = {
            name: dict(one) for name, one in UNKNOWN_VENDORS.items()
        }
        self.workers: list[Running] = []
        self.shop: Running
        self.mis: Running
        self.server: Running

    def __enter__(self) -> "Whole":
        self.folder = Path(self._stack.enter_context(TemporaryDirectory(prefix=self._prefix)))
        self.db = self.folder / "makeready.db"
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def yardstick(self) -> Running:
        env = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return self._stack.enter_context(started([sys.executable, "-m", "benchmarks.yardstick"], env))

    async def emulate(self, *shop: str, mis: tuple[str, ...] = NO_ARTWORK) -> None:
        """Start both vendors, and take the settings with which one signs in."""
        self.shop = self._running("emulate", "pressero", *shop)
        self.mis = self._running("emulate", "tharstern", *mis)
        self.shop_driver, self.mis_driver = PRESSERO.driver(self.shop.url), THARSTERN.driver(self.mis.url)
        for name, driver in (("pressero", self.shop_driver), ("tharstern", self.mis_driver)):
            self.connectors[name] = dict(await driver.connector_settings())

    async def aclose(self) -> None:
        await self.shop_driver.aclose()
        await self.mis_driver.aclose()

    def apply(self, *, own_key: bool = False, **rules: Any) -> None:
        """Settings of the company. ``own_key``: webhooks are signed here, and no shop is asked for any."""
        connectors = {name: dict(one) for name, one in self.connectors.items()}
        if own_key:
            connectors["pressero"]["webhook_key"] = KEY
        self.apply_all({NAME: {"external_user_id": NUMBER, "connectors": connectors, **rules}})

    def apply_all(self, companies: Mapping[str, Any]) -> None:
        file = self.folder / "subscribers.toml"
        file.write_text(tomli_w.dumps({"subscribers": companies}))
        self.made("subscriber", "apply", str(file), "--yes")

    def made(self, *arguments: str, timeout_s: float = 7200) -> str:
        """What a command prints; it must succeed."""
        done = run(*arguments, db=self.db, timeout_s=timeout_s)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def serve(self, *arguments: str, workers: int = 0) -> None:
        """``workers``: so many processes beside the server do the work; 0 if it does that itself."""
        alone = ("--no-work",) if workers else ()
        self.server = self._running(
            "serve", "--port", "0", "--public-url", NOWHERE, *alone, *arguments, db=self.db
        )
        says = r"works on (\S+)"
        self.workers = [self._running("worker", db=self.db, says=says) for _ in range(workers)]

    def install(self) -> None:
        """In the vendors' accounts, so that the shop sends its webhooks."""
        self.made("subscriber", "install", NAME, "--public-url", self.server.url)

    def address(self, name: str) -> str:
        """Of the shop's webhooks, or of its price questions, as the server takes them."""
        shown = json.loads(self.made("subscriber", "show", NAME, "--json"))
        return self.server.url + urlsplit(shown["addresses"]["pressero"][name]).path

    @property
    def ours(self) -> tuple[Running, ...]:
        """Server and workers."""
        return (self.server, *self.workers)

    def _running(self, *arguments: str, **options: Any) -> Running:
        return self._stack.enter_context(running(*arguments, env={}, **options))


@contextmanager
def looking(db: Path) -> Iterator[Any]:
    """For short reads beside the server: a long one would hold up its journal."""
    with closing(sqlite.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        yield connection


def cpu_s(*processes: Running) -> float:
    """Seconds of processor time so far, of the user and of the system."""
    total = 0
    for one in processes:
        fields = Path(f"/proc/{one.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS_S


def memory_mb(process: Running, *, most: bool = False) -> float:
    """Resident now, or the most so far."""
    status = Path(f"/proc/{process.process.pid}/status").read_text("ascii")
    return int(status.split("VmHWM:" if most else "VmRSS:")[1].split()[0]) / 1000


async def quiet(
    *processes: Running, share: float = 0.05, seconds: float = 0.5, patience_s: float = 60
) -> None:
    """Until they take nearly no processor time any more."""
    for _ in range(int(patience_s / seconds)):
        before = cpu_s(*processes)
        await asyncio.sleep(seconds)
        if cpu_s(*processes) - before <= share * seconds:
            return
