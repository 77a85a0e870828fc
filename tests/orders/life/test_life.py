"""A state file that is restored, copied, moved or lost: real files, and what the next process makes of them."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from makeready.engine import pauses
from makeready.engine.model import Flow
from makeready.installation import Installation
from makeready.orders.beginning import moment_text
from makeready.orders.decisions import Decision, send_again
from makeready.orders.life import check_in
from makeready.orders.life.model import BreakKind, Life
from makeready.orders.life.witness import WitnessFile
from makeready.orders.model import LineState
from makeready.orders.submission.first_look import CANNOT_TELL
from makeready.storage.database import sqlite
from makeready.stores import Store
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.submission import FindResult, MisOrder
from msgspec.structs import replace
from pretend import Bench, Clock, new_bench, order
from steps import ask_to_look, settle, states, took_before

PLACED = 1_772_442_900.0
"""When the invented orders are placed."""
QUIET_S = 91
"""After it, no call of before takes effect any more."""


class Machine:
    """Where state files lie, and processes come up over them one after the other. Shop and MIS stay."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.clock.now = PLACED + 600
        self.bench: Bench | None = None
        self.told = ""

    @property
    def state(self) -> Path:
        return self.folder / "test.db"

    async def start(self, path: Path | None = None) -> Bench:
        """A process comes up over the file at ``path``."""
        path = path or self.state
        before = self.bench
        bench = new_bench(
            path.parent, self.clock, before and before.shop, before and before.mis, name=path.name
        )
        if not await bench.installation.store.subscribers.get("northfield"):
            await bench.installation.store.subscribers.save([bench.subscriber])
        self.told = await check_in.check_in(bench.installation)
        self.bench = bench
        return bench

    async def stop(self) -> None:
        assert self.bench is not None
        await self.bench.installation.aclose()

    async def backup(self, at: str = "backup.db") -> Path:
        """As the documentation says: a copy that SQLite makes, while everything runs."""
        copy = self.folder / at
        with closing(sqlite.connect(self.state)) as source, closing(sqlite.connect(copy)) as target:
            source.backup(target)
        return copy


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    made = Machine(tmp_path)
    yield made
    await made.stop()


async def send(bench: Bench, *numbers: str) -> None:
    bench.shop.orders |= {number: order(number) for number in numbers}
    await ask_to_look(bench, *numbers)
    await settle(bench)


async def kinds(bench: Bench) -> list[BreakKind]:
    return [one.kind for one in await bench.installation.store.lives.breaks()]


def keys(bench: Bench) -> list[str]:
    return [one.key for one in bench.mis.received]


async def test_a_restart_of_an_undisturbed_file_parks_nothing_though_the_mis_cannot_be_asked(
    machine: Machine,
) -> None:
    for number in range(3):
        bench = await machine.start()
        assert machine.told == ""
        await send(bench, f"699{number}")
        assert await states(bench, f"699{number}") == ["accepted"]
        await machine.stop()
    assert await kinds(await machine.start()) == []


async def test_a_process_that_dies_leaves_an_undisturbed_file(machine: Machine) -> None:
    """Its witness may be one departure behind: that is no sign of a restored file."""
    bench = await machine.start()
    await send(bench, "6994")
    life = await bench.installation.store.lives.life()
    WitnessFile(machine.state).write(replace(life, departures=life.departures - 1))
    await machine.stop()
    assert await kinds(await machine.start()) == []


async def over(backup: Path, state: Path) -> None:
    """Into the file that is there: its number on the disk stays."""
    with closing(sqlite.connect(backup)) as source, closing(sqlite.connect(state)) as target:
        source.backup(target)


async def instead(backup: Path, state: Path) -> None:
    for old in (state, state.with_name(state.name + "-wal"), state.with_name(state.name + "-shm")):
        old.unlink(missing_ok=True)
    os.rename(backup, state)  # noqa: PTH104 - as a person does


async def restored(machine: Machine, put_back: Callable[[Path, Path], Awaitable[None]]) -> Bench:
    """Two orders are sent after a backup, which is then put back. The shop shows no marks yet."""
    bench = await machine.start()
    await took_before(bench)
    backup = await machine.backup()
    await send(bench, "6994", "6995")
    bench.shop.marks.clear()
    await machine.stop()
    await put_back(backup, machine.state)
    bench = await machine.start()
    bench.mis.received.clear()
    bench.clock.now += QUIET_S
    return bench


@pytest.mark.parametrize("put_back", [over, instead])
async def test_a_backup_that_is_put_back_asks_the_mis_for_what_it_did_not_witness(
    machine: Machine, put_back: Callable[[Path, Path], Awaitable[None]]
) -> None:
    bench = await restored(machine, put_back)
    assert await kinds(bench) == [BreakKind.RESTORED]
    assert "restored" in machine.told
    bench.mis.shown["6994-1"] = FindResult(order=MisOrder(id="2", number="SO-2"))
    bench.mis.find = lambda key: FindResult(certain=True)
    await send(bench, "6994", "6995")
    assert [await states(bench, one) for one in ("6994", "6995")] == [["accepted"], ["accepted"]]
    assert keys(bench) == ["6995-1"], "the other one is there"


