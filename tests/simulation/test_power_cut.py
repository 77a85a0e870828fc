"""The power fails: whatever the disk kept beyond what was synchronised, every acknowledged webhook is there.

A state file is copied as a power cut would leave it: the log up to some byte, and behind what had been
synchronised any mixture of what was written, zeros and noise. A commit synchronises the log before it is
acknowledged (`test_database.py` holds the setting), so the log's size at an acknowledgement is what a cut
must leave.
"""

import asyncio
import random
import shutil
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from makeready.engine.model import NewWork
from makeready.engine.store import WorkQueue
from makeready.orders.store.readings import note_announced
from makeready.plugins import load_tables
from makeready.storage.database import Database
from makeready.webhooks.model import Delivery
from makeready.webhooks.store import Inbox
from msgspec import Struct

pytestmark = pytest.mark.long

SECTOR = 512
PAGE = 4096
NEVER = "pragma wal_autocheckpoint = 0"
GROUPS = (1, 1, 5, 1, 17, 2, 1, 40, 1, 3)
BODIES = (b"", b"{}", b"x" * 900, b"y" * 20_000)


class Acknowledged(Struct, frozen=True, kw_only=True):
    """What was acknowledged when the log had a size."""

    size: int
    keys: frozenset[str]


class Recording(Struct, frozen=True, kw_only=True):
    """The files of a state while it was being written, and what had been promised when."""

    file: bytes
    log: bytes
    promises: tuple[Acknowledged, ...]
    sent: tuple[Delivery, ...]

    def __repr__(self) -> str:
        return f"<a recording of {len(self.log)} bytes>"

    def promised(self, size: int) -> frozenset[str]:
        """What a log that was synchronised up to ``size`` must hold."""
        at = bisect_right([one.size for one in self.promises], size)
        return self.promises[at - 1].keys if at else frozenset()


class Contents(Struct, frozen=True, kw_only=True):
    deliveries: dict[str, Delivery]
    wanted: dict[str, int]
    """How often each order's work was asked for."""
    verdict: list[str]
    """SQLite's own, on the file."""

    def check(self, promised: frozenset[str], sent: tuple[Delivery, ...]) -> None:
        assert self.verdict == ["ok"]
        assert promised - self.deliveries.keys() == set(), "acknowledged, and lost"
        known = {one.key: one.body for one in sent}
        assert all(known[key] == one.body for key, one in self.deliveries.items())
        assert self.wanted == Counter(one.order_number for one in self.deliveries.values())


def log_of(file: Path) -> Path:
    return file.with_name(file.name + "-wal")


