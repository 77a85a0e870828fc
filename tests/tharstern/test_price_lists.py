"""Static prices: quantity breaks, customers' own lists, and whose list holds for a buyer."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks import decode_secret
from makeready_hooks.errors import NotPriced, Refused
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.price import NoPriceCause, PriceQuery, Quote
from makeready_tharstern.assumptions import Assumptions
from makeready_tharstern.customers import customer_code
from makeready_tharstern.pricing.price_lists import quote_from
from makeready_tharstern.products.mapping import product_from
from makeready_tharstern.settings import TharsternSettings

NAMES = Assumptions()
TOTE = {"ID": 4107, "ProductTypes_ID": 0, "StockType": "Finished", "Price": 4.20, "Weight": 0.15}
LOGIN = {
    "server_url": "https://mis.example",
    "login": "l",
    "password": "p",
    "api_key": "k",
    "customer_code": "ALL",
}
SITE = "shop.northfield.example"
prices = st.decimals(min_value="-1", max_value=1000, places=4)
price_lists = st.dictionaries(st.integers(1, 5000), prices, max_size=5)


def quote(quantity: int, customer: str = "", **members: Any) -> Quote:
    product = product_from({**TOTE, **members}, NAMES)
    return quote_from(product, PriceQuery(product_id="4107", quantity=quantity, customer=customer), NAMES)


def breaks(of: dict[int, Any]) -> list[dict[str, Any]]:
    return [{"Quantity": start, "Price": str(price)} for start, price in of.items()]


@given(price_lists, st.integers(-5, 10_000))
def test_a_quote_is_the_price_of_the_highest_break_not_above_the_quantity(
    listed: dict[int, Decimal], quantity: int
) -> None:
    fitting = [start for start in listed if start <= quantity]
    if quantity > 0 and fitting and listed[max(fitting)] > 0:
        found = quote(quantity, Price=None, PriceBreaks=breaks(listed))
        assert found.total == listed[max(fitting)] * quantity == (found.unit_price or 0) * quantity > 0
        assert found.from_quantity in (max(fitting), 0)
    else:
        with pytest.raises(NotPriced, match=str(quantity)) as caught:
            quote(quantity, Price=None, PriceBreaks=breaks(listed))
        assert caught.value.cause is (NoPriceCause.QUANTITY if listed else NoPriceCause.NO_PRICE)


@given(price_lists, st.integers(1, 10_000), st.integers(1, 10_000))
def test_within_a_break_more_pieces_cost_more_and_never_less_than_the_table_says(
    listed: dict[int, Decimal], one: int, other: int
) -> None:
    positive = {start: abs(price) + Decimal("0.0001") for start, price in listed.items()} | {1: Decimal(7)}
    fewer, more = (quote(n, Price=None, PriceBreaks=breaks(positive)) for n in sorted((one, other)))
    assert more.total >= min(positive.values()) * max(one, other)
    if fewer.from_quantity == more.from_quantity:
        assert more.total * min(one, other) == fewer.total * max(one, other)


def test_a_single_price_holds_from_one_piece_and_breaks_above_it() -> None:
    listed = [{"Quantity": 100, "Price": 3.5}, {"Quantity": 25, "Price": "4.00"}]
    totals = [quote(quantity, PriceBreaks=listed).total for quantity in (1, 24, 25, 99, 100)]
    assert totals == [Decimal("4.2"), Decimal("100.8"), 100, 396, 350]


def test_a_customer_s_own_list_goes_before_everybody_s() -> None:
    own = {"CustomerCode": " NORTH01", "Price": 4, "PriceBreaks": breaks({50: "3.10"})}
    near = {"CustomerCode": "north01", "Price": 1}  # a code is compared exactly
    lists = [near, own, {"CustomerCode": "OTHER", "Price": 1}, "odd", {"Price": 2}]
    found = quote(50, "NORTH01", CustomerPrices=lists)
    assert (found.total, found.source, found.customer) == (155, "price list of NORTH01", "NORTH01")
    assert quote(50, "NOBODY", CustomerPrices=lists).total == quote(50, CustomerPrices=lists).total == 210
    assert quote(50, "NORTH01", CustomerPrices=7).total == 210


def test_a_quote_has_the_weight_of_the_whole_quantity() -> None:
    assert quote(20).weight_kg == 3
    assert quote(20, Weight=None).weight_kg == 0


@pytest.mark.parametrize("members", [{"ProductTypes_ID": 23}, {"StockType": "Part"}])
def test_what_is_not_sold_from_a_list_has_no_list_price(members: dict[str, Any]) -> None:
    with pytest.raises(NotPriced) as caught:
        quote(1, **members)
    assert caught.value.cause is NoPriceCause.ON_REQUEST


BUYER = Buyer(id="buyer-1", external_id="EXT", department="Marketing", groups=("Staff",))


@pytest.mark.parametrize(
    ("settings", "buyer", "code"),
    [
        ({}, BUYER, "ALL"),  # the rule is buyer-id: an order carries it, prices are the configured customer's
        ({"assumptions": {"buyer_id_prices": True}}, BUYER, "buyer-1"),
        ({"customer_code_rule": "buyer-external-id"}, BUYER, "EXT"),
        ({"customer_code_rule": "buyer-external-id"}, Buyer(), "ALL"),
        ({"customer_code_rule": "fixed", "site_customer_codes": {SITE: "SITE"}}, BUYER, "SITE"),
        ({"site_customer_codes": {"other.example": "SITE"}}, BUYER, "ALL"),
        (
            {"department_customer_codes": {"Marketing": "DEP"}, "site_customer_codes": {SITE: "S"}},
            BUYER,
            "DEP",
        ),
        ({"group_customer_codes": {"Staff": "STAFF"}}, BUYER, "STAFF"),
        ({"group_customer_codes": {"Staff": "STAFF"}}, Buyer(), "ALL"),  # the shop did not tell
        ({"customer_code": ""}, Buyer(), ""),
    ],
)
def test_the_rules_of_orders_say_whose_prices_hold(settings: dict, buyer: Buyer, code: str) -> None:
    made = msgspec.convert({**LOGIN, **settings}, TharsternSettings, dec_hook=decode_secret)
    assert customer_code(SITE, buyer, made) == code


def test_groups_that_disagree_have_no_price() -> None:
    rules = {"group_customer_codes": {"Staff": "A", "Trade": "B"}}
    made = msgspec.convert({**LOGIN, **rules}, TharsternSettings, dec_hook=decode_secret)
    with pytest.raises(Refused, match="different customer codes"):
        customer_code(SITE, Buyer(groups=("Staff", "Trade")), made)
