"""An order of more than the MIS has free waits for a person, where that is wanted; what is not known holds nothing."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from makeready.orders import decisions
from makeready.orders.settings import OrderRules
from makeready_hooks import Capability
from makeready_hooks.errors import Refused, RetryLater
from makeready_hooks.model.order import OrderLine, OrderPart
from makeready_hooks.model.product import StockLevel
from makeready_hooks.model.submission import BegunOrder, FindResult
from pretend import STAGE, Bench, line, order
from steps import ask_to_look, save_settings, settle


def level(product_id: str, on_hand: int, allocated: int = 0) -> StockLevel:
    return StockLevel(product_id=product_id, on_hand=Decimal(on_hand), allocated=Decimal(allocated))


async def reason(bench: Bench, lines: Sequence[OrderLine], *levels: StockLevel, rule: Any = "wait") -> str:
    """Why the lines wait; "" if they went."""
    bench.mis.can = frozenset({Capability.STOCK})
    bench.mis.levels = levels
    rules = OrderRules(
        trigger_stage=STAGE,
        starts_at=bench.subscriber.orders.starts_at,
        grouping="order",
        counted_in="pieces",
        short_stock=rule,
    )
    await bench.installation.store.subscribers.save([msgspec.structs.replace(bench.subscriber, orders=rules)])
    bench.shop.orders["6994"] = order("6994", *lines)
    await ask_to_look(bench, "6994")
    await settle(bench)
    [found, *_] = await bench.installation.store.ledger.of_order("northfield", "6994")
    return "" if found.state == "accepted" else found.reason


async def test_what_is_short_waits_with_how_much_there_is_and_what_to_do(bench: Bench) -> None:
    lines = [line(1, quantity=2, pack_size=150), line(2, quantity=200), line(3, part_number="117-4107")]
    told = await reason(bench, lines, level("2284", 400, 80), level("4107", 2))
    assert told == (
        "There is not enough in stock (product 2284: ordered 500, free 320). Send it again to have it as it is, change it "
        "in the shop before, or say that it shall not be sent."
    )
    assert bench.mis.received == []
    assert bench.mis.stock_asked == [("2284", "4107")]


async def test_a_person_can_have_it_sent_all_the_same(bench: Bench) -> None:
    assert await reason(bench, [line(quantity=500)], level("2284", 320))
    await decisions.send_again(
        bench.installation, decisions.Decision(subscriber="northfield", key="6994", actor="mia")
    )
    await settle(bench)
    assert len(bench.mis.received) == 1
    assert len(bench.mis.stock_asked) == 1


@pytest.mark.parametrize(
    "levels", [(), (level("2284", 500),), (level("other", 0),), (level("2284", 900, 400),)]
)
async def test_what_is_enough_or_not_known_holds_nothing(
    bench: Bench, levels: tuple[StockLevel, ...]
) -> None:
    assert await reason(bench, [line(quantity=500)], *levels) == ""


async def test_an_mis_that_refuses_the_question_holds_nothing(bench: Bench) -> None:
    bench.mis.stock_trouble.append(Refused("no stock here"))
    assert await reason(bench, [line(quantity=500)], level("2284", 0)) == ""


async def test_an_mis_that_is_away_is_asked_again(bench: Bench) -> None:
    bench.mis.stock_trouble.append(RetryLater("away", after_s=5))
    assert await reason(bench, [line(quantity=500)], level("2284", 500)) == ""
    bench.clock.now += 60
    await settle(bench)
    assert len(bench.mis.stock_asked) == 2


async def test_nothing_is_asked_unless_it_is_switched_on(bench: Bench) -> None:
    assert await reason(bench, [line(quantity=500)], level("2284", 0), rule="send") == ""
    assert bench.mis.stock_asked == []


async def test_the_parts_of_a_kit_are_what_is_on_the_shelf(bench: Bench) -> None:
    parts = (OrderPart(part_number="117-4107", description="", quantity=3),)
    told = await reason(bench, [line(part_number="KIT", parts=parts)], level("4107", 2))
    assert "product 4107: ordered 3, free 2" in told


@pytest.mark.parametrize("begun", [True, False])
async def test_what_the_order_itself_has_reserved_there_does_not_hold_it(bench: Bench, begun: bool) -> None:
    bench.mis.trouble.append(RetryLater("busy"))
    assert await reason(bench, [line(quantity=500)], level("2284", 500)) == ""
    bench.mis.can |= {Capability.SUBMIT_IN_STEPS, Capability.FIND_SUBMITTED_ORDER}
    await save_settings(bench)
    draft = BegunOrder(id="D-1") if begun else None
    bench.mis.find = lambda key: FindResult(begun=draft, certain=not begun)
    bench.mis.levels = (level("2284", 500, 500),)
    bench.clock.now += 120
    await settle(bench)
    [found] = await bench.installation.store.ledger.of_order("northfield", "6994")
    assert found.state == ("accepted" if begun else "refused")
