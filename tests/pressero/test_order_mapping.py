from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from connector_strategies import json_values, money, texts
from hypothesis import example, given
from hypothesis import strategies as st
from makeready_hooks import Secret
from makeready_hooks.model.order import Address, Order, Party
from makeready_pressero.orders.mapping import orders_from
from makeready_pressero.settings import PresseroSettings

SETTINGS = PresseroSettings(
    admin_url="https://admin.shop.example",
    user_name="bridge",
    password=Secret("hush-hush"),
    subscriber_id="0a5d2c1e",
    consumer_id="c0ffee",
)
ROW: dict[str, Any] = {
    "OrderId": "6a4f",
    "OrderNumber": 7101,
    "OrderItemId": "c02b",
    "OrderItemNumber": 1,
    "OrderItemSeq": 1,
    "OrderDate": "2026-03-02T09:15:29.7",
    "RequestedShipDate": "2026-03-09T00:00:00",
    "Domain": "acme.shop.example",
    "Product": {"ProductName": "Opening kit", "PrintersPartNum": "117-2284"},
    "ProductName": "Opening kit",
    "ItemName": "Kit",
    "OrderItemOptionsText": "Paper: Silk",
    "PrinterPartNumber": "117-2284",
    "Quantity": 2,
    "Price": 50.0,
    "Shipping": 10.0,
    "ItemTax": 12.0,
    "OrderedByFirstName": "Ann",
    "OrderedByLastName": "Lee",
    "OrderedByEmail": "ann@acme.example",
    "OrderedByDepartment": None,
    "PONumber": "PO-77",
    "BillToFirstName": "Ann",
    "BillToLastName": "Lee",
    "BillToBusiness": "Acme",
    "BillToAddress1": "1 High St",
    "BillToCity": "Leeds",
    "BillToPostal": "LS1 1AA",
    "BilltoStateProvince": "West Yorkshire",
    "BillToCountry": "GB",
    "BillToPhone": "0113 000",
    "BillToEmail": "ann@acme.example",
    "ShipToFirstName": "Bo",
    "ShipToLastName": "Tran",
    "ShipToAddress1": "2 Low St",
    "ShipToAddress2": "Dock",
    "ShipToCity": "Hull",
    "ShipToPostal": "HU1 1AA",
    "ShiptoStateProvince": "East Riding",
    "ShipToCountry": "GB",
    "ItemNotes": None,
    "WorkflowStageId": "3d8e",
    "WorkflowStagePrinter": "Order Received",
    "IsApproved": True,
    "IsDenied": False,
    "MisId": None,
}
MONEY = {"Price": "net", "ItemTax": "tax", "Shipping": "shipping_net"}


