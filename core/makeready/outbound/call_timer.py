"""One call that is under way, noted when it ends. Never its query, headers or body: they hold secrets."""

import time
from collections.abc import Callable

import structlog
from msgspec import structs

from makeready.outbound.model import CallRow

MOST_TEXT = 300
"""Characters of a path, and of an error, that are kept."""

log = structlog.get_logger("makeready.http")

Note = Callable[[CallRow], None]
"""Told of every call when it has ended. It must be quick."""
StartCall = Callable[[str, str, str], "CallTimer"]
"""``begin(method, host, path)`` when a call leaves."""


class CallTimer:
    """Made when the call leaves."""

    def __init__(
        self,
        note: Note,
        *,
        subscriber: str,
        connector: str,
        at: float,
        host: str,
        method: str,
        path: str = "",
    ) -> None:
        self._note = note
        self._subscriber = subscriber
        self._connector = connector
        self._at = at
        self._host = host
        self._method = method
        self._path = _short(path)
        self._started = time.perf_counter()

    def ended(self, *, status: int = 0, error: str = "", size: int = 0) -> None:
        """With an answer, or with why there is none."""
        call = CallRow(
            subscriber=self._subscriber,
            connector=self._connector,
            at=self._at,
            host=self._host,
            method=self._method,
            path=self._path,
            status=status,
            error=_short(error),
            ms=round((time.perf_counter() - self._started) * 1000, 1),
            size=size,
        )
        log.debug("call", **structs.asdict(call))
        self._note(call)


def _short(text: str) -> str:
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}..."


def host_of(url: str) -> str:
    """With its port, without a name and password; also of what is no address at all."""
    rest = url.partition("//")[2]
    return rest.partition("/")[0].partition("?")[0].rpartition("@")[2]


def ignore(call: CallRow) -> None:
    """For whoever wants no notes."""
