"""Lines that go together, while the shop changes its mind between a look and a sending: none lost, none doubled."""

import msgspec
import pytest
from makeready.flows.judging import judge
from makeready.records import OrderRules
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.model.order import FindResult, OrderRequest
from pretend import STAGE, Bench, line, order
from steps import ask_to_look, settle, states

QUIET_S = 60 + 30
"""The pretend MIS's deadline, and the subscriber's margin."""


@pytest.fixture
async def together(bench: Bench) -> Bench:
    rules = OrderRules(trigger_stage=STAGE, grouping="order")
    changed = msgspec.structs.replace(bench.subscriber, orders=rules)
    await bench.installation.store.subscribers.save([changed])
    return bench


def sent(bench: Bench) -> list[tuple[str, list[int]]]:
    """Key and lines of each payload that the MIS got."""
    requests = [msgspec.json.decode(one.payload, type=OrderRequest) for one in bench.mis.received]
    return [(one.key, [line.number for line in one.order.lines]) for one in requests]


async def show(bench: Bench, *lines) -> None:
    bench.shop.orders["6994"] = order("6994", *lines)
    await ask_to_look(bench, "6994")
    await settle(bench)


async def test_a_line_that_was_withdrawn_in_doubt_is_not_in_what_is_sent_again(together: Bench) -> None:
    together.mis.trouble = [OutcomeUnknown("cut off")]
    await show(together, line(1), line(2))
    together.mis.received.clear()  # it had no effect
    together.mis.find = lambda key: FindResult(certain=True)
    together.mis.before_effect = [RetryLater("down", after_s=600)]
    together.clock.now += QUIET_S + 1
    await settle(together)
    assert await states(together) == ["ready", "ready"]
    await show(together, line(1), line(2, approved=False))
    together.clock.now += 601
    await settle(together)
    await show(together, line(1), line(2))
    assert sent(together) == [("6994", [1]), ("6994-S2", [2])]
    assert await states(together) == ["accepted", "accepted"]


@pytest.mark.parametrize("change", [{"denied": True}, {"approved": False}])
async def test_the_others_go_when_one_is_withdrawn_just_before_the_sending(together: Bench, change) -> None:
    together.mis.before_effect = [RetryLater("down", after_s=60)]
    await show(together, line(1), line(2))
    together.shop.orders["6994"] = order("6994", line(1), line(2, **change))
    for _ in range(3):
        together.clock.now += 61
        await settle(together)
    assert sent(together) == [("6994", [1])]


def test_a_key_that_another_line_has_is_not_given_again(together: Bench) -> None:
    rules = OrderRules(trigger_stage=STAGE, grouping="order")
    subscriber = msgspec.structs.replace(together.subscriber, orders=rules)
    after_s2_was_withdrawn = {1: "6994", 3: "6994-S3"}
    verdicts = judge(subscriber, order("6994", line(1), line(2), line(3)), after_s2_was_withdrawn)
    assert [one.submission for one in verdicts] == ["6994", "6994-S4", "6994-S3"]
