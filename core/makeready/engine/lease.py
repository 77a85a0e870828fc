"""A lease is kept while its work is done. Work that another process has taken ends here."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from types import TracebackType

import structlog

from makeready.engine.trouble import Trouble

log = structlog.get_logger("makeready.engine")


class LeaseLost(Exception):
    """Another process does this work now."""


class Keeping:
    """An asynchronous block that renews a lease. Raises LeaseLost, in place of whatever it was doing, as soon as
    the lease is known to be another's.

    A renewal that fails says nothing of whose it is: as long as the store takes no changes from us, work goes on,
    for what may happen only once is written there before it begins. It is tried again until the store answers.
    """

    def __init__(
        self, renew: Callable[[], Awaitable[bool]], trouble: Trouble, *, every_s: float, again_s: float = 1.0
    ) -> None:
        self._renew = renew
        self._trouble = trouble
        self._every_s = every_s
        self._again_s = again_s
        self._lost = False

    async def __aenter__(self) -> None:
        self._doing = asyncio.current_task()
        self._renewing = asyncio.create_task(self._keep())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._renewing
        if self._lost and self._doing is not None:
            self._doing.uncancel()
            if kind is asyncio.CancelledError:
                raise LeaseLost from error

    async def _keep(self) -> None:
        pause = self._every_s
        while True:
            await asyncio.sleep(pause)
            try:
                ours = await self._renew()
            except Exception as exc:  # noqa: BLE001 - told by the trouble
                self._trouble.failed(exc)
                pause = self._again_s
                continue
            pause = self._every_s
            if not ours and self._doing is not None:
                self._lost = True
                self._doing.cancel()
                return
