"""Old records are compressed and deleted by rule, and read as before; a process that dies in the midst loses nothing."""

import signal
from contextlib import closing
from itertools import cycle

import msgspec
import pytest
from crash_child import run_child
from makeready.engine.model import Work
from makeready.orders.settings import RecordRules
from makeready.orders.views.history import order_story
from makeready.storage.contents import MARK, exchange
from makeready.webhooks.model import Delivery
from makeready_admin.activity.store import activity_of
from makeready_hooks.errors import OutcomeUnknown
from makeready_inspect.evidence import order_evidence
from makeready_records.keep import EVERY_S, KEEP_RECORDS, keep_records
from makeready_records.store import Place, old_contents_of
from pretend import Bench, order
from pysqlite3 import dbapi2 as sqlite
from steps import ask_to_look, settle, states

DAY_S = 86_400.0
ORDERS = [str(number) for number in range(7000, 7060)]
BLOBS = (
    ("deliveries", "body"),
    ("submissions", "payload"),
    ("submissions", "sent_order"),
    ("attempts", "payload"),
    ("attempts", "answer"),
)
WORK = [Work(id=1, subscriber="northfield", kind=KEEP_RECORDS, key="", generation=1, attempts=0)]


def body(number: str) -> bytes:
    """About as large and as repetitive as a webhook is."""
    members = {f"Member{at}": f"value {at} of {number}" for at in range(20)}
    return msgspec.json.encode({"OrderNumber": number, **members})


@pytest.fixture
async def kept(bench: Bench) -> Bench:
    """An office with accepted orders, and a webhook of each."""
    for number in ORDERS:
        bench.shop.orders[number] = order(number)
        delivery = Delivery(key=number, body=body(number), event="order", order_number=number)
        inbox = bench.installation.store.inbox
        await inbox.receive("northfield", "shop", delivery, now=bench.clock(), work=None)
    await ask_to_look(bench, *ORDERS)
    await settle(bench)
    assert await states(bench, ORDERS[-1]) == ["accepted"]
    ledger = bench.installation.store.ledger
    for number in ORDERS[:5]:
        [key] = await ledger.keys("northfield", number)
        sent = await ledger.submission("northfield", key)
        assert sent is not None
        await ledger.keep_answer(sent, body(number))
    return bench


async def rules(bench: Bench, **given: float) -> None:
    changed = msgspec.structs.replace(bench.subscriber, records=RecordRules(**given))
    await bench.installation.store.subscribers.save([changed])


async def keep(bench: Bench) -> float | None:
    [again] = (await keep_records(bench.installation, "northfield", WORK)).values()
    return again.after_s


def lying(bench: Bench) -> list[bytes]:
    """The contents, as the file holds them."""
    with closing(sqlite.connect(bench.folder / "test.db")) as db:
        return [
            content
            for table, column in BLOBS
            for (content,) in db.execute(
                f"select {column} from {table} where subscriber = 'northfield' and length({column}) > 0"
            )
        ]


async def told(bench: Bench, number: str) -> list[object]:
    """All that is told of an order: its page's history, its evidence, its submission, the list of webhooks."""
    one, store = bench.installation, bench.installation.store
    [key] = await store.ledger.keys("northfield", number)
    return [
        await order_story(one, "northfield", number),
        await order_evidence(one, "northfield", number),
        await store.ledger.submission("northfield", key),
        await store.ledger.attempts("northfield", key),
        await store.ledger.order_as_sent("northfield", key),
        await store.ledger.known("northfield", number),
        await activity_of(one).webhooks("northfield", 100),
    ]


async def test_what_is_old_lies_compressed_and_is_read_as_before(kept: Bench) -> None:
    plain, before = lying(kept), [await told(kept, number) for number in ORDERS[:5]]
    assert await keep(kept) == EVERY_S
    assert lying(kept) == plain  # none of it is old
    kept.clock.now += 2 * DAY_S
    assert await keep(kept) == EVERY_S
    small = lying(kept)
    assert sum(map(len, small)) < sum(map(len, plain)) / 3
    assert all(one.startswith(MARK) for one in small if len(one) > 200)
    assert [await told(kept, number) for number in ORDERS[:5]] == before
    await keep(kept)
    assert lying(kept) == small


async def test_without_the_rule_nothing_is_compressed(kept: Bench) -> None:
    plain = lying(kept)
    await rules(kept, compress_days=0.0)
    kept.clock.now += 9 * DAY_S
    await keep(kept)
    assert lying(kept) == plain


