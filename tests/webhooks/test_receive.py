"""A webhook is kept once, and asks for work once, however often the shop sends it."""

import asyncio

import pytest
from makeready.engine.model import FailingWork
from makeready.orders.model import FETCH_ORDER
from makeready.storage.errors import StateFileError
from makeready.webhooks import receive
from makeready.webhooks.receive import receive_webhook
from makeready_admin.activity.store import Activity
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.incoming import IncomingCall
from pretend import Bench, order
from pysqlite3 import dbapi2 as sqlite3
from steps import settle


async def come(bench: Bench, body: bytes, key: str = "right") -> bool:
    call = IncomingCall(method="POST", headers={"x-key": key}, query={}, body=body)
    return await receive_webhook(bench.installation, bench.subscriber, "shop", call)


async def wanted(bench: Bench) -> list[FailingWork]:
    due = await Activity(bench.installation.store.database).due("northfield", 10)
    return [one for one in due if one.kind == FETCH_ORDER and one.key == "6994"]


async def test_the_same_message_again_asks_for_nothing(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    assert await come(bench, b"6994")
    await settle(bench)
    reads = len(bench.shop.reads)
    assert not await come(bench, b"6994")
    assert await wanted(bench) == []
    await settle(bench)
    assert len(bench.shop.reads) == reads
    assert len(await bench.installation.store.inbox.of_order("northfield", "6994")) == 1


async def test_another_message_about_the_same_order_asks_again(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await come(bench, b"6994\nfirst")
    await settle(bench)
    assert await come(bench, b"6994\nsecond")
    assert len(await wanted(bench)) == 1


async def test_no_more_refused_ones_are_kept_than_a_person_looks_at(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "KEPT_REFUSED", 3)
    for number in range(5):
        with pytest.raises(CallRejected):
            await come(bench, b"%d" % number, key="wrong")
    kept = await Activity(bench.installation.store.database).refused_webhooks("northfield", 10)
    assert [one.body for one in kept] == [b"4", b"3", b"2"]


async def test_those_that_arrive_together_are_kept_in_one_change_and_each_once(bench: Bench) -> None:
    inbox, changes = bench.installation.store.inbox, []
    database = bench.installation.store.database
    write = database.write

    async def counted(change):
        changes.append(change)
        return await write(change)

    database.write = counted
    numbers = [str(number) for number in range(7000, 7040)]
    fresh = await asyncio.gather(*(come(bench, number.encode()) for number in [*numbers, "7000", "7001"]))
    database.write = write
    assert fresh == [True] * 42, "two of one message within a change are both told that it is new"
    assert len(changes) < 6
    assert [len(await inbox.of_order("northfield", number)) for number in numbers] == [1] * 40
    assert not await come(bench, b"7000")


async def test_a_file_that_takes_nothing_fails_all_that_wait_for_it_and_the_next_are_kept(
    bench: Bench,
) -> None:
    other = sqlite3.connect(bench.folder / "test.db", isolation_level=None)
    other.execute("begin exclusive")
    sent = [asyncio.create_task(come(bench, str(number).encode())) for number in range(7000, 7005)]
    outcomes = await asyncio.gather(*sent, return_exceptions=True)
    assert {type(one) for one in outcomes} == {StateFileError}
    other.execute("rollback")
    other.close()
    assert await come(bench, b"7000")
