"""Calls that are refused: a caller's first ones of a minute are looked at, an address's first are told and kept."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import structlog
from cachetools import TTLCache
from makeready_hooks.errors import CallRejected

from makeready.web.connections import is_shared

MINUTE_S = 60.0
LOOKED_AT = 60
"""Of one caller at one company's address, a minute, as long as no call of it is taken there: the next are turned away
unread. A shop's servers call for many companies: the secret of one may be wrong."""
TOLD = 20
"""At one address of ours, a minute: a line of the log each. The others are told in one line."""
KEPT = 20
"""Of one company, a minute, for a person to look at."""
MOST_CALLERS = 10_000

_NONE: Counter[str] = Counter()

log = structlog.get_logger("makeready.web")


class Refusals:
    """For one server. Behind a server in front that does not name its callers, nobody is turned away."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._callers: TTLCache[tuple[str, str], Counter[str]] = TTLCache(
            MOST_CALLERS, MINUTE_S, timer=steady
        )
        self._steady, self._some_until = steady, 0.0
        self._companies: Counter[str] = Counter()
        self._paths: Counter[str] = Counter()
        self._minute: asyncio.TimerHandle | None = None

    def check(self, scope: Any) -> None:
        """Raises CallRejected for a caller of whom too much was refused, and nothing taken."""
        if self._steady() > self._some_until:
            return
        caller = _caller(scope)
        if self._callers.get(caller, _NONE)["refused"] >= LOOKED_AT and not is_shared(caller[0]):
            raise CallRejected(
                "Too many calls from your address were refused.", status=429, fix="Try again in a minute."
            )

    def taken(self, scope: Any) -> None:
        if self._steady() <= self._some_until:
            self._callers.pop(_caller(scope), None)

    def keeps(self, company: str) -> bool:
        """Whether one more that is refused is kept."""
        return self._companies.get(company, 0) < KEPT

    def count(self, company: str) -> None:
        self._companies[company] += 1

    def told(self, scope: Any, *, status: int, reason: str) -> None:
        path = scope["route"].path
        self._some_until = self._steady() + MINUTE_S
        self._callers.setdefault(_caller(scope), Counter())["refused"] += 1
        self._paths[path] += 1
        if self._paths[path] <= TOLD:
            log.warning("call rejected", path=path, status=status, reason=reason)
        if self._minute is None:
            self._minute = asyncio.get_running_loop().call_later(MINUTE_S, self.end_minute)

    def end_minute(self) -> None:
        """Tell the sum; at the server's end, too."""
        for path, count in self._paths.items():
            if count > TOLD:
                log.warning("more calls rejected", path=path, calls=count - TOLD, within_s=MINUTE_S)
        self._paths.clear()
        self._companies.clear()
        if self._minute is not None:
            self._minute.cancel()
            self._minute = None


def _caller(scope: Any) -> tuple[str, str]:
    return scope["client"][0] if scope.get("client") else "", scope["path"]
