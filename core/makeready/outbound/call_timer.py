"""One call that is under way, noted when it ends. Never its query, headers or body: they hold secrets."""

import logging
import time
from collections.abc import Callable
from functools import partial

import structlog
from msgspec import Struct, field, structs

from makeready.outbound.model import CallRow

MOST_TEXT = 300
"""Characters of a path, and of an error, that are kept."""

log = structlog.get_logger("makeready.http")

Note = Callable[[CallRow], None]
"""Told of every call when it has ended. It must be quick."""
StartCall = Callable[[str, str, str], "CallTimer"]
"""``begin(method, host, path)`` when a call leaves."""


class CallTimer(Struct, frozen=True):
    """Made when the call leaves."""

    note: Note
    subscriber: str
    connector: str
    at: float
    host: str
    method: str
    path: str
    clean: Callable[[str], str]
    """Takes secrets out."""
    started: float = field(default_factory=time.perf_counter)

    def ended(self, *, status: int = 0, error: str = "", size: int = 0) -> None:
        """With an answer, or with why there is none."""
        call = CallRow(
            subscriber=self.subscriber,
            connector=self.connector,
            at=self.at,
            host=self.host,
            method=self.method,
            path=_short(self.clean(self.path)),
            status=status,
            error=_short(self.clean(error)),
            ms=round((time.perf_counter() - self.started) * 1000, 1),
            size=size,
        )
        self.note(call)


def start_call(
    note: Note,
    clock: Callable[[], float],
    subscriber: str,
    connector: str,
    clean: Callable[[str], str] = str,
) -> StartCall:
    """Of a subscriber's connector."""
    if log.is_enabled_for(logging.DEBUG):  # asked once: it takes as long as the rest of a note
        note = partial(_shown, note)
    return lambda method, host, path: CallTimer(
        note, subscriber, connector, clock(), host, method, path, clean
    )


def _shown(note: Note, call: CallRow) -> None:
    log.debug("call", **structs.asdict(call))
    note(call)


def _short(text: str) -> str:
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}..."


def ignore(call: CallRow) -> None:
    """For whoever wants no notes."""
