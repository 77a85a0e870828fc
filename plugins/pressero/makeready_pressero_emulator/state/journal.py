"""Every request, its answer and what it changed: the judge of "nothing lost, nothing doubled"."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from makeready_pressero_emulator.state.clock import Clock, written

BODY_LIMIT = 20_000
"""Bytes of a body that are kept."""


class Entry(Struct, kw_only=True):
    n: int
    at: str
    client: str
    method: str
    path: str
    query: str
    request: str = ""
    status: int | None = None
    """None while it runs, and for a request that never got an answer."""
    answer: str = ""
    fault: str = ""
    ms: float = 0.0
    effects: list[dict[str, Any]] = field(default_factory=list)
    """What it changed, in order: ``{"effect": "order-created", "order": 6994}``. May grow later."""


class Journal:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: list[Entry] = []

    def open(self, client: str, method: str, path: str, query: str) -> Entry:
        entry = Entry(
            n=len(self.entries) + 1,
            at=written(self._clock.now()) or "",
            client=client,
            method=method,
            path=path,
            query=query,
        )
        self.entries.append(entry)
        return entry

    def after(self, n: int) -> Iterable[Entry]:
        """Entries with a higher number than ``n``."""
        return self.entries[max(n, 0) :]

    def clear(self) -> None:
        self.entries.clear()


def kept(body: bytes) -> str:
    """A body as the journal keeps it."""
    return body[:BODY_LIMIT].decode("utf-8", "replace")
