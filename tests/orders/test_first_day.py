"""The first day of a shop, of an environment, of an MIS: what was before us is not ours to send."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from makeready.orders import before_start, by_hand, decisions
from makeready.orders.life import check_in
from makeready.subscribers.changes import export, propose, save
from makeready_hooks.errors import ConfigError, OutcomeUnknown, RetryLater
from makeready_hooks.model.submission import FindResult, MisLine, MisOrder, OrderContents
from msgspec.structs import replace
from pretend import Bench, line, order
from steps import ask_to_look, settle, states, took_before

PLACED = datetime(2026, 3, 2, 9, 15, tzinfo=UTC).timestamp()
"""When the invented orders are placed."""
MINE = before_start.Choice(subscriber="northfield")


async def change(bench: Bench, **settings: Any) -> None:
    """A change of settings as pages, API and commands make it."""
    now = await bench.installation.subscriber("northfield")
    given = {**export(bench.installation, now), **settings}
    await save(bench.installation, [await propose(bench.installation, "northfield", given)])


async def starts_at(bench: Bench) -> str:
    return (await bench.installation.subscriber("northfield")).orders.starts_at


async def orders_setting(bench: Bench, **more: Any) -> dict[str, Any]:
    now = await bench.installation.subscriber("northfield")
    return {**export(bench.installation, now)["orders"], **more}


@pytest.fixture
async def day_one(bench: Bench) -> Bench:
    """Shop and MIS are connected an hour after two orders were placed."""
    bench.clock.now = PLACED + 3600
    await change(bench)
    bench.shop.orders |= {number: order(number) for number in ("6994", "6995")}
    await look(bench)
    return bench


async def look(bench: Bench) -> None:
    await ask_to_look(bench, *bench.shop.orders)
    await settle(bench)


async def reason(bench: Bench, number: str = "6994") -> str:
    [first, *_] = await bench.installation.store.ledger.of_order("northfield", number)
    return first.reason


async def test_our_time_begins_when_shop_and_mis_are_connected(day_one: Bench) -> None:
    assert await starts_at(day_one) == "2026-03-02T10:15:00Z"


async def test_what_was_placed_before_is_never_sent_by_itself(day_one: Bench) -> None:
    for _ in range(3):
        day_one.clock.now += 86_400
        await look(day_one)
    assert [await states(day_one, one) for one in ("6994", "6995")] == [["before_start"], ["before_start"]]
    assert day_one.mis.received == []
    assert "placed before our time began (2026-03-02T10:15:00Z)" in await reason(day_one)
    assert await before_start.count(day_one.installation, MINE) == 2


async def test_a_person_includes_one_and_dismisses_the_rest(day_one: Bench) -> None:
    one = before_start.Choice(subscriber="northfield", orders=("6994",))
    assert await before_start.include(day_one.installation, one, "mia") == 1
    await settle(day_one)
    assert await before_start.dismiss(day_one.installation, MINE, "mia") == 1
    await look(day_one)
    assert [await states(day_one, one) for one in ("6994", "6995")] == [["accepted"], ["ignored"]]
    assert [one.key for one in day_one.mis.received] == ["6994-1"]
    history = await day_one.installation.store.ledger.history("northfield", "6994")
    assert "mia" in [row.actor for row in history]


async def test_what_was_included_is_asked_for_first_where_the_mis_can_be_asked(day_one: Bench) -> None:
    day_one.mis.shown["6994-1"] = FindResult(order=MisOrder(id="77", number="SO-77"))
    await before_start.include(day_one.installation, MINE, "mia")
    await settle(day_one)
    assert [await states(day_one, one) for one in ("6994", "6995")] == [["accepted"], ["accepted"]]
    assert [one.key for one in day_one.mis.received] == ["6995-1"], "a former bridge had sent the other"
    assert day_one.shop.marks["6994", 1] == "SO-77"


async def test_a_name_or_a_date_of_the_mis_s_own_does_not_hold_up_what_is_ours(day_one: Bench) -> None:
    ours = OrderContents(customer="NORTH", customer_name="Ada Quill", required_on=date(2026, 3, 9))
    theirs = OrderContents(customer="NORTH", customer_name="Northfield Ltd", required_on=date(2026, 3, 12))
    day_one.mis.contents = ours
    day_one.mis.shown["6994-1"] = FindResult(order=MisOrder(id="77", number="SO-77", contents=theirs))
    await before_start.include(day_one.installation, MINE, "mia")
    await settle(day_one)
    assert await states(day_one) == ["accepted"]


async def test_an_order_of_ours_with_other_contents_waits_with_both_shown(day_one: Bench) -> None:
    other = OrderContents(customer="OTHER", lines=(MisLine(product_id="4107", quantity=9),))
    day_one.mis.contents = OrderContents(customer="NORTH", lines=(MisLine(product_id="2284", quantity=2),))
    day_one.mis.shown["6994-1"] = FindResult(order=MisOrder(id="77", number="SO-77", contents=other))
    await before_start.include(day_one.installation, MINE, "mia")
    await settle(day_one)
    assert await states(day_one) == ["parked"]
    text = await reason(day_one)
    assert "SO-77" in text
    assert "customer OTHER, not NORTH" in text
    assert "9 of 4107, not 2 of 2284" in text
    assert [one.key for one in day_one.mis.received] == ["6995-1"]


async def test_what_became_ready_only_after_it_is_listed_apart(bench: Bench) -> None:
    bench.clock.now = PLACED + 3600
    await change(bench)
    bench.shop.orders = {"6994": order("6994", line(approved=False)), "6995": order("6995")}
    await look(bench)
    assert "waits for approval" in await reason(bench)
    bench.clock.now += 60
    bench.shop.orders["6994"] = order("6994")
    await look(bench)
    assert await states(bench) == ["before_start"]
    assert "nobody else can have sent it" in await reason(bench)
    apart = before_start.Choice(subscriber="northfield", ready_after=True)
    assert await before_start.count(bench.installation, apart) == 1
    await before_start.include(bench.installation, apart, "mia")
    await settle(bench)
    assert [await states(bench, one) for one in ("6994", "6995")] == [["accepted"], ["before_start"]]


async def test_of_one_order_only_the_lines_that_became_ready_after_it_are_apart(bench: Bench) -> None:
    """The others may have been sent by another system."""
    bench.clock.now = PLACED + 3600
    await change(bench)
    bench.shop.orders["6994"] = order("6994", line(1, approved=False), line(2))
    await look(bench)
    bench.clock.now += 60
    bench.shop.orders["6994"] = order("6994", line(1), line(2))
    await look(bench)
    apart = before_start.Choice(subscriber="northfield", ready_after=True)
    assert await before_start.count(bench.installation, apart) == 1
    assert await before_start.include(bench.installation, apart, "mia") == 1
    await settle(bench)
    assert await states(bench) == ["accepted", "before_start"]


async def test_what_was_placed_after_it_goes_by_itself(bench: Bench) -> None:
    bench.clock.now = PLACED
    await change(bench)
    bench.shop.orders["6994"] = order("6994")
    await look(bench)
    assert await states(bench) == ["accepted"]


async def test_a_chosen_moment_may_lie_in_the_past_and_be_moved(day_one: Bench) -> None:
    await change(day_one, orders=await orders_setting(day_one, starts_at="2026-03-02T09:00:00Z"))
    await look(day_one)
    assert [await states(day_one, one) for one in ("6994", "6995")] == [["accepted"], ["accepted"]]


@pytest.mark.parametrize("odd", ["soon", "2026-13-01", "1"])
async def test_a_moment_that_is_none_is_refused(bench: Bench, odd: str) -> None:
    with pytest.raises(ConfigError) as refused:
        await change(bench, orders=await orders_setting(bench, starts_at=odd))
    assert refused.value.field == "subscribers.northfield.orders.starts_at"
    assert "2026-03-02T09:15:00Z" in refused.value.fix


async def test_other_settings_leave_it_as_it_is(day_one: Bench) -> None:
    before = await starts_at(day_one)
    day_one.clock.now += 7200
    await change(day_one, title="New")
    await change(day_one, orders=await orders_setting(day_one, starts_at=""))
    assert await starts_at(day_one) == before


def another(bench: Bench, **settings: Any) -> dict[str, Any]:
    given = export(bench.installation, bench.subscriber)["connectors"]
    return {**given, "mis": {**given["mis"], **settings}}


@pytest.mark.parametrize("what", ["environment", "mis"])
async def test_another_environment_or_mis_is_a_first_day(bench: Bench, what: str) -> None:
    bench.clock.now = PLACED
    await change(bench)
    bench.shop.orders["6994"] = order("6994", line(approved=False))
    await look(bench)
    bench.clock.now += 600
    changed = {"environment": "test"} if what == "environment" else {"connectors": another(bench, port=2)}
    await change(bench, **changed)
    assert await starts_at(bench) == "2026-03-02T09:25:00Z"
    bench.shop.orders["6994"] = order("6994")
    await look(bench)
    assert (await states(bench), bench.mis.received) == (["before_start"], [])


async def test_what_was_ready_for_one_environment_does_not_leave_for_the_other(bench: Bench) -> None:
    bench.clock.now = PLACED
    await change(bench)
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [RetryLater("down", after_s=300)]
    await look(bench)
    assert await states(bench) == ["ready"]
    bench.clock.now += 600
    await change(bench, environment="test")
    await settle(bench)
    assert (await states(bench), bench.mis.received) == (["before_start"], [])


async def test_what_a_test_took_waits_in_live_as_from_before_and_goes_with_one_press(bench: Bench) -> None:
    bench.clock.now = PLACED
    await change(bench, environment="test")
    bench.shop.orders["6994"] = order("6994")
    await look(bench)
    assert (await states(bench), bench.shop.marks) == (["accepted"], {("6994", 1): "TEST SO-1"})
    bench.clock.now += 600
    await change(bench, environment="live")
    assert await states(bench) == ["before_start"]
    assert "SO-1 in the test MIS" in await reason(bench)
    bench.shop.orders["6994"] = order("6994", line(mis_number="TEST SO-1"))
    await look(bench)
    assert len(bench.mis.received) == 1
    await before_start.include(bench.installation, MINE, "mia")
    await settle(bench)
    assert (await states(bench), bench.shop.marks) == (["accepted"], {("6994", 1): "SO-2"})


async def test_what_a_person_found_in_the_test_mis_says_nothing_of_live(bench: Bench) -> None:
    """It never left from here: the ledger was restored, and nobody could tell."""
    bench.clock.now = PLACED
    await change(bench, environment="test")
    await check_in.mark_restored(bench.installation, "mia", "a snapshot")
    bench.clock.now += 91
    bench.shop.orders["6994"] = order("6994")
    await look(bench)
    assert await states(bench) == ["parked"]
    one = decisions.Decision(subscriber="northfield", key="6994-1", actor="mia")
    await by_hand.accept_as(bench.installation, one, "SO-7")
    await settle(bench)
    assert (await states(bench), bench.shop.marks) == (["accepted"], {("6994", 1): "TEST SO-7"})
    bench.clock.now += 600
    await change(bench, environment="live")
    assert await states(bench) == ["before_start"]


async def test_the_mark_of_a_test_is_no_reason_to_ignore_a_line_in_live(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994", line(mis_number="TEST SO-9"))
    await look(bench)
    assert (await states(bench), bench.shop.marks) == (["accepted"], {("6994", 1): "SO-1"})


async def test_tests_leave_alone_what_live_has_sent(bench: Bench) -> None:
    await change(bench, environment="test")
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-9"))
    await look(bench)
    assert await states(bench) == ["ignored"]


async def test_tests_leave_alone_the_sites_that_are_not_theirs(bench: Bench) -> None:
    rules = await orders_setting(bench, test_sites=["other.example"])
    await change(bench, environment="test", orders=rules)
    bench.shop.orders = {"6994": order("6994"), "6995": replace(order("6995"), site="other.example")}
    await look(bench)
    assert [await states(bench, one) for one in ("6994", "6995")] == [["ignored"], ["accepted"]]
    await change(
        bench, environment="live", orders=await orders_setting(bench, starts_at="2026-03-02T09:00:00Z")
    )
    await look(bench)
    assert await states(bench) == ["accepted"], "and it is nothing to live that they did"


async def test_a_mark_that_this_ledger_did_not_write_is_asked_for_by_its_number(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-9", approved=False, stage="Printing"))
    bench.mis.numbered = {"SO-9": MisOrder(id="9", number="SO-9")}
    await look(bench)
    assert (await states(bench), bench.mis.received) == (["accepted"], [])
    kept = await bench.installation.store.ledger.submission("northfield", "6994-1")
    assert kept is not None
    assert (kept.mis_id, kept.connector, kept.environment) == ("9", "mis", "live")


@pytest.mark.parametrize("numbered", [{}, None])
async def test_a_mark_that_the_mis_does_not_know_waits_for_a_person(bench: Bench, numbered: Any) -> None:
    await took_before(bench)
    bench.mis.find = lambda key: FindResult(certain=True)
    bench.mis.numbered = numbered
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-9"))
    await look(bench)
    assert (await states(bench), bench.mis.received) == (["parked"], [])
    assert "carries the MIS number SO-9, which this installation did not write" in await reason(bench)
    assert (await bench.installation.store.attention.counts("northfield")).parked == 1


async def test_what_has_left_goes_its_own_way_whenever_our_time_begins(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.trouble = [OutcomeUnknown("cut")]
    await look(bench)
    assert await states(bench) == ["in_doubt"]
    bench.clock.now = PLACED + 3600
    await change(bench, orders=await orders_setting(bench, starts_at="2026-03-02T10:15:00Z"))
    await look(bench)
    assert await states(bench) == ["parked"], "the MIS was asked, and cannot tell"
