"""A server does not go on without its engine: one that ends is told, and begins again."""

import asyncio
from typing import Protocol

import structlog

from makeready.engine.trouble import pause_s

log = structlog.get_logger("makeready.engine")


class Runs(Protocol):
    """See `makeready.engine.Engine`."""

    async def run(self, stop: asyncio.Event) -> None: ...


async def keep_running(engine: Runs, stop: asyncio.Event) -> None:
    """Run it until ``stop`` is set, again whenever it ends by an error that nobody foresaw."""
    ended = 0
    while not stop.is_set():
        try:
            await engine.run(stop)
        except Exception as exc:
            ended += 1
            log.critical("the engine ended by a defect; it is started again", exc_info=exc)
            await asyncio.wait({stopping := asyncio.create_task(stop.wait())}, timeout=pause_s(ended))
            stopping.cancel()
