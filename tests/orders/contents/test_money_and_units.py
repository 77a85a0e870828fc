"""What the MIS gets of packs, discounts and prices of 0, by the subscriber's rules."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.orders.contents.lines import discount_line, mis_lines
from makeready.orders.settings import OrderRules
from makeready.subscribers.model import Subscriber
from makeready_hooks.model.order import OrderLine, OrderPart
from makeready_hooks.model.submission import OrderRequest
from pretend import STAGE, Bench, line, order
from steps import ask_to_look, settle

cents = st.decimals(min_value=1, max_value=10**5, places=2)


async def look(bench: Bench, *lines: OrderLine, **rules: Any) -> str:
    """Why the lines wait; "" if they went."""
    changed = OrderRules(trigger_stage=STAGE, starts_at=bench.subscriber.orders.starts_at, **rules)
    await bench.installation.store.subscribers.save(
        [msgspec.structs.replace(bench.subscriber, orders=changed)]
    )
    bench.shop.orders["6994"] = order("6994", *lines)
    await ask_to_look(bench, "6994")
    await settle(bench)
    [found, *_] = await bench.installation.store.ledger.of_order("northfield", "6994")
    return "" if found.state == "accepted" else found.reason


async def send(bench: Bench, *lines: OrderLine, **rules: Any) -> list[OrderRequest]:
    """What the MIS was asked to map."""
    assert await look(bench, *lines, **rules) == ""
    return [msgspec.json.decode(one.payload, type=OrderRequest) for one in bench.mis.received]


def sent_line(requests: list[OrderRequest]) -> OrderLine:
    [request] = requests
    [only] = request.order.lines
    return only


async def test_the_mis_gets_pieces_of_what_the_shop_sells_in_packs(bench: Bench) -> None:
    only = sent_line(await send(bench, line(quantity=2, pack_size=250)))
    assert (only.quantity, only.net) == (500, 50)


async def test_a_product_can_be_counted_in_packs(bench: Bench) -> None:
    only = sent_line(await send(bench, line(quantity=2, pack_size=250), product_counted_in={"2284": "packs"}))
    assert only.quantity == 2


async def test_a_line_that_contradicts_itself_waits_for_a_person_and_goes_when_it_is_corrected(
    bench: Bench,
) -> None:
    said = "a quantity of 2 and a total quantity of 501 contradict one another"
    assert f"(line 1: {said})" in await look(bench, line(contradiction=said))
    assert f"(line 1: {said})" in await look(bench, line(quantity=0, contradiction=said))
    assert sent_line(await send(bench, line(quantity=2, pack_size=250))).quantity == 500


@pytest.mark.parametrize("rule", ["share", "leave"])
async def test_a_discount_lowers_the_price_unless_it_is_left(bench: Bench, rule: Any) -> None:
    only = sent_line(await send(bench, line(net=Decimal(25), discount=Decimal(10)), discounts=rule))
    assert only.net == (15 if rule == "share" else 25)


async def test_a_discount_can_be_a_line_of_its_own(bench: Bench) -> None:
    lines = (line(1, discount=Decimal("3.33")), line(2, discount=Decimal("6.67"), shipping_net=Decimal(7)))
    rules = {"grouping": "order", "discounts": "line", "discount_product_id": "77"}
    [request] = await send(bench, *lines, **rules)
    assert request.product_ids == ("2284", "2284", "77")
    last = request.order.lines[-1]
    assert (last.description, last.quantity, last.net, last.shipping_net) == ("Discount", 1, -10, 0)
    assert [one.net for one in request.order.lines[:2]] == [50, 50]


async def test_a_discount_can_be_told_in_a_note(bench: Bench) -> None:
    [request] = await send(bench, line(discount=Decimal("12.50")), discounts="note")
    assert "a discount of 12.50" in request.note
    assert request.order.lines[0].net == 50


async def test_a_discount_beyond_the_price_waits_for_a_person(bench: Bench) -> None:
    assert "a discount of 60 on a price of 50" in await look(bench, line(discount=Decimal(60)))


def test_discounts_as_a_line_need_a_product() -> None:
    with pytest.raises(ValueError, match="discount_product_id"):
        OrderRules(discounts="line")


@given(st.lists(st.tuples(cents, st.integers(0, 100)), min_size=1, max_size=5), st.booleans())
def test_whichever_way_the_sum_is_what_the_buyer_pays(lines: list[tuple[Decimal, int]], kit: bool) -> None:
    parts = (
        tuple(OrderPart(part_number=f"117-{one}", description="", quantity=one) for one in (3, 4))
        if kit
        else ()
    )
    made = [
        line(
            number,
            net=net,
            discount=(net * part / 100).quantize(Decimal("0.01")),
            parts=parts,
            part_number="KIT" if kit else "117-2284",
        )
        for number, (net, part) in enumerate(lines, 1)
    ]
    paid = sum((one.net or 0) - one.discount for one in made)
    for rule in ("share", "line"):
        rules = OrderRules(discounts=rule, discount_product_id="77")
        subscriber = Subscriber(name="n", title="N", external_user_id=117, environment="test", orders=rules)
        sent = [part for one in made for part in mis_lines(subscriber, one)]
        assert sum(one.net or 0 for one in (*sent, *discount_line(subscriber, made))) == paid


async def test_a_price_of_0_waits_for_a_person_who_is_told_of_the_setting(bench: Bench) -> None:
    reason = await look(bench, line(net=Decimal(0)))
    assert "(line 1: a price of 0)" in reason
    assert "the setting orders.free_products" in reason


@pytest.mark.parametrize(
    "rules",
    [{"free_products": ("2284",)}, {"free_products": (" 117-2284 ",)}, {"free_sites": ("shop.example",)}],
)
async def test_what_is_free_on_purpose_goes(bench: Bench, rules: dict[str, Any]) -> None:
    assert sent_line(await send(bench, line(net=Decimal(0)), **rules)).net == 0


async def test_another_product_or_site_is_not_free_with_it(bench: Bench) -> None:
    assert "a price of 0" in await look(
        bench, line(net=Decimal(0)), free_products=("22", "228"), free_sites=("other.example",)
    )