def delivery(number: int) -> Delivery:
    """Some are of the same order, some fill many pages."""
    body = f"{number} ".encode() + BODIES[number % len(BODIES)]
    return Delivery(key=f"m-{number}", body=body, event="Changed", order_number=str(7000 + number // 3))


async def receive(inbox: Inbox, one: Delivery) -> bool:
    work = NewWork(subscriber="northfield", kind="fetch-order", key=one.order_number, due_at=1.0)
    return await inbox.receive("northfield", "pressero", one, now=1.0, work=work)


async def record(file: Path) -> Recording:
    """Groups of webhooks, each acknowledged as a whole, on a file whose log is never folded in."""
    database = Database(file, load_tables())
    await database.write(lambda db: db.execute(NEVER))
    inbox, keys = Inbox(database, note_announced), frozenset()
    promises = [Acknowledged(size=log_of(file).stat().st_size, keys=keys)]
    sent = [delivery(number) for number in range(sum(GROUPS))]
    waiting = iter(sent)
    for count in GROUPS:
        group = [next(waiting) for _ in range(count)]
        assert all(await asyncio.gather(*(receive(inbox, one) for one in group)))
        keys |= {one.key for one in group}
        promises.append(Acknowledged(size=log_of(file).stat().st_size, keys=keys))
    content, log = files(file)
    database.close()
    return Recording(file=content, log=log, promises=tuple(promises), sent=tuple(sent))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return asyncio.run(record(tmp_path_factory.mktemp("power") / "state.db"))


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Path]:
    """Names for the copies."""
    return (tmp_path / f"cut-{number}.db" for number in range(1_000_000))


def files(file: Path) -> tuple[bytes, bytes]:
    return file.read_bytes(), log_of(file).read_bytes()


def put(file: Path, content: bytes, log: bytes) -> Path:
    file.write_bytes(content)
    log_of(file).write_bytes(log)
    return file


def damaged(tail: bytes, seed: int) -> bytes:
    """What was not synchronised: sector by sector written, not written, or noise; ended anywhere."""
    drawn = random.Random(seed)  # noqa: S311 - reproducible
    kept = tail[: drawn.randint(0, len(tail))]
    sectors = [kept[at : at + SECTOR] for at in range(0, len(kept), SECTOR)]
    return b"".join(
        drawn.choice((sector, sector, bytes(len(sector)), drawn.randbytes(len(sector)))) for sector in sectors
    )


def _contents(db: Any) -> Contents:
    found = db.query("select key, body, event, order_number from deliveries")
    return Contents(
        deliveries={row["key"]: Delivery(**row) for row in found},
        wanted={row["key"]: row["generation"] for row in db.query("select key, generation from work")},
        verdict=[row["integrity_check"] for row in db.query("pragma integrity_check")],
    )


async def reopen(file: Path, sent: tuple[Delivery, ...] = ()) -> Contents:
    """What is there when the power is back. Then all is sent once more: what was kept is not new."""
    database = Database(file, load_tables())
    before = await database.read(_contents)
    new = await asyncio.gather(*(receive(Inbox(database, note_announced), one) for one in sent))
    fresh = {one.key for one, is_new in zip(sent, new, strict=True) if is_new}
    after = await database.read(_contents)
    database.close()
    assert fresh == {one.key for one in sent} - before.deliveries.keys()
    assert not sent or after.deliveries.keys() == {one.key for one in sent}
    return before


def cut(recording: Recording, file: Path, size: int, tail: bytes = b"") -> Contents:
    """The log is cut at ``size``, and something else may follow."""
    return asyncio.run(reopen(put(file, recording.file, recording.log[:size] + tail), recording.sent))


REPEATED = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@REPEATED
@given(part=st.floats(0, 1))
def test_a_log_cut_anywhere_holds_all_that_was_acknowledged_before(
    recording: Recording, places: Iterator[Path], part: float
) -> None:
    size = int(part * len(recording.log))
    cut(recording, next(places), size).check(recording.promised(size), recording.sent)


def test_a_cut_anywhere_while_a_state_file_is_made_leaves_one_that_can_be_made(
    recording: Recording, places: Iterator[Path]
) -> None:
    made = recording.promises[0].size
    for size in range(0, made, PAGE):
        cut(recording, next(places), size).check(frozenset(), recording.sent)


@REPEATED
@given(promise=st.integers(0, len(GROUPS)), seed=st.integers(0, 2**32))
def test_noise_behind_what_was_synchronised_harms_nothing_before_it(
    recording: Recording, places: Iterator[Path], promise: int, seed: int
) -> None:
    size = recording.promises[promise].size
    found = cut(recording, next(places), size, damaged(recording.log[size:], seed))
    found.check(recording.promised(size), recording.sent)


@REPEATED
@given(seed=st.integers(0, 2**32))
def test_a_cut_while_the_log_is_folded_into_the_file_loses_nothing(
    recording: Recording, places: Iterator[Path], seed: int
) -> None:
    file = put(next(places), recording.file, recording.log)
    Database(file, load_tables()).close()  # the last to close folds it in
    assert not log_of(file).exists()
    torn = _torn(recording.file, file.read_bytes(), seed)
    again = put(next(places), torn, recording.log)
    asyncio.run(reopen(again, recording.sent)).check(recording.promises[-1].keys, recording.sent)


def _torn(before: bytes, after: bytes, seed: int) -> bytes:
    """Each sector that was being written is new, old or noise."""
    drawn = random.Random(seed)  # noqa: S311 - reproducible
    old = before.ljust(len(after), b"\0")
    mixed = bytearray(after)
    for at in range(0, len(after), SECTOR):
        end = at + SECTOR
        if (
            old[at:end] != after[at:end] and at
        ):  # the file's own header is one sector, which disks write whole
            mixed[at:end] = drawn.choice((old[at:end], after[at:end], drawn.randbytes(SECTOR)))
    return bytes(mixed[: drawn.randint(len(before), len(after))])


async def test_files_copied_in_the_middle_of_a_burst_hold_what_was_acknowledged(
    tmp_path: Path, places: Iterator[Path]
) -> None:
    file, sent, acknowledged = tmp_path / "state.db", tuple(map(delivery, range(300))), set()
    copies: list[tuple[Path, frozenset[str]]] = []
    database = Database(file, load_tables())
    await database.write(lambda db: db.execute(NEVER))

    async def arrive(one: Delivery) -> None:
        await receive(Inbox(database, note_announced), one)
        acknowledged.add(one.key)
        if len(acknowledged) % 50 == 0:
            copies.append((copy(), frozenset(acknowledged)))

    def copy() -> Path:
        """As it is at this moment; the writer goes on meanwhile."""
        place = next(places)
        shutil.copyfile(file, place)
        shutil.copyfile(log_of(file), log_of(place))
        return place

    waves = (sent[start::7] for start in range(7))
    for wave in waves:
        await asyncio.gather(*(arrive(one) for one in wave))
    database.close()
    assert len(copies) == len(sent) // 50
    for place, promised in copies:
        (await reopen(place, sent)).check(promised, sent)


def test_a_cut_one_byte_before_the_end_of_a_commit_takes_this_commit_alone(
    recording: Recording, places: Iterator[Path]
) -> None:
    """The recorded sizes are exact: without this, a cut that cuts nothing would pass for a proof."""
    before, last = recording.promises[-2:]
    found = cut(recording, next(places), last.size - 1)
    assert found.deliveries.keys() >= before.keys
    assert not found.deliveries.keys() >= last.keys
    with pytest.raises(AssertionError):
        found.check(last.keys, recording.sent)


async def test_a_delivery_and_its_work_in_two_commits_would_be_noticed(
    tmp_path: Path, places: Iterator[Path]
) -> None:
    file, one = tmp_path / "state.db", delivery(1)
    database = Database(file, load_tables())
    await Inbox(database, note_announced).receive("northfield", "pressero", one, now=1.0, work=None)
    torn = put(next(places), *files(file))
    work = NewWork(subscriber="northfield", kind="fetch-order", key=one.order_number, due_at=1.0)
    await WorkQueue(database).add([work])
    database.close()
    with pytest.raises(AssertionError):
        (await reopen(torn)).check(frozenset({one.key}), (one,))
    (await reopen(file)).check(frozenset({one.key}), (one,))