@st.composite
def searches(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of several orders, in any order, as they come over the wire."""
    keys = draw(st.sets(st.tuples(st.integers(1, 4), st.integers(1, 5)), min_size=1))
    rows = [
        {
            **ROW,
            "OrderNumber": order,
            "OrderItemNumber": item,
            "OrderItemId": f"{order}-{item}",
            "Quantity": draw(st.integers(1, 10**6)),
            "ProductName": draw(texts.filter(bool)),
            **{name: float(draw(money)) for name in MONEY},
        }
        for order, item in keys
    ]
    return draw(st.permutations(rows))


def one(**changed: Any) -> Order:
    [order] = orders_from([{**ROW, **changed}], SETTINGS)
    return order


def test_a_row_of_a_search_becomes_an_order_with_one_line() -> None:
    order = one()
    assert (order.number, order.id, order.site) == ("7101", "6a4f", "acme.shop.example")
    assert (order.account_id, order.po_number, order.problem) == ("0a5d2c1e", "PO-77", "")
    assert order.placed_at == datetime(2026, 3, 2, 9, 15, 29, 700_000, UTC)
    assert (order.buyer.first_name, order.buyer.email) == ("Ann", "ann@acme.example")
    [line] = order.lines
    assert (line.number, line.id, line.part_number, line.quantity) == (1, "c02b", "117-2284", 2)
    assert (line.net, line.tax, line.shipping_net) == (50, 12, 10)
    assert (line.description, line.options, line.required_on) == (
        "Opening kit",
        "Paper: Silk",
        date(2026, 3, 9),
    )
    assert (line.approved, line.denied, line.stage) == (True, False, "Order Received")


def test_both_addresses_are_read_with_the_states_in_pressero_s_spelling() -> None:
    order = one()
    leeds = Address(
        line1="1 High St", city="Leeds", region="West Yorkshire", postcode="LS1 1AA", country="GB"
    )
    assert order.bill_to == Party(
        first_name="Ann",
        last_name="Lee",
        business="Acme",
        email="ann@acme.example",
        phone="0113 000",
        address=leeds,
    )
    ship_to = order.lines[0].ship_to
    assert (ship_to.full_name, ship_to.address.line2, ship_to.address.region) == (
        "Bo Tran",
        "Dock",
        "East Riding",
    )


@given(searches())
def test_no_line_of_several_orders_is_lost_or_changes_its_order(rows: list[dict[str, Any]]) -> None:
    orders = orders_from(msgspec.json.decode(msgspec.json.encode(rows)), SETTINGS)
    found = [(int(order.number), line.number, line.id) for order in orders for line in order.lines]
    assert found == sorted((row["OrderNumber"], row["OrderItemNumber"], row["OrderItemId"]) for row in rows)


@given(searches())
def test_money_and_quantities_are_exact(rows: list[dict[str, Any]]) -> None:
    by_id = {row["OrderItemId"]: row for row in rows}
    for order in orders_from(msgspec.json.decode(msgspec.json.encode(rows)), SETTINGS):
        for line in order.lines:
            row = by_id[line.id]
            for member, name in MONEY.items():
                assert getattr(line, name) == Decimal(str(row[member])).quantize(Decimal("0.01"))
            assert (line.quantity, line.description) == (row["Quantity"], row["ProductName"])


@pytest.mark.parametrize(
    ("written", "second", "micro"),
    [
        ("2026-03-02T09:15:29", 29, 0),
        ("2026-03-02T09:15:29Z", 29, 0),
        ("2026-03-02T09:15:29.7", 29, 700_000),
        ("2026-03-02T09:15:29.7Z", 29, 700_000),
        ("2026-03-02T09:15:29.1234567", 29, 123_456),
        ("2026-03-02T09:15:29.1234567Z", 29, 123_456),
        ("2026-03-02T11:15:29.1234567+02:00", 29, 123_456),
        ("2026-03-02 09:15:29Z", 29, 0),
    ],
)
def test_moments_are_read_in_every_form_that_dotnet_writes(written: str, second: int, micro: int) -> None:
    assert one(OrderDate=written).placed_at == datetime(2026, 3, 2, 9, 15, second, micro, UTC)


@pytest.mark.parametrize("none", [None, "", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z"])
def test_the_year_1_is_no_date(none: str | None) -> None:
    assert one(RequestedShipDate=none).lines[0].required_on is None
    assert "OrderDate" in one(OrderDate=none).problem


def test_a_day_is_the_day_as_it_is_written() -> None:
    for written in ("2026-03-09", "2026-03-09T00:00:00+02:00", "2026-03-09T23:30:00.1234567-05:00"):
        assert one(RequestedShipDate=written).lines[0].required_on == date(2026, 3, 9)


@pytest.mark.parametrize("missing", sorted(set(ROW) - {"OrderNumber", "OrderDate"}))
def test_a_missing_member_is_survived(missing: str) -> None:
    [order] = orders_from([{name: value for name, value in ROW.items() if name != missing}], SETTINGS)
    assert (order.problem, len(order.lines)) == ("", 1)
    assert one(**{missing: None}).problem == ""


def test_other_members_stand_in_for_missing_ones() -> None:
    [line] = one(OrderItemNumber=None, OrderItemSeq=3, ProductName="", PrinterPartNumber=None).lines
    assert (line.number, line.description, line.part_number) == (3, "Kit", "117-2284")


@pytest.mark.parametrize("member", [*MONEY, "Quantity"])
@pytest.mark.parametrize("odd", ["ten", True, [], "NaN", "1e99999999"])
def test_an_amount_that_cannot_be_read_names_the_order_and_the_member(member: str, odd: Any) -> None:
    order = one(**{member: odd})
    assert "7101" in order.problem and member in order.problem
    assert (order.number, order.lines) == ("7101", ())


def test_an_order_that_cannot_be_read_holds_up_no_other() -> None:
    rows = [{**ROW, "Price": "ten"}, {**ROW, "OrderNumber": 7102}, {**ROW, "OrderNumber": []}]
    good, bad = sorted(orders_from(rows, SETTINGS), key=lambda order: order.problem)
    assert (good.number, len(good.lines), bad.number) == ("7102", 1, "7101")


def test_an_item_that_was_read_twice_is_one_line_as_it_was_last() -> None:
    [order] = orders_from(
        [ROW, {**ROW, "OrderItemNumber": 2, "OrderItemId": "x"}, {**ROW, "MisId": "SO-1"}], SETTINGS
    )
    assert [(line.number, line.mis_number) for line in order.lines] == [(1, "SO-1"), (2, "")]


@pytest.mark.parametrize("number", [None, 0, -1])
def test_an_item_without_a_number_is_a_problem_and_not_line_zero(number: int | None) -> None:
    order = one(OrderItemNumber=number, OrderItemSeq=None)
    assert "OrderItemNumber" in order.problem and order.lines == ()


def test_two_items_of_one_number_are_a_problem_and_not_one_line() -> None:
    [order] = orders_from([ROW, {**ROW, "OrderItemId": "another"}], SETTINGS)
    assert "item 1" in order.problem and order.lines == ()


@given(st.sampled_from(sorted(ROW)), json_values)
@example("OrderDate", "9999-12-31T23:59:59-05:00")
def test_an_odd_member_is_a_line_or_a_problem_and_never_a_crash(member: str, odd: Any) -> None:
    for order in orders_from([{**ROW, member: odd}], SETTINGS):
        assert bool(order.problem) != bool(order.lines)


def test_only_true_is_approved() -> None:
    for odd in ("true", 1, "yes", None):
        assert not one(IsApproved=odd).lines[0].approved


def lines_of(*rows: dict[str, Any]) -> list[Any]:
    numbered = [
        {**ROW, "OrderItemNumber": place, "OrderItemId": f"c{place}", **row}
        for place, row in enumerate(rows, 1)
    ]
    [order] = orders_from(numbered, SETTINGS)
    assert order.problem == ""
    return list(order.lines)


@given(st.lists(money, min_size=1, max_size=5), money, money)
def test_shipping_and_tax_that_only_the_order_has_are_shared_to_the_cent(prices, shipping, tax) -> None:
    order = {"ItemTax": None, "Shipping": 0, "OrderShipping": float(shipping), "OrderTax": float(tax)}
    lines = lines_of(*({**order, "Price": float(price)} for price in prices))
    assert sum(line.shipping_net for line in lines) == shipping
    assert sum(line.tax + line.shipping_tax for line in lines) == tax


@given(st.lists(money, min_size=1, max_size=5), money)
def test_a_tax_beyond_that_of_the_lines_is_the_shipping_s(taxes, more) -> None:
    taxes = [max(tax, Decimal(1)) for tax in taxes]
    total = float(sum(taxes) + more)
    lines = lines_of(*({"ItemTax": float(tax), "OrderTax": total} for tax in taxes))
    assert [line.tax for line in lines] == taxes
    assert sum(line.shipping_tax for line in lines) == more


def test_lines_that_hold_all_of_it_stay_as_they_are() -> None:
    [line] = lines_of({"OrderShipping": 10.0, "OrderTax": 12.0})
    assert (line.tax, line.shipping_net, line.shipping_tax) == (12, 10, 0)


def test_the_parts_of_a_kit_are_read() -> None:
    part = {"PrinterPartNumber": "117-4107", "ProductName": "Tote bag", "Quantity": 4, "Price": 2.5}
    [line] = lines_of({"KitItems": [part, {"PrinterPartNumber": "NF", "Quantity": 0}, "rubbish"]})
    assert [(one.part_number, one.quantity, one.net) for one in line.parts] == [
        ("117-4107", 4, Decimal("2.5")),
        ("NF", 0, 0),
    ]


@given(json_values)
def test_a_kit_that_cannot_be_read_is_a_problem_of_its_order_and_no_error(rubbish) -> None:
    [order] = orders_from([{**ROW, "KitItems": rubbish}], SETTINGS)
    assert order.problem or order.lines
