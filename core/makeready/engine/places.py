"""Which work may be begun now: so much runs at once in all, of a kind, and of a company, and some is kept for others."""

from collections import Counter
from collections.abc import Collection, Iterable

from makeready.engine.model import WorkType

MAX_RUNNING, MAX_OF_KIND = 64, 32
FOR_OTHERS = 4
"""The last of these places, one in so many, are for subscribers that have none yet: however many of one hang, there is
room for the next."""


class Places:
    """``running``: kind and subscriber of each batch that runs."""

    def __init__(self, running: Iterable[tuple[str, str]]) -> None:
        self._running = Counter(running)

    def take(self, kind: str, subscriber: str) -> None:
        self._running[kind, subscriber] += 1

    def has_room(self, kind: str) -> bool:
        return self._running.total() < MAX_RUNNING and sum(self._of(kind).values()) < MAX_OF_KIND

    def busy(self, kind: str) -> Collection[str]:
        """Subscribers who have some, and come after those who have none."""
        return list(self._of(kind))

    def full(self, work_type: WorkType) -> Collection[str]:
        """Subscribers who have their share."""
        busy = self._of(work_type.kind)
        full = {one for one, count in busy.items() if count >= work_type.max_per_subscriber}
        if sum(busy.values()) >= MAX_OF_KIND - MAX_OF_KIND // FOR_OTHERS:
            full |= set(busy)
        if self._running.total() >= MAX_RUNNING - MAX_RUNNING // FOR_OTHERS:
            full |= {subscriber for _, subscriber in self._running}
        return list(full)

    def _of(self, kind: str) -> dict[str, int]:
        return {subscriber: count for (one, subscriber), count in self._running.items() if one == kind}
