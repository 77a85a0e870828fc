"""What went wrong in connectors themselves, as this process has seen: told on the server's page and in a company's check."""

from collections.abc import Callable
from typing import NamedTuple

import structlog
from msgspec import Struct

log = structlog.get_logger("makeready.connectors")


class HookKey(NamedTuple):
    company: str
    connector: str
    hook: str


class HookTrouble(Struct, frozen=True, kw_only=True):
    """A hook that ended by a defect, answered nonsense, or held everything up."""

    key: HookKey
    text: str
    """Names the connector, its version and the hook."""
    at: float
    count: int = 1
    """Of this hook, for this company, since the process began."""


class HookTroubles:
    """The last of each company's connector and hook."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last: dict[HookKey, HookTrouble] = {}

    def note(self, key: HookKey, text: str, trace: str = "") -> None:
        """``trace``: what it was and where, in the plugin's words."""
        log.error("a connector has a defect", **key._asdict(), error=text, trace=trace)
        count = self._last[key].count + 1 if key in self._last else 1
        self._last[key] = HookTrouble(key=key, text=text, at=self._clock(), count=count)

    def of(self, company: str = "") -> list[HookTrouble]:
        """Of one company, or of all; the newest first."""
        found = [one for one in self._last.values() if company in ("", one.key.company)]
        return sorted(found, key=lambda one: one.at, reverse=True)
