"""Two sites of one account use the same order number: neither order is taken for the other."""

from datetime import timedelta
from typing import Any

import pytest
from makeready.orders import by_hand, decisions
from makeready.orders.fetch import record_order
from makeready.orders.reconcile import MARK_SHOWS_S, compare
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Order
from makeready_hooks.model.submission import FindResult
from msgspec.structs import replace
from pretend import Bench, line, order
from steps import ask_to_look, settle, states, took_before

OTHER = "6994 (trade.example, id-b)"


def theirs(*lines: object) -> Order:
    """Of another site and buyer, with another id."""
    return replace(order("6994", *lines), id="id-b", site="trade.example")


@pytest.mark.parametrize("number", [1, 2])
async def test_neither_is_sent_and_both_wait_for_a_person(bench: Bench, number: int) -> None:
    bench.shop.orders = {"a": order("6994", line(1)), "b": theirs(line(number))}
    for _ in range(2):
        await ask_to_look(bench, "6994")
        await settle(bench)
    assert (bench.mis.received, bench.shop.marks) == ([], {})
    assert [await states(bench, one) for one in ("6994", OTHER)] == [["parked"], ["parked"]]
    [seen] = await bench.installation.store.ledger.of_order("northfield", OTHER)
    assert seen.site == "trade.example"
    assert "2 orders under this number (shop.example, trade.example)" in seen.reason
    assert (await bench.installation.store.attention.counts("northfield")).parked == 2


async def test_the_first_of_two_in_one_reading_is_stopped_before_the_other_is_taken_in(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def record_and_end(*given: Any, **named: Any) -> None:
        await record_order(*given, **named)
        raise RetryLater("the process ends here")

    monkeypatch.setattr("makeready.orders.fetch.record_order", record_and_end)
    bench.shop.orders = {"a": order("6994", line(1)), "b": theirs(line(2))}
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["parked"]
    assert bench.mis.received == []


async def test_one_that_was_sent_before_the_other_came_stays_sent_and_is_written_to_no_more(
    bench: Bench,
) -> None:
    bench.shop.orders = {"a": order("6994")}
    bench.mis.before_effect = []
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert bench.shop.marks == {("6994", 1): "SO-1"}
    bench.shop.marks.clear()
    bench.shop.orders["b"] = theirs()
    for _ in range(3):
        bench.clock.now += 1000
        await ask_to_look(bench, "6994")
        await settle(bench)
    assert [await states(bench, one) for one in ("6994", OTHER)] == [["accepted"], ["parked"]]
    assert (len(bench.mis.received), bench.shop.marks) == (1, {})


async def test_what_is_ready_when_the_other_one_comes_is_stopped(bench: Bench) -> None:
    bench.shop.orders = {"a": order("6994")}
    bench.mis.before_effect = [RetryLater("down", after_s=60)]
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["ready"]
    bench.shop.orders["b"] = theirs()
    bench.clock.now += 61
    await settle(bench)
    assert [await states(bench, one) for one in ("6994", OTHER)] == [["parked"], ["parked"]]
    assert bench.mis.received == []


async def test_a_person_enters_it_by_hand(bench: Bench) -> None:
    bench.shop.orders = {"a": order("6994"), "b": theirs()}
    await ask_to_look(bench, "6994")
    await settle(bench)
    decision = decisions.Decision(subscriber="northfield", key=f"{OTHER}-1", actor="mia")
    await by_hand.accept_as(bench.installation, decision, "SO-7")
    await settle(bench)
    assert (await states(bench, OTHER), bench.shop.marks) == (["accepted"], {})


@pytest.mark.parametrize("shown", ["both", "one"])
async def test_one_in_doubt_when_the_other_comes_is_not_sent_again(bench: Bench, shown: str) -> None:
    await took_before(bench)
    bench.shop.orders = {"a": order("6994")}
    bench.mis.trouble = [OutcomeUnknown("the answer was lost")]
    bench.mis.find = lambda key: FindResult(certain=True)
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert (await states(bench), len(bench.mis.received)) == (["in_doubt"], 1)
    bench.shop.orders["b"] = theirs()
    await ask_to_look(bench, "6994")
    await settle(bench)
    if shown == "one":
        del bench.shop.orders["b"]
    bench.clock.now += 1000
    await settle(bench)
    assert [await states(bench, one) for one in ("6994", OTHER)] == [["parked"], ["parked"]]
    assert len(bench.mis.received) == 1


async def test_nobody_can_have_one_of_them_sent(bench: Bench) -> None:
    bench.shop.orders = {"a": order("6994"), "b": theirs()}
    await ask_to_look(bench, "6994")
    await settle(bench)
    for key in ("6994-1", f"{OTHER}-1"):
        with pytest.raises(Refused, match="by hand"):
            await decisions.send_again(
                bench.installation, decisions.Decision(subscriber="northfield", key=key, actor="mia")
            )
    await settle(bench)
    assert [await states(bench, one) for one in ("6994", OTHER)] == [["parked"], ["parked"]]
    assert bench.mis.received == []


async def test_comparing_takes_neither_for_the_other_nor_either_for_gone(bench: Bench) -> None:
    bench.shop.orders = {"a": order("6994")}
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.marks.clear()
    bench.clock.now += MARK_SHOWS_S + 1
    bench.shop.orders = {"b": theirs()}  # a period may show the other one alone
    start, end = theirs().placed_at - timedelta(days=1), theirs().placed_at + timedelta(days=1)
    first = await compare(bench.installation, bench.subscriber, start, end)
    bench.shop.orders["a"] = order("6994")
    second = await compare(bench.installation, bench.subscriber, start, end)
    await settle(bench)
    assert first.drift == second.drift == ()
    assert bench.shop.marks == {}
    assert [await states(bench, one) for one in ("6994", OTHER)] == [["accepted"], ["parked"]]