async def test_webhooks_are_deleted_by_rule_but_for_the_last(kept: Bench) -> None:
    store = kept.installation.store
    last = await store.inbox.last_received_at("northfield", 1e12)
    kept.clock.now += 40 * DAY_S
    fresh = Delivery(key="new", body=body("new"), event="order", order_number=ORDERS[0])
    await rules(kept, webhook_days=50.0)
    await keep(kept)
    assert len(await activity_of(kept.installation).webhooks("northfield", 100)) == len(ORDERS)
    kept.clock.now += 20 * DAY_S
    await store.inbox.receive("northfield", "shop", fresh, now=last + 1, work=None)
    await keep(kept)
    [one] = await activity_of(kept.installation).webhooks("northfield", 100)
    assert (one.key, await store.inbox.last_received_at("northfield", 1e12)) == ("new", last + 1)


async def test_evidence_is_deleted_by_rule_of_settled_orders_and_never_what_they_were_sent(
    kept: Bench,
) -> None:
    kept.shop.orders["8000"] = order("8000")
    kept.mis.trouble.append(OutcomeUnknown("The answer was lost."))
    await ask_to_look(kept, "8000")
    await settle(kept)
    assert await states(kept, "8000") == ["in_doubt"]
    doubt = await told(kept, "8000")
    await rules(kept, evidence_days=30.0, webhook_days=0.0)
    kept.clock.now += 29 * DAY_S
    await keep(kept)
    ledger, number = kept.installation.store.ledger, ORDERS[0]
    [key] = await ledger.keys("northfield", number)
    sent = await ledger.submission("northfield", key)
    assert sent is not None
    assert [one.payload for one in await ledger.attempts("northfield", key)] == [sent.payload] != [b""]
    kept.clock.now += 2 * DAY_S
    await keep(kept)
    assert [one.payload for one in await ledger.attempts("northfield", key)] == [b""]
    assert await ledger.order_as_sent("northfield", key) is None
    assert await ledger.submission("northfield", key) == sent
    assert await order_evidence(kept.installation, "northfield", number) is not None
    assert await told(kept, "8000") == doubt


@pytest.mark.parametrize(
    "odd",
    [MARK + b"\x28\xb5\x2f\xfd" + bytes(500), MARK * 500, MARK + b"no frame" * 50],
    ids=["frame that does not end", "zeros", "no frame"],
)
async def test_a_content_that_begins_as_a_compressed_one_and_is_none_stays(kept: Bench, odd: bytes) -> None:
    store = kept.installation.store
    delivery = Delivery(key="odd", body=odd, event="order", order_number="odd")
    await store.inbox.receive("northfield", "shop", delivery, now=kept.clock(), work=None)
    kept.clock.now += 2 * DAY_S
    await keep(kept)
    assert [one.body for one in await store.inbox.of_order("northfield", "odd")] == [odd]


async def test_what_changes_while_it_is_compressed_stays_as_it_is(kept: Bench) -> None:
    store = kept.installation.store
    contents, _ = await old_contents_of(kept.installation).webhooks("northfield", Place(), 1e12, 2)
    changed = [contents[0]._replace(content=b"as it was"), contents[1]]
    await store.database.write(lambda db: exchange(db, [(one, b"other") for one in changed]))
    bodies = [one.body for number in ORDERS[:2] for one in await store.inbox.of_order("northfield", number)]
    assert bodies == [contents[0].content, b"other"]


async def test_a_process_that_is_killed_at_any_commit_loses_nothing(kept: Bench) -> None:
    """Each content is there, as it was or compressed; and the next process goes on."""
    plain, before = lying(kept), [await told(kept, number) for number in ORDERS]
    await rules(kept, webhook_days=0.0)
    codes: list[int] = []
    for crash_at in cycle(range(1, 12)):
        later = {"offset_s": 60.0 * crash_at + 600.0 * len(codes), "crash_at": crash_at}
        codes.append(run_child(kept.folder / "test.db", "", errand="records", **later)[0])
        assert len(lying(kept)) == len(plain)
        assert [await told(kept, number) for number in ORDERS[::20]] == before[::20]
        if codes[-1] == 0:
            break
    assert set(codes[:-1]) == {-signal.SIGKILL}
    assert len(codes) > 11, "each point was the last of a process"
    assert sum(map(len, plain)) / 3 > sum(map(len, lying(kept)))
    assert [await told(kept, number) for number in ORDERS] == before
