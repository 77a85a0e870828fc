"""One decision for many, and trying at once: what only shows beside the JSON API."""

import pytest
from makeready.orders import decisions
from makeready.orders import decisions as replaying
from makeready.orders.decisions import Decision, Replay, replay
from makeready.orders.model import LineState
from makeready_hooks.errors import ConfigError, MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.submission import FindResult
from pretend import Bench, order
from queued import claim, put_back
from steps import ask_to_look, settle, states

ALL = Replay(subscriber="northfield", actor="ada")


async def send(bench: Bench, number: str, *troubles: MakereadyError) -> None:
    bench.shop.orders[number] = order(number)
    bench.mis.before_effect += troubles
    await ask_to_look(bench, number)
    await settle(bench)


async def refused(bench: Bench, *numbers: str) -> None:
    for number in numbers:
        bench.clock.now += 1
        await send(bench, number, Refused("On stop."))


async def test_more_than_go_at_once_are_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "MAX_LINES", 2)
    await refused(bench, "1", "2", "3")
    first = await replay(bench.installation, ALL)
    assert (first.keys, first.more) == (("2-1", "3-1"), True)
    second = await replay(bench.installation, ALL)
    assert (second.keys, second.more) == (("1-1",), False)


async def test_what_somebody_decides_meanwhile_is_left_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await refused(bench, "1", "2")
    find = decisions._find_lines

    async def find_and_be_late(*given):
        found = await find(*given)
        ignored = Decision(subscriber="northfield", key="1-1", actor="eve")
        await decisions.ignore(bench.installation, ignored, "made by hand")
        return found

    monkeypatch.setattr(replaying, "_find_lines", find_and_be_late)
    done = await replay(bench.installation, ALL)
    assert (done.keys, done.skipped) == (("2-1",), ("1-1",))
    assert await states(bench, "1") == ["ignored"]


async def test_one_that_is_parked_meanwhile_is_not_sent_with_the_refused_ones(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found as refused, sent again by another person, and parked before its turn came."""
    await refused(bench, "1")
    find = decisions._find_lines

    async def find_and_be_late(*given):
        found = await find(*given)
        bench.mis.trouble = [OutcomeUnknown("cut")]
        await decisions.send_again(
            bench.installation, Decision(subscriber="northfield", key="1-1", actor="eve")
        )
        await settle(bench)
        bench.clock.now += 1000
        await settle(bench)
        return found

    monkeypatch.setattr(replaying, "_find_lines", find_and_be_late)
    assert (await replay(bench.installation, ALL)).skipped == ("1-1",)
    assert await states(bench, "1") == ["parked"]


async def test_refused_ones_do_not_take_parked_ones_along(bench: Bench) -> None:
    bench.mis.trouble = [OutcomeUnknown("cut")]
    await send(bench, "1")
    bench.clock.now += 1000
    await settle(bench)
    assert await states(bench, "1") == ["parked"]
    assert (await replay(bench.installation, ALL)).keys == ()
    decision = Decision(subscriber="northfield", key="1-1", actor="ada")
    with pytest.raises(Refused, match="is parked"):
        await decisions.send_again(bench.installation, decision, (LineState.REFUSED,))


async def test_trying_at_once_does_not_ask_the_mis_in_the_quiet_period(bench: Bench) -> None:
    """A doubt that was looked into before, sent again, and is in doubt again: its work may carry an old error."""
    asked: list[float] = []

    def find(key: str) -> FindResult:
        asked.append(bench.clock())
        raise RetryLater("The MIS is away.", after_s=3600)

    bench.mis.find = find
    bench.mis.trouble = [OutcomeUnknown("cut")]
    await send(bench, "1")
    submission = await bench.installation.store.ledger.submission("northfield", "1-1")
    assert submission is not None
    work = bench.installation.store.work
    [resolve] = await claim(work, now=1e12, owner="t", lease_s=0, limit=1, kind="resolve")
    later = submission.quiet_until + 100
    await put_back(work, resolve, owner="t", now=bench.clock(), due_at=later, error="The MIS was away.")
    assert await decisions.retry(bench.installation, "northfield", "1", actor="ada") == 1
    last = (await bench.installation.store.ledger.history("northfield", "1"))[-1]
    assert (last.to_state, last.cause, last.actor) == ("in_doubt", "a person wants it tried now", "ada")
    assert (last.from_state, last.at) == (last.to_state, bench.clock())
    await settle(bench)
    assert asked == []
    bench.clock.now = submission.quiet_until
    await settle(bench)
    assert asked == [submission.quiet_until]


async def test_an_order_that_nobody_knows_is_named(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="Nothing is known of order 404"):
        await decisions.retry(bench.installation, "northfield", "404", actor="ada")
    assert await decisions.retry(bench.installation, "northfield", actor="ada") == 0


async def test_a_look_that_went_wrong_is_tried_at_once_too(bench: Bench) -> None:
    bench.shop.away = RetryLater("The shop is away.", after_s=3600)
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.away = None
    bench.shop.orders["6994"] = order("6994")
    assert await decisions.retry(bench.installation, "northfield", "6994", actor="ada") == 1
    await settle(bench)
    assert await states(bench) == ["accepted"]
