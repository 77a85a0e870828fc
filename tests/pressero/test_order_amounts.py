"""What an item costs and how many it is, where the shop tells it in several members."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks import Secret
from makeready_hooks.model.order import Order, OrderLine, OrderTotals
from makeready_hooks.money import to_unit, whole_units
from makeready_pressero.assumptions import Assumptions
from makeready_pressero.orders.mapping import orders_from
from makeready_pressero.settings import PresseroSettings
from msgspec import structs

SETTINGS = PresseroSettings(
    subscriber_id="0a5d2c1e",
    consumer_id="c0ffee",
    user_name="bridge@printer.example",
    password=Secret("hush-hush"),
    admin_url="https://admin.pressero.example",
)
ROW: dict[str, Any] = {
    "OrderId": "6a4f",
    "OrderNumber": 7101,
    "OrderDate": "2026-03-02T09:15:29.7",
    "PrinterPartNumber": "117-2284",
    "Quantity": 2,
    "Price": 50.0,
}

exact = st.decimals(min_value=0, max_value=10**6, places=7)
counts = st.integers(1, 400)


def order_of(*rows: dict[str, Any], names: Assumptions | None = None) -> Order:
    numbered = [
        {**ROW, "OrderItemNumber": place, "OrderItemId": f"c{place}", **row}
        for place, row in enumerate(rows, 1)
    ]
    settings = structs.replace(SETTINGS, assumptions=names) if names else SETTINGS
    [order] = orders_from(numbered, settings)
    assert order.problem == ""
    return order


def options(size: Any) -> str:
    return (
        "<PricingParms><Options><Option><Key>UOMQty</Key><Value>"
        f"{size}</Value></Option></Options></PricingParms>"
    )


def counted(quantity: int, packs: int | None, total: int | None, size: Any = None) -> OrderLine:
    row = {"Quantity": quantity, "UOMQuantity": packs, "TotalQuantity": total}
    return order_of({**row, "PricingEngineInfo": "" if size is None else options(size)}).lines[0]


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ((2, 2, 500, 250), (2, 250)),
        ((2, 2, 500, None), (2, 250)),
        ((2, 250, 500, None), (2, 250)),
        ((2, 250, 500, 250), (2, 250)),
        ((500, 2, 500, None), (2, 250)),
        ((500, 2, 500, 250), (2, 250)),
        ((2, None, None, 250), (2, 250)),
        ((2, 2, None, 250), (2, 250)),
        ((2, 2, 2, None), (2, 1)),
        ((2, None, None, None), (2, 1)),
        ((2, 0, 0, ""), (2, 1)),
        ((2, 2, 2, 1), (2, 1)),
        ((0, 0, 0, 250), (0, 1)),
        ((-5, -5, -5, None), (-5, 1)),
    ],
)
def test_numbers_that_agree_say_how_many_packs_of_how_many(told: Any, read: tuple[int, int]) -> None:
    line = counted(*told)
    assert (line.quantity, line.pack_size, line.contradiction) == (*read, "")


@pytest.mark.parametrize(
    "told",
    [
        (2, 2, 2, 250),
        (2, 2, 500, 100),
        (3, 3, 500, None),
        (0, 2, 500, 250),
        (2, 500, None, None),
        (2, 2, -2, None),
    ],
)
def test_numbers_that_contradict_one_another_are_told(told: Any) -> None:
    line = counted(*told)
    assert line.quantity == told[0]
    assert f"a quantity of {told[0]}" in line.contradiction
    assert line.contradiction.endswith("contradict one another")


@given(counts, counts)
def test_however_packs_are_told_the_pieces_are_the_same(packs: int, size: int) -> None:
    pieces = packs * size
    for told in ((packs, packs, pieces, size), (pieces, packs, pieces, size), (packs, size, pieces, None)):
        line = counted(*told)
        assert line.pieces == pieces, told


def test_an_account_can_have_only_its_quantity_count() -> None:
    row = {"Quantity": 2, "UOMQuantity": 2, "TotalQuantity": 500, "PricingEngineInfo": options(100)}
    [line] = order_of(row, names=Assumptions(pieces="Quantity")).lines
    assert (line.pieces, line.contradiction) == (2, "")


@given(st.lists(exact, min_size=1, max_size=6))
def test_amounts_are_rounded_once_and_their_sum_is_kept(prices: list[Decimal]) -> None:
    rounded = whole_units(prices)
    assert sum(rounded) == to_unit(sum(prices, Decimal(0)))
    assert all(abs(before - after) < Decimal("0.01") for before, after in zip(prices, rounded, strict=True))
    assert all(one == one.quantize(Decimal("0.01")) for one in rounded)


def test_floats_of_the_shop_are_whole_cents() -> None:
    order = order_of({"Price": 0.30000000000000004, "Shipping": 33.33335, "ItemTax": 0.1 + 0.2})
    [line] = order.lines
    assert [str(amount) for amount in (line.net, line.shipping_net, line.tax)] == ["0.30", "33.33", "0.30"]
    three = order_of(*({"Price": 33.33335, "ItemTax": 0, "OrderTax": 0} for _ in range(3)))
    assert sum(line.net or 0 for line in three.lines) == 100


def discounted(*prices: float, **order: Any) -> list[Decimal]:
    rows = [{"Price": price, "ItemTax": 0, "OrderTax": 0, "Shipping": 0, **order} for price in prices]
    return [line.discount for line in order_of(*rows).lines]


def test_a_discount_of_the_order_is_shared_to_the_cent() -> None:
    assert discounted(25, OrderSubtotal=25.0, OrderDiscount=10.0, OrderShipping=10.0, OrderTotal=25.0) == [10]
    shares = discounted(10, 10, 10, OrderDiscount=-10)
    assert sorted(map(str, shares)) == ["3.33", "3.33", "3.34"]
    assert discounted(30, 10, OrderDiscount=None) == [0, 0]


def test_a_discount_of_an_item_is_its_own_and_only_the_rest_is_shared() -> None:
    rows = [
        {"Price": 30, "Discount": 4, "OrderDiscount": 8},
        {"Price": 10, "Discount": 0, "OrderDiscount": 8},
    ]
    assert [line.discount for line in order_of(*rows).lines] == [7, 1]


def test_a_discount_that_the_subtotal_is_after_is_not_taken_off_again() -> None:
    after = {"OrderSubtotal": 15.0, "OrderDiscount": 10.0, "OrderShipping": 10.0, "OrderTotal": 25.0}
    assert discounted(15, **after) == [0]


@given(st.lists(exact, min_size=1, max_size=5), exact)
def test_no_cent_of_a_discount_is_lost(prices: list[Decimal], discount: Decimal) -> None:
    shares = discounted(*map(float, prices), OrderDiscount=float(discount))
    assert sum(shares) == to_unit(Decimal(str(float(discount))))


def test_what_the_buyer_saw_below_the_order_is_kept() -> None:
    order = order_of({"OrderSubtotal": 25.004, "OrderDiscount": -10, "OrderTotal": None})
    assert order.totals == OrderTotals(subtotal=Decimal(25), discount=Decimal(10))


def test_how_it_is_paid_and_the_cost_centre_are_read() -> None:
    names = Assumptions(cost_centre_member="CheckoutFormValue1")
    order = order_of({"PaymentMethod": "Invoice", "CheckoutFormValue1": "CC-12"}, names=names)
    assert (order.payment_method, order.cost_centre) == ("Invoice", "CC-12")
    assert order_of({}).cost_centre == ""
