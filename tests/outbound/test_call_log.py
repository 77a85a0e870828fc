"""Notes beside the work: written together, kept while the disk does not take them, never too many."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from makeready.outbound import call_log
from makeready.outbound.call_log import CallLog
from makeready.outbound.model import CallRow
from makeready.prices.model import PriceOutcome
from makeready.stores import Store
from makeready_admin.activity.store import Activity, CallFilter
from makeready_admin.home.store import Traffic
from makeready_prices.latency import answer_key
from noted import call


class Disk:
    """Where notes are kept in a test; ``full`` while it is said so."""

    def __init__(self) -> None:
        self.full = False
        self.batches: list[list[CallRow]] = []
        self.counts: dict[str, int] = {}
        self.written = asyncio.Event()

    async def keep(self, calls: Sequence[CallRow]) -> None:
        if self.full:
            raise OSError("no space left")
        self.batches.append(list(calls))
        self.written.set()

    async def add(self, counts: Mapping[str, int]) -> None:
        self.counts |= counts


async def test_calls_of_a_while_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_log, "WITHIN_S", 0.02)
    disk = Disk()
    notes = CallLog(disk.keep, disk.add)
    for at in (1.0, 2.0, 3.0):
        notes.call(call(at))
    await asyncio.wait_for(disk.written.wait(), 5)
    notes.call(call(4.0))
    await notes.aclose()
    assert [[one.at for one in batch] for batch in disk.batches] == [[1.0, 2.0, 3.0], [4.0]]


async def test_what_the_disk_does_not_take_is_kept_for_the_next_time_and_no_more_than_memory_allows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(call_log, "MOST_WAITING", 3)
    disk = Disk()
    disk.full = True
    notes = CallLog(disk.keep, disk.add)
    notes.call(call(1.0))
    notes.count("a price")
    assert not await notes.flush()
    for at in (2.0, 3.0, 4.0, 5.0):
        notes.call(call(at))
    disk.full = False
    await notes.aclose()
    assert [[one.at for one in batch] for batch in disk.batches] == [[1.0, 2.0, 3.0]]
    assert disk.counts == {"a price": 1}


async def test_two_processes_add_to_the_same_hours(store: Store) -> None:
    for _ in range(2):
        notes = CallLog(store.calls.keep, store.price_counts.add)
        notes.call(call(7200.0, status=500, ms=30.0))
        for _ in range(3):
            notes.count(answer_key("northfield", PriceOutcome.ASKED, 100.0, 7200.0))
        await notes.aclose()
    [hour] = await store.calls.totals("northfield", 2)
    assert (hour.hour, hour.calls, hour.failed, hour.ms) == (2, 2, 2, 60.0)
    [count] = await Traffic(store.database).prices("northfield", 2)
    assert (count.outcome, count.n) == (PriceOutcome.ASKED, 6)
    assert len(await Activity(store.database).calls("northfield", CallFilter(failed=True), limit=10)) == 2
