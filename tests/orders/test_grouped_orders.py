"""Lines that go together, while the shop changes its mind between a look and a sending: none lost, none doubled."""

import msgspec
import pytest
from makeready.orders.settings import OrderRules
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.model.submission import FindResult, OrderRequest
from pretend import STAGE, Bench, line, order
from steps import ask_to_look, settle, states, took_before

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
    await took_before(together)
    together.mis.trouble = [OutcomeUnknown("cut off")]
    await show(together, line(1), line(2))
    together.mis.received.clear()  # it had no effect
    together.mis.find = lambda key: FindResult(certain=True)
    together.mis.before_effect = [RetryLater("down", after_s=600)]
    together.clock.now += QUIET_S + 1
    await settle(together)
    assert await states(together) == ["ready", "ready"]
    await show(together, line(1), line(2, denied=True))
    together.clock.now += 601
    await settle(together)
    await show(together, line(1), line(2))
    assert sent(together) == [("6994", [1]), ("6994-S2", [2])]
    assert await states(together) == ["accepted", "accepted"]


async def change_before_sending(bench: Bench, **change) -> None:
    """The MIS is down when both are ready; then one changes in the shop, and the MIS is there again."""
    bench.mis.before_effect = [RetryLater("down", after_s=60)]
    await show(bench, line(1), line(2))
    bench.shop.orders["6994"] = order("6994", line(1), line(2, **change))
    for _ in range(3):
        bench.clock.now += 61
        await settle(bench)


async def test_the_others_go_when_one_is_denied_just_before_the_sending(together: Bench) -> None:
    await change_before_sending(together, denied=True)
    assert sent(together) == [("6994", [1])]


@pytest.mark.parametrize("change", [{"approved": False}, {"stage": "Prepress"}])
async def test_the_others_wait_when_one_waits_again_just_before_the_sending(together: Bench, change) -> None:
    await change_before_sending(together, **change)
    assert sent(together) == []
    await show(together, line(1), line(2))
    assert sent(together) == [("6994", [1, 2])]
