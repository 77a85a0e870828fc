"""A webhook is kept once, and asks for work once, however often the shop sends it."""

import pytest
from makeready.engine.model import FailingWork
from makeready.orders.model import FETCH_ORDER
from makeready.webhooks import receive
from makeready.webhooks.receive import receive_webhook
from makeready_admin.activity.store import Activity
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.incoming import IncomingCall
from pretend import Bench, order
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
