"""Processes that carry an order, import a product, or compress old records, and kill themselves where they are told.

A point is before and after every commit and every outgoing call. They are `forked`, so that hundreds of them
cost seconds.
"""

import asyncio
import contextlib
import logging
import os
import signal
import ssl
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from forked import CONTEXT, start_server
from makeready.engine.model import NewWork
from makeready.installation import Installation
from makeready.logs import configure
from makeready.orders.artwork.model import FILE
from makeready.orders.model import FETCH_ORDER, MARK, RESOLVE, SUBMIT
from makeready.outbound import sockets
from makeready.outbound.addresses import Reach
from makeready.outbound.client import Outbound
from makeready.plugins import connectors, load_tables
from makeready.products.model import JobState
from makeready.storage.database import Database
from makeready.stores import Store
from makeready.subscribers.secrets import Vault
from makeready.work import engine_for
from makeready_hooks.errors import Refused
from makeready_imports import jobs
from makeready_imports.choices import Existing, ImportRequest
from makeready_imports.importer import IMPORT
from makeready_imports.markups.change import MARKUP
from makeready_imports.markups.plan import plan_markups
from makeready_imports.plan import plan_import
from makeready_records import keep

AN_ORDER_S_WAY = frozenset(
    {FETCH_ORDER, SUBMIT, RESOLVE, MARK, FILE}
)  # comparing would take in the orders of the other runs


TYPES = connectors().types


class Points:
    def __init__(self, crash_at: int) -> None:
        self.passed = 0
        self._crash_at = crash_at

    def reach(self) -> None:
        self.passed += 1
        if self.passed == self._crash_at:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalDatabase:
    def __init__(self, path: Path, points: Points) -> None:
        self._database = Database(path, load_tables())
        self._points = points

    async def write(self, change: Callable[[Any], Any]) -> Any:
        self._points.reach()
        result = await self._database.write(change)
        self._points.reach()
        return result

    async def read(self, query: Callable[[Any], Any]) -> Any:
        return await self._database.read(query)

    def close(self) -> None:
        self._database.close()


class MortalHttp:
    def __init__(self, http: Any, points: Points) -> None:
        self._http = http
        self._points = points

    async def send(self, request: Any) -> Any:
        self._points.reach()
        answer = await self._http.send(request)
        self._points.reach()
        return answer


class MortalOutbound:
    def __init__(self, points: Points) -> None:
        no_certificates = ssl.SSLContext(
            ssl.PROTOCOL_TLS_CLIENT
        )  # reading them takes longer than an order does
        self._outbound = Outbound(
            transport=sockets.GuardedTransport(no_certificates, Reach.read("127.0.0.1"))
        )
        self._points = points

    def for_connector(self, subscriber: str, connector: str, limit: Any) -> MortalHttp:
        return MortalHttp(self._outbound.for_connector(subscriber, connector, None), self._points)

    def clock_skew(self, subscriber: str, connector: str) -> float | None:
        return self._outbound.clock_skew(subscriber, connector)

    async def aclose(self) -> None:
        await self._outbound.aclose()


async def _look(installation: Installation, order: str) -> None:
    work = NewWork(subscriber="northfield", kind=FETCH_ORDER, key=order, due_at=installation.clock())
    await installation.store.work.add([work])


async def _import(installation: Installation, product: str) -> None:
    """Plan an import of the product and run it, or go on with the one that there is."""
    subscriber = await installation.subscriber("northfield")
    known = await installation.store.imports.jobs("northfield")
    if not known:
        choices = {"categories": ("Stationery",), "upload_required": True, "markup_percent": "5"}
        wish = ImportRequest(
            site="shop.northfield.example", product_ids=(product,), existing=Existing.NEW, **choices
        )
        await plan_import(installation, subscriber, wish)
    for job in await installation.store.imports.jobs("northfield"):
        if job.state == JobState.PLANNED:
            with contextlib.suppress(Refused):  # another process ran it meanwhile, to its end
                await jobs.start(installation, subscriber, job.id)


async def _mark_up(installation: Installation, product: str) -> None:
    """Plan another mark-up of a product that is in the shop and run it, or go on with the one that there is."""
    subscriber = await installation.subscriber("northfield")
    known = await installation.store.imports.jobs("northfield")
    if not any(job.choices.changes_markup for job in known):
        await plan_markups(installation, subscriber, "shop.northfield.example", "30", (product,))
    for job in await installation.store.imports.jobs("northfield"):
        if job.state == JobState.PLANNED:
            with contextlib.suppress(Refused):
                await jobs.start(installation, subscriber, job.id)


async def _keep_records(installation: Installation, what: str) -> None:
    """In steps that are small, so that there are many."""
    keep.ORDERS = keep.WEBHOOKS = 5
    now = installation.clock()
    work = NewWork(subscriber="northfield", kind=keep.KEEP_RECORDS, key=what, due_at=now)
    await installation.store.work.add([work])


ERRANDS = {
    "records": (_keep_records, frozenset({keep.KEEP_RECORDS})),
    "order": (_look, AN_ORDER_S_WAY),
    "import": (_import, frozenset({IMPORT})),
    "mark-up": (_mark_up, frozenset({MARKUP})),
}


async def carry(path: Path, errand: str, what: str, offset_s: float, crash_at: int) -> int:
    begin, kinds = ERRANDS[errand]
    points = Points(crash_at)
    store = Store(MortalDatabase(path, points))
    vault = Vault(path.with_name(path.name + ".key"))
    installation = Installation(
        store, vault, TYPES, MortalOutbound(points), clock=lambda: time.time() + offset_s
    )
    await begin(installation, what)
    engine = engine_for(installation, only=kinds)
    while await engine.run_due():
        pass
    await installation.aclose()
    return points.passed


def _main(path: Path, errand: str, what: str, offset_s: float, crash_at: int, passed: Any) -> None:
    configure(level=logging.CRITICAL)
    passed.value = asyncio.run(carry(path, errand, what, offset_s, crash_at))


def run_child(
    path: Path, what: str, offset_s: float = 0, crash_at: int = 0, *, errand: str = "order"
) -> tuple[int, int]:
    """Exit code, and how many points were passed. ``crash_at`` 0 never dies."""
    [ended] = run_children(path, what, offset_s, [crash_at], errand=errand)
    return ended


def run_children(
    path: Path, what: str, offset_s: float, crashes_at: Sequence[int], *, errand: str
) -> list[tuple[int, int]]:
    """Several at the same time, over the same state."""
    start_server()
    started = []
    for crash_at in crashes_at:
        passed = CONTEXT.Value("i", 0)
        child = CONTEXT.Process(target=_main, args=(path, errand, what, offset_s, crash_at, passed))
        child.start()
        started.append((child, passed))
    ended = []
    for child, passed in started:
        child.join(60)
        assert child.exitcode is not None, "the child hangs"
        ended.append((child.exitcode, passed.value))
        child.close()
    return ended
