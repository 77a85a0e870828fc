"""Every request to the API, its answer and its effects: the judge of "nothing lost, nothing doubled"."""

import time
from collections import deque
from typing import Any

from msgspec import Struct

from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.replies import Answer

_LOGIN = "authentication/"
_LIMIT = 100_000
_CHARS, _CHARS_OF_READS = 20_000, 2_000
"""What is kept of a body or an answer, so that a long run does not fill the memory."""


class Entry(Struct, kw_only=True):
    """One request. Effects that come late are added to the entry of the request that caused them."""

    n: int
    """From 1, without gaps."""
    at: float
    """Seconds since the epoch."""
    verb: str
    function: str
    query: str
    """Without the query of a login, which carries a password."""
    body: str
    """Its first 20,000 characters. Bodies of order submissions are kept whole elsewhere."""
    effects: list[dict[str, Any]]
    faults: tuple[str, ...] = ()
    status: int | None = None
    """None if no answer left."""
    answer: str = ""
    """Its beginning: 2,000 characters for a reading call, else 20,000."""
    answer_bytes: int = 0
    ms: float = 0.0


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_LIMIT)
        self._last = 0

    def open(self, call: Call) -> Entry:
        """Note a request as it arrives; its effects and its answer are filled in as they come."""
        self._last += 1
        entry = Entry(
            n=self._last,
            at=time.time(),
            verb=call.verb,
            function=call.function,
            query="…" if call.function.startswith(_LOGIN) else call.query_text,
            body=call.body[:_CHARS].decode(errors="backslashreplace"),
            effects=call.effects,
            faults=call.faults,
        )
        self._entries.append(entry)
        return entry

    def close(self, entry: Entry, answer: Answer | None) -> None:
        """Note what left for the client; None for a connection that was cut."""
        entry.ms = round((time.time() - entry.at) * 1000, 3)
        if answer:
            kept = _CHARS_OF_READS if entry.verb == "GET" else _CHARS
            entry.status = answer.status
            entry.answer_bytes = len(answer.body)
            entry.answer = answer.body[:kept].decode(errors="replace")
            if entry.function.startswith(_LOGIN):
                entry.answer = "…"

    def entries(self, since: int = 0) -> list[Entry]:
        """Those after the entry with that number, oldest first."""
        if since <= 0:
            return list(self._entries)
        return [entry for entry in self._entries if entry.n > since]

    @property
    def dropped(self) -> int:
        """Entries that were forgotten because there were too many."""
        return self._last - len(self._entries)

    def clear(self) -> None:
        self._entries.clear()
        self._last = 0
