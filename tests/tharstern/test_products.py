from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from connector_strategies import json_values
from hypothesis import example, given
from hypothesis import strategies as st
from makeready_hooks.model.product import MisProduct, PriceBreak, ProductKind
from makeready_tharstern.assumptions import Assumptions
from makeready_tharstern.products.mapping import mis_product, product_from, stock_level

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TOTE = {
    "ID": 4107,
    "Code": "TOTE-NVY",
    "Description": "Navy tote bag",
    "ProductTypes_ID": 0,
    "StockType": "Finished",
    "Price": 4.20,
    "QtyInStock": 310,
    "QtyAllocated": 40,
    "Weight": 0.15,
}
odd_members = st.sampled_from(["PriceBreaks", *TOTE]).filter(lambda name: name != "ID")


def product(names: Assumptions | None = None, **changed: Any) -> MisProduct:
    names = names or Assumptions()
    return mis_product(product_from({**TOTE, **changed}, names), names)


def test_a_product_is_read_with_its_numbers_exact() -> None:
    assert product() == MisProduct(
        id="4107",
        code="TOTE-NVY",
        name="Navy tote bag",
        kind=ProductKind.STOCK,
        price_breaks=(PriceBreak(from_quantity=1, unit_price=Decimal("4.2")),),
        stock=Decimal(270),
        weight_kg=Decimal("0.15"),
    )


def test_members_are_found_under_the_names_of_the_assumptions() -> None:
    names = Assumptions(
        product_code="StockCode", product_name="Title", product_price="UnitPrice", weight="Kg"
    )
    renamed = {"StockCode": "T-1", "Title": "Tote", "UnitPrice": "5.5", "Kg": 1}
    found = product(names, **renamed)
    assert (found.code, found.name, found.price, found.weight_kg) == ("T-1", "Tote", Decimal("5.5"), 1)
    breaks = Assumptions(price_breaks="Rates", break_quantity="From", break_price="Each")
    found = product(breaks, Rates=[{"From": 10, "Each": 3}])
    assert [one.from_quantity for one in found.price_breaks] == [1, 10]


@pytest.mark.parametrize(
    ("given_price", "read"),
    [
        (4, 4),
        ("4.20", Decimal("4.2")),
        (None, None),
        (True, None),
        ("", None),
        ("free", None),
        ("NaN", None),
        ([], None),
    ],
)
def test_a_price_may_be_a_number_or_a_text_and_anything_else_is_none(given_price: Any, read: Any) -> None:
    assert product(Price=given_price).price == read


@given(odd_members, json_values)
@example("PriceBreaks", 5)
@example("ProductTypes_ID", "1e99999999")
def test_odd_members_never_crash_the_reader(member: str, value: Any) -> None:
    wire = msgspec.json.decode(msgspec.json.encode({**TOTE, member: value}))
    found = mis_product(product_from(wire, Assumptions()), Assumptions())
    assert found.id == "4107"
    assert msgspec.json.decode(msgspec.json.encode(found), type=MisProduct) == found


@pytest.mark.parametrize(
    ("members", "kind", "type_id"),
    [
        ({}, ProductKind.STOCK, ""),
        ({"StockType": None}, ProductKind.STOCK, ""),
        ({"StockType": "None", "ProductTypes_ID": 23}, ProductKind.MADE_TO_ORDER, "23"),
        ({"StockType": "Part"}, ProductKind.OTHER, ""),
        ({"StockType": "Process", "ProductTypes_ID": 23}, ProductKind.OTHER, "23"),
    ],
)
def test_kinds_tell_what_is_for_sale_and_what_needs_an_estimate(
    members: dict[str, Any], kind: ProductKind, type_id: str
) -> None:
    found = product(**members)
    assert (found.kind, found.type_id) == (kind, type_id)


def test_the_product_type_is_read_under_both_of_its_names() -> None:
    other = {name: value for name, value in TOTE.items() if name != "ProductTypes_ID"}
    found = product_from({**other, "ProductTypeID": "23"}, Assumptions())
    assert found.type_id == 23
    assert product_from(other, Assumptions()).type_id == 0


def test_a_break_that_cannot_be_read_is_no_price() -> None:
    odd = [
        {"Quantity": 10},
        {"Price": 1},
        {"Quantity": None, "Price": 1},
        "10: 1",
        {"Quantity": 10, "Price": "x"},
    ]
    assert [one.from_quantity for one in product(PriceBreaks=odd).price_breaks] == [1]


@given(st.integers(-1000, 1000), st.none() | st.integers(0, 1000))
def test_free_stock_is_what_is_on_hand_less_what_is_allocated(on_hand: int, allocated: int | None) -> None:
    read = product_from({**TOTE, "QtyInStock": on_hand, "QtyAllocated": allocated}, Assumptions())
    level = stock_level(read, NOW, Assumptions())
    assert level is not None
    assert level.free == mis_product(read, Assumptions()).stock == on_hand - (allocated or 0)
    assert (level.product_id, level.as_of) == ("4107", NOW)


def test_stock_that_is_not_told_is_unknown_and_not_zero() -> None:
    assert product(QtyInStock=None).stock is None
    assert stock_level(product_from({"ID": 1}, Assumptions()), NOW, Assumptions()) is None
