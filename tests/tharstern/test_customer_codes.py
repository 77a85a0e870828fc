"""Whose customer an order is: by department, site, rule, and last by the configured code."""

import json

import msgspec
import pytest
from makeready_hooks import decode_secret
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.submission import OrderRequest
from makeready_hooks.testing.kit import an_order
from makeready_tharstern.orders.mapping import prepare_order
from makeready_tharstern.settings import TharsternSettings

LOGIN = {
    "server_url": "https://mis.example",
    "login": "l",
    "password": "p",
    "api_key": "k",
    "customer_code": "FALLBACK",
}
BUYER = Buyer(id="buyer-1", external_id="EXT", department="Marketing")


def code_of(buyer: Buyer, **settings: object) -> str:
    made = msgspec.convert({**LOGIN, **settings}, TharsternSettings, dec_hook=decode_secret)
    request = OrderRequest(key="1-1", order=an_order(buyer=buyer), product_ids=("2284",))
    order = json.loads(prepare_order(request, made).payload)["Orders"][0]
    assert order["InvoiceCustomer"]["Code"] == order["DeliveryCustomer"]["Code"]
    return order["InvoiceCustomer"]["Code"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({}, "buyer-1"),
        ({"customer_code_rule": "buyer-external-id"}, "EXT"),
        ({"customer_code_rule": "fixed"}, "FALLBACK"),
        ({"site_customer_codes": {"shop.northfield.example": "SITE"}}, "SITE"),
        ({"site_customer_codes": {"other.example": "SITE"}}, "buyer-1"),
        (
            {
                "department_customer_codes": {"Marketing": "DEP"},
                "site_customer_codes": {"shop.northfield.example": "SITE"},
            },
            "DEP",
        ),
    ],
)
def test_a_department_goes_before_a_site_before_the_rule(settings: dict, code: str) -> None:
    assert code_of(BUYER, **settings) == code


def test_where_the_rule_gives_nothing_the_configured_code_stands_in() -> None:
    assert code_of(Buyer(), customer_code_rule="buyer-external-id") == "FALLBACK"


@pytest.mark.parametrize(
    ("settings", "code", "says", "setting"),
    [
        ({}, "buyer-1", "the shop's id of the buyer", "customer_code_rule"),
        ({"customer_code_rule": "fixed"}, "FALLBACK", "the configured one", "customer_code"),
        (
            {"department_customer_codes": {"marketing ": "DEP"}},
            "DEP",
            "department",
            "department_customer_codes",
        ),
        ({"site_customer_codes": {"shop.northfield.example": "SITE"}}, "SITE", "site", "site_customer_codes"),
    ],
)
def test_what_made_the_code_is_told_with_its_setting(settings, code, says, setting) -> None:
    made = msgspec.convert({**LOGIN, **settings}, TharsternSettings, dec_hook=decode_secret)
    request = OrderRequest(key="1-1", order=an_order(buyer=BUYER), product_ids=("2284",))
    customer, product = prepare_order(request, made).origins
    assert (customer.value, customer.setting) == (code, setting)
    assert f"The customer code {code} is " in customer.text
    assert says in customer.text
    assert (product.value, product.setting) == ("2284", "")
