"""Processes that carry an order and kill themselves at the point that they are told.

A point is before and after every commit and every outgoing call. They are forked from a server that has
imported everything already, so that hundreds of them cost seconds.
"""

import asyncio
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from makeready.flows.handlers import engine_for
from makeready.flows.kinds import FILE, LOOK, MARK, RESOLVE, SUBMIT
from makeready.http import Outbound
from makeready.installation import Installation
from makeready.logs import configure
from makeready.plugins import connector_types
from makeready.store import Store
from makeready.store.database import Database
from makeready.store.work import NewWork
from makeready.vault import Vault

AN_ORDER_S_WAY = frozenset(
    {LOOK, SUBMIT, RESOLVE, MARK, FILE}
)  # comparing would take in the orders of the other runs


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
        self._database = Database(path)
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
        self._outbound = Outbound()
        self._points = points

    def for_connector(self, subscriber: str, connector: str, limit: Any) -> MortalHttp:
        return MortalHttp(self._outbound.for_connector(subscriber, connector, None), self._points)

    async def aclose(self) -> None:
        await self._outbound.aclose()


async def carry(path: Path, order: str, offset_s: float, crash_at: int) -> int:
    points = Points(crash_at)
    store = Store(MortalDatabase(path, points))
    vault = Vault(path.with_name(path.name + ".key"))
    installation = Installation(
        store, vault, connector_types(), MortalOutbound(points), clock=lambda: time.time() + offset_s
    )
    due_at = time.time() + offset_s
    await store.work.add([NewWork(subscriber="northfield", kind=LOOK, key=order, due_at=due_at)])
    engine = engine_for(installation, only=AN_ORDER_S_WAY)
    while await engine.run_due():
        pass
    await installation.aclose()
    return points.passed


def _main(path: Path, order: str, offset_s: float, crash_at: int, passed: Any) -> None:
    configure(level=logging.CRITICAL)
    passed.value = asyncio.run(carry(path, order, offset_s, crash_at))


CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["makeready.flows.handlers", "makeready_pressero.plugin", "makeready_tharstern.plugin"]
)


def run_child(path: Path, order: str, offset_s: float = 0, crash_at: int = 0) -> tuple[int, int]:
    """Exit code, and how many points were passed. ``crash_at`` 0 never dies."""
    passed = CONTEXT.Value("i", 0)
    child = CONTEXT.Process(target=_main, args=(path, order, offset_s, crash_at, passed))
    child.start()
    child.join(60)
    assert child.exitcode is not None, "the child hangs"
    code, points = child.exitcode, passed.value
    child.close()
    return code, points
