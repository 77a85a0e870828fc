"""``GET /readyz``: whether work that is taken in now is kept and done."""

import asyncio
import time
from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from makeready.extensions import installed
from makeready.installation import Installation
from makeready.storage.errors import StateFileError

PATIENCE_S = 3.0
"""A change that takes longer is not taken: who asks has a deadline of its own."""
KEPT_S = 1.0
"""However often and by how many it is asked, there is one probe a second."""

log = structlog.get_logger("makeready.web")


class Readiness:
    """Says 503 with a reason while due work is not done or the state file does not take changes.

    It is found out by a change that is made for it, so that it heals by itself and is not flattered by a disk
    that was full since the last webhook.
    """

    def __init__(self, installation: Installation, trouble_of_work: Callable[[], str]) -> None:
        """``trouble_of_work``: why due work is not done; empty if it is."""
        self._installation = installation
        self._trouble_of_work = trouble_of_work
        self._probe: asyncio.Task[str] | None = None
        self._until = 0.0

    async def answer(self, request: Request) -> Response:
        trouble = await self._trouble_of_store() or self._trouble_of_work()
        if trouble:
            return JSONResponse({"ready": False, "error": trouble}, 503)
        try:
            subscribers = await self._installation.store.subscribers.all()
        except StateFileError as exc:
            return JSONResponse({"ready": False, "error": str(exc)}, 503)
        told = {"plugins_in_trouble": names} if (names := self._plugins_in_trouble()) else {}
        return JSONResponse({"ready": True, "subscribers": len(subscribers), **told})

    def _plugins_in_trouble(self) -> list[str]:
        """Names alone: this address is everybody's. Why, says the server's page."""
        broken = [*self._installation.broken_plugins, *installed().broken]
        defects = (one.key.connector for one in self._installation.hook_troubles.of())
        return sorted({*(one.name for one in broken), *defects})

    async def _trouble_of_store(self) -> str:
        done, _ = await asyncio.wait({self._latest_probe()}, timeout=PATIENCE_S)
        for probe in done:
            return probe.result()
        return f"the state file does not take changes within {PATIENCE_S:g} seconds"

    def _latest_probe(self) -> asyncio.Task[str]:
        if self._probe is None or (self._probe.done() and time.monotonic() > self._until):
            self._probe = asyncio.create_task(self._try())
        return self._probe

    async def _try(self) -> str:
        try:
            await self._installation.store.work.probe()
            self._installation.store.database.check_room()
        except StateFileError as exc:
            return f"the state file does not take changes: {exc}"
        finally:
            self._until = time.monotonic() + KEPT_S
        return ""

    async def aclose(self) -> None:
        if self._probe is not None:
            await asyncio.wait({self._probe})