async def test_where_the_mis_cannot_be_asked_what_may_be_there_waits_as_one_decision(
    machine: Machine,
) -> None:
    bench = await restored(machine, over)
    await send(bench, "6994", "6995")
    lines = await bench.installation.store.ledger.lines("northfield", state="parked")
    assert [one.reason for one in lines] == [CANNOT_TELL] * 2
    assert keys(bench) == []
    bench.clock.now = PLACED + 3600
    await machine.stop()
    assert await kinds(await machine.start()) == [BreakKind.RESTORED], "it is noticed once"


async def test_a_restored_ledger_sends_what_was_placed_after_it_came_back(machine: Machine) -> None:
    bench = await restored(machine, over)
    bench.shop.orders["7100"] = replace(order("7100"), placed_at=order("7100").placed_at.replace(year=2027))
    await ask_to_look(bench, "7100")
    await settle(bench)
    assert await states(bench, "7100") == ["accepted"]


async def test_a_call_of_before_the_break_has_time_to_arrive(machine: Machine) -> None:
    """It is not there yet, and will be: an absence is believed only when no such call can be on its way."""
    bench = await restored(machine, over)
    bench.mis.find = lambda key: FindResult(certain=True)
    bench.clock.now -= QUIET_S - 1
    await send(bench, "6994")
    assert (await states(bench), keys(bench)) == (["ready"], [])
    bench.mis.shown["6994-1"] = FindResult(order=MisOrder(id="2", number="SO-2"))
    bench.clock.now += QUIET_S
    await settle(bench)
    assert (await states(bench), keys(bench)) == (["accepted"], [])


async def in_doubt_before_a_backup(machine: Machine) -> Bench:
    bench = await machine.start()
    await took_before(bench)
    bench.mis.find = lambda key: FindResult(certain=True)
    bench.mis.before_effect = [OutcomeUnknown("cut")]
    await send(bench, "6994")
    assert await states(bench) == ["in_doubt"]
    return bench


async def test_so_has_a_call_that_followed_a_doubt(machine: Machine) -> None:
    """The doubt is in the backup, the call that followed it is not."""
    bench = await in_doubt_before_a_backup(machine)
    backup = await machine.backup()
    bench.clock.now += QUIET_S
    bench.mis.before_effect = [OutcomeUnknown("cut, and it arrives later")]
    await settle(bench)
    await machine.stop()
    await over(backup, machine.state)
    bench = await machine.start()
    bench.clock.now += 1
    await settle(bench)
    assert (await states(bench), keys(bench)) == (["in_doubt"], [])
    bench.mis.shown["6994-1"] = FindResult(order=MisOrder(id="2", number="SO-2"))
    bench.clock.now += QUIET_S
    await settle(bench)
    assert (await states(bench), keys(bench)) == (["accepted"], [])


async def test_what_was_about_to_leave_again_in_a_backup_is_asked_for_first(machine: Machine) -> None:
    """It has left again, and arrived, since the backup."""
    bench = await in_doubt_before_a_backup(machine)
    bench.clock.now += QUIET_S
    bench.mis.before_effect = [RetryLater("down", after_s=60)]
    await settle(bench)
    assert await states(bench) == ["ready"]
    backup = await machine.backup()
    bench.clock.now += 61
    await settle(bench)
    assert (await states(bench), keys(bench)) == (["accepted"], ["6994-1"])
    await machine.stop()
    await over(backup, machine.state)
    bench = await machine.start()
    bench.mis.shown["6994-1"] = FindResult(order=MisOrder(id="2", number="SO-2"))
    bench.clock.now += QUIET_S
    await settle(bench)
    assert (await states(bench), keys(bench)) == (["accepted"], ["6994-1"]), "once"


async def test_what_a_person_sends_again_after_a_break_goes_whenever_our_time_begins(
    machine: Machine,
) -> None:
    """It had left before: only where it left for counts, and what the person said after the break."""
    bench = await in_doubt_before_a_backup(machine)
    await check_in.mark_restored(bench.installation, "mia", "a snapshot")
    bench.mis.find = lambda key: FindResult(certain=False)
    bench.clock.now += QUIET_S
    await settle(bench)
    assert await states(bench) == ["parked"]
    one = Decision(subscriber="northfield", key="6994-1", actor="mia")
    await send_again(bench.installation, one)
    now = await bench.installation.subscriber("northfield")
    later = replace(now.orders, starts_at=moment_text(bench.clock.now + 3600))
    await bench.installation.store.subscribers.save([replace(now, orders=later)])
    await settle(bench)
    assert (await states(bench), keys(bench)) == (["accepted"], ["6994-1"])


