"""An order of which the shop tells what cannot be read: it has a number and a state, waits for a person, and goes on."""

import pytest
from makeready.orders import decisions
from makeready.orders.fetch import record_order
from makeready.orders.line_filter import LineFilter
from makeready.orders.model import UnreadableOrder
from makeready.orders.reconcile import compare
from makeready.orders.store.attention import MOST_BYTES
from makeready.orders.store.fetched import Reading
from makeready.orders.views.history import order_story
from makeready.times import from_seconds
from makeready_alerts.store.sent import unsent_of
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.order import Order
from makeready_inspect.evidence import order_evidence
from msgspec.structs import replace
from pretend import Bench, line, order
from steps import ask_to_look, settle, states

PROBLEM = "Price: 'many' is not an amount"
DOCUMENT = b'[{"OrderNumber": 6994, "Price": "many"}]'


def broken(number: str = "6994", **changes: object) -> Order:
    given = {"lines": (), "problem": PROBLEM, "document": DOCUMENT, **changes}
    return replace(order(number), **given)


async def find(bench: Bench, **wanted: object) -> list[UnreadableOrder]:
    return await bench.installation.store.unreadable.find("northfield", LineFilter(**wanted))


async def seen(bench: Bench, *orders: Order) -> None:
    for one in orders:
        bench.shop.orders[one.number] = one
    await ask_to_look(bench, *(one.number for one in orders))
    await settle(bench)


async def counts(bench: Bench) -> tuple[int, int, int]:
    found = await bench.installation.store.attention.counts("northfield")
    return found.unreadable, found.work, found.total


async def test_it_has_a_number_the_reason_and_the_document_but_no_lines(bench: Bench) -> None:
    await seen(bench, broken())
    [kept] = await find(bench)
    assert (kept.order_number, kept.problem, kept.document) == ("6994", PROBLEM, DOCUMENT)
    assert await states(bench) == []
    story = await order_story(bench.installation, "northfield", "6994")
    assert story is not None and [one.problem for one in story.unreadable] == [PROBLEM]
    evidence = await order_evidence(bench.installation, "northfield", "6994")
    assert evidence is not None and [one.data for one in evidence.entries] == [DOCUMENT.decode()]


async def test_it_needs_attention_once_and_no_job_fails(bench: Bench) -> None:
    await seen(bench, broken())
    assert await counts(bench) == (1, 0, 1)
    assert await bench.installation.store.work.failing("northfield", ["fetch-order"]) == []


async def test_it_is_found_by_its_number_state_day_and_reason_and_by_no_customer(bench: Bench) -> None:
    await seen(bench, broken(), broken("6995"))
    now = bench.clock()
    assert [one.order_number for one in await find(bench, query="6995")] == ["6995"]
    assert len(await find(bench, state="unreadable")) == len(await find(bench, reason="MANY")) == 2
    assert len(await find(bench, start=now, end=now + 1)) == 2
    for nothing in ({"state": "parked"}, {"customer": "ada"}, {"product": "kit"}, {"end": now}):
        assert await find(bench, **nothing) == []


async def test_it_goes_on_by_itself_when_it_can_be_read(bench: Bench) -> None:
    await seen(bench, broken())
    bench.shop.orders["6994"] = order("6994")
    now = bench.clock()
    subscriber = await bench.installation.subscriber("northfield")
    nothing_new = (from_seconds(now - 10), from_seconds(now - 5))  # it is looked at whatever its age
    await compare(bench.installation, subscriber, *nothing_new)
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert (await find(bench), await counts(bench)) == ([], (0, 0, 0))


async def test_looking_again_reads_it_at_once(bench: Bench) -> None:
    await seen(bench, broken())
    bench.shop.orders["6994"] = order("6994")
    await decisions.look_again(bench.installation, "northfield", "6994")
    await settle(bench)
    assert (await states(bench), await find(bench)) == (["accepted"], [])
    with pytest.raises(ConfigError, match="no order 6994 that cannot be read"):
        await decisions.look_again(bench.installation, "northfield", "6994")


async def test_one_that_the_shop_does_not_show_any_more_ends(bench: Bench) -> None:
    await seen(bench, broken())
    bench.shop.orders.clear()
    await decisions.look_again(bench.installation, "northfield", "6994")
    for _ in range(8):
        await settle(bench)
        bench.clock.now += 4000
    assert await find(bench) == []


async def test_what_the_document_holds_is_bounded(bench: Bench) -> None:
    await seen(bench, broken(document=b"x" * 1_000_000))
    assert [len(one.document) for one in await find(bench)] == [MOST_BYTES]


async def test_lines_that_are_known_stay_and_those_that_are_ready_wait_until_it_can_be_read(
    bench: Bench,
) -> None:
    await seen(bench, order("6994", line(approved=False)))
    bench.shop.orders["6994"] = order("6994")
    subscriber = await bench.installation.subscriber("northfield")
    now = bench.clock()
    await compare(bench.installation, subscriber, from_seconds(0), from_seconds(now + 1))
    bench.installation.recent_orders.take("northfield", ["6994"], now=now)
    bench.shop.orders["6994"] = broken()  # between the look and the call
    await settle(bench)
    assert await states(bench) == ["ready"]
    assert bench.mis.received == []
    bench.shop.orders["6994"] = order("6994")
    bench.clock.now += 4000
    await settle(bench)
    assert (await states(bench), len(bench.mis.received)) == (["accepted"], 1)
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await find(bench) == []


async def test_an_older_reading_neither_hides_nor_brings_it_back(bench: Bench) -> None:
    ledger, readings = bench.installation.store.ledger, bench.installation.store.readings
    subscriber = await bench.installation.subscriber("northfield")
    older, newer = await readings.begin(), await readings.begin()
    await record_order(bench.installation, subscriber, Reading(order("6994"), newer))
    await record_order(bench.installation, subscriber, Reading(broken(), older))
    assert await find(bench) == []
    assert len(await ledger.of_order("northfield", "6994")) == 1


async def test_another_order_of_its_number_does_not_end_it(bench: Bench) -> None:
    await seen(bench, broken(id="other"))
    bench.shop.orders["again"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert len(await find(bench)) == 1


async def test_it_is_told_once_and_again_when_the_reason_changes(bench: Bench) -> None:
    await seen(bench, broken())
    unsent = unsent_of(bench.installation)
    told = await unsent.unreadable("northfield", "email")
    await unsent.note([], [], told, "email")
    await seen(bench, broken())
    assert (len(told), await unsent.unreadable("northfield", "email")) == (1, [])
    await seen(bench, broken(problem="OrderDate is missing"))
    assert len(await unsent.unreadable("northfield", "email")) == 1
