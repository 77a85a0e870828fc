"""A kit of the shop is one MIS order with a line for each part."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.orders.rules import decide_lines, mis_lines
from makeready.orders.settings import OrderRules
from makeready.subscribers.model import Subscriber
from makeready_hooks.model.order import Artwork, OrderPart
from makeready_hooks.model.submission import OrderRequest
from pretend import STAGE, Bench, line, order, product
from steps import ask_to_look, settle, states

SUBSCRIBER = Subscriber(
    name="northfield",
    title="Northfield",
    external_user_id=117,
    environment="test",
    orders=OrderRules(trigger_stage=STAGE),
)
FILE = Artwork(file_name="front.pdf", url="https://files.example/front.pdf")


def part(number: str, quantity: int = 1, net: str = "0") -> OrderPart:
    return OrderPart(part_number=number, description=f"Part {number}", quantity=quantity, net=Decimal(net))


def kit(*parts: OrderPart, **changes):
    return line(**{"part_number": "KIT-1", "parts": parts, "net": Decimal(10), **changes})


async def test_the_parts_of_a_kit_are_the_lines_of_one_mis_order(bench: Bench) -> None:
    bench.mis.products["9"] = product("9", "Sticker")
    parts = (part("117-2284", 2), part("117-4107", 0), part("NF-CARD", 2), part("117-9", 4))
    bench.shop.orders["6994"] = order("6994", kit(*parts))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    [sent] = [msgspec.json.decode(one.payload, type=OrderRequest) for one in bench.mis.received]
    assert (sent.key, sent.product_ids) == ("6994-1", ("2284", "9"))
    assert [(one.number, one.quantity) for one in sent.order.lines] == [(1, 2), (1, 4)]
    assert list(bench.shop.marks) == [("6994", 1)]


@pytest.mark.parametrize("parts", [(part("117-2284", 0),), (part("NF-CARD"),)])
def test_a_kit_without_a_wanted_part_of_the_mis_does_not_go(parts) -> None:
    [decision] = decide_lines(SUBSCRIBER, order("6994", kit(*parts)), {})
    assert decision.state == "ignored"
    assert "no part of the kit" in decision.reason


def test_a_kit_that_the_mis_makes_as_such_goes_as_itself() -> None:
    whole = kit(part("117-4107"), part_number="117-2284")
    assert mis_lines(SUBSCRIBER, whole) == (whole,)


def test_files_and_shipping_go_with_the_first_part() -> None:
    one, other = mis_lines(
        SUBSCRIBER, kit(part("117-1"), part("117-2"), shipping_net=Decimal(7), files=(FILE,))
    )
    assert (one.files, one.shipping_net) == ((FILE,), 7)
    assert (other.files, other.shipping_net) == ((), 0)


def test_parts_with_prices_of_their_own_share_by_them() -> None:
    parts = (part("117-1", 1, "2.50"), part("117-2", 9, "7.50"))
    assert [one.net for one in mis_lines(SUBSCRIBER, kit(*parts))] == [Decimal("2.50"), Decimal("7.50")]


amounts = st.decimals(0, 100_000, places=2)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=6), amounts, amounts)
def test_a_kit_s_price_and_tax_are_shared_to_the_cent(quantities, net, tax) -> None:
    parts = [part(f"117-{place}", quantity) for place, quantity in enumerate(quantities, 1)]
    lines = mis_lines(SUBSCRIBER, kit(*parts, net=net, tax=tax))
    assert sum(one.net for one in lines) == net
    assert sum(one.tax for one in lines) == tax
    assert min(min(one.net, one.tax) for one in lines) >= 0