async def test_a_new_file_where_another_was_asks_the_mis_for_what_that_one_may_have_sent(
    machine: Machine,
) -> None:
    """The state file was lost, and settings of before, start and all, were put into a new one."""
    bench = await machine.start()
    await send(bench, "6994")
    bench.shop.marks.clear()
    await machine.stop()
    for lost in machine.folder.glob("test.db*"):
        if not lost.name.endswith(".witness"):
            lost.unlink()
    bench = await machine.start()
    assert await kinds(bench) == [BreakKind.RESTORED]
    assert "another ledger was here before it" in machine.told
    bench.clock.now += QUIET_S
    await send(bench, "6994")
    assert (await states(bench), keys(bench)) == (["parked"], ["6994-1"])


async def copied_file(machine: Machine) -> Path:
    folder = machine.folder / "other"
    folder.mkdir()
    key = machine.state.with_name(f"{machine.state.name}.key")
    shutil.copy(key, folder / "test.db.key")
    return shutil.copy(machine.state, folder / "test.db")


async def copied_folder(machine: Machine) -> Path:
    """With its witness."""
    copy = await copied_file(machine)
    shutil.copy(WitnessFile(machine.state).path, copy.parent)
    return copy


@pytest.mark.parametrize("copy", [copied_file, copied_folder])
async def test_a_copy_on_another_machine_sends_nothing_until_a_person_hands_over(
    machine: Machine, copy: Callable[[Machine], Awaitable[Path]]
) -> None:
    bench = await machine.start()
    await took_before(bench)
    await machine.stop()
    bench = await machine.start(await copy(machine))
    assert await kinds(bench) == [BreakKind.COPIED]
    assert "came from elsewhere" in machine.told
    await send(bench, "6994")
    assert (await states(bench), keys(bench)) == (["ready"], [])
    with pytest.raises(Refused, match="came from elsewhere"):
        await pauses.resume(bench.installation, "", [Flow.ORDERS])
    await check_in.take_over(bench.installation, "mia")
    bench.clock.now += QUIET_S
    bench.mis.shown["6994-1"] = FindResult(order=MisOrder(id="2", number="SO-2"))
    await settle(bench)
    assert (await states(bench), keys(bench)) == (["accepted"], []), "the original had sent it meanwhile"
    assert (await kinds(bench))[0] == BreakKind.TAKEN_OVER


async def test_the_one_that_was_there_goes_on(machine: Machine) -> None:
    bench = await machine.start()
    await copied_folder(machine)
    await machine.stop()
    bench = await machine.start()
    await send(bench, "6994")
    assert (await states(bench), await kinds(bench)) == (["accepted"], [])


async def test_a_folder_that_is_moved_is_the_same(machine: Machine) -> None:
    bench = await machine.start()
    await took_before(bench)
    await machine.stop()
    moved = machine.folder / "moved"
    moved.mkdir()
    for part in machine.folder.glob("test.db*"):
        part.rename(moved / part.name)
    bench = await machine.start(moved / "test.db")
    assert (machine.told, await kinds(bench)) == ("", [])


async def test_a_person_declares_what_no_machine_can_notice(machine: Machine) -> None:
    """A snapshot of the whole disk was put back."""
    bench = await machine.start()
    await check_in.mark_restored(bench.installation, "mia", "a snapshot")
    bench.clock.now += QUIET_S
    await send(bench, "6994")
    assert await states(bench) == ["parked"]
    [broken] = await bench.installation.store.lives.breaks()
    assert (broken.kind, broken.cause, broken.actor) == (BreakKind.DECLARED, "a snapshot", "mia")


async def test_the_witness_never_goes_half(tmp_path: Path) -> None:
    """It is written in place and always as long."""
    (tmp_path / "a.db").write_bytes(b"")
    witness, life = WitnessFile(tmp_path / "a.db"), Life(name="life", departures=0)
    sizes = set()
    for departures in (0, 9, 10**12):
        witness.write(replace(life, departures=departures))
        sizes.add(witness.path.stat().st_size)
        found = witness.read()
        assert found is not None
        assert found.departures == departures
    assert len(sizes) == 1


async def test_two_processes_that_start_together_agree(tmp_path: Path) -> None:
    benches = [new_bench(tmp_path, Clock()) for _ in range(2)]
    told = await asyncio.gather(*(check_in.check_in(one.installation) for one in benches))
    assert told == ["", ""]
    stores: list[Store] = [one.installation.store for one in benches]
    names = {(await store.lives.life()).name for store in stores}
    assert len(names) == 1
    for one in benches:
        await one.installation.aclose()


async def test_a_command_that_only_reads_leaves_the_witness_alone(machine: Machine) -> None:
    bench = await machine.start()
    before = WitnessFile(machine.state).read()
    other: Installation = new_bench(machine.folder, machine.clock).installation
    await other.store.ledger.count("northfield", [LineState.WAITING])
    await other.aclose()
    assert WitnessFile(machine.state).read() == before
    assert bench.installation.witness is not None
