"""The shop asks an external pricing engine over HTTP, and adds the product's mark-up."""

import base64
from decimal import Decimal
from typing import Any

import pytest

SITE = "shop.northfield.example"
PART = "117-2284"
PRICE = {"Price": 100.1, "TotalPrice": 200, "price": 300, "Weight": 4.2, "Error": None}


async def test_a_product_page_asks_options_then_price_and_adds_the_markup(
    shop: Any, people: Any, receiver: Any, a_product: Any
) -> None:
    await a_product(receiver.url)
    receiver.will_answer([], PRICE)
    price = await people.ask_price(SITE, PART, 250)
    assert (price.total, price.weight, price.error) == (Decimal("115.12"), Decimal("4.2"), "")
    assert [request["json"] for request in receiver.requests] == [
        {"operation": "options", "product": f"117-2284-{SITE}", "options": []},
        {
            "operation": "price",
            "product": f"117-2284-{SITE}",
            "options": [],
            "quantity": 250,
            "customer": None,
        },
    ]


async def test_options_are_asked_again_after_every_choice(people: Any, receiver: Any, a_product: Any) -> None:
    await a_product(receiver.url)
    paper = {"ID": "stock", "Label": "Paper", "Options": [{"Key": "Silk 150", "Value": "150"}]}
    finish = {"ID": "finish", "Label": "Finish", "Options": []}
    receiver.will_answer([paper], [paper, finish], [paper, finish], PRICE)
    await people.ask_price(SITE, PART, 1)
    both = [{"Key": "stock", "Value": "150"}, {"Key": "finish", "Value": ""}]
    assert [one["json"]["options"] for one in receiver.requests] == [[], both[:1], both, both]


async def test_the_form_of_the_price_call_can_be_switched(
    shop: Any, people: Any, receiver: Any, a_product: Any
) -> None:
    await a_product(receiver.url)
    paper = {"ID": "stock", "Label": "Paper", "Options": [{"Key": "Silk 150", "Value": "150"}]}
    receiver.will_answer([paper], [paper], PRICE)
    await shop.switch(
        plugin_operation="GetPriceForProduct", plugin_composite_keys="on", plugin_numeric_values="on"
    )
    await people.ask_price(SITE, PART, 1)
    asked = receiver.requests[-1]["json"]
    assert asked["operation"] == "GetPriceForProduct"
    assert asked["options"] == [{"Key": "option:stock", "Value": 150}]


@pytest.mark.parametrize(("member", "total"), [("Price", "115.12"), ("TotalPrice", "230"), ("price", "345")])
async def test_the_member_that_is_read_can_be_switched(
    shop: Any, people: Any, receiver: Any, a_product: Any, member: str, total: str
) -> None:
    await a_product(receiver.url)
    receiver.will_answer([], PRICE)
    await shop.switch(plugin_price_member=member)
    assert (await people.ask_price(SITE, PART, 1)).total == Decimal(total)


async def test_credentials_go_to_the_engine_by_switch(
    shop: Any, people: Any, receiver: Any, a_product: Any
) -> None:
    await a_product(receiver.url)
    engine = (await shop.listed("/api/Calculators"))[-1]
    await shop.put(f"/api/Calculators/{engine['CalculatorId']}", {"UserName": "u", "AccessToken": "t"})
    receiver.will_answer([])
    for form in ("none", "header", "query"):
        await shop.switch(plugin_credentials=form)
        await people.ask_price(SITE, PART, 1)
    plain, header, query = receiver.requests[0], receiver.requests[2], receiver.requests[4]
    assert "authorization" not in plain["headers"]
    assert header["headers"]["authorization"] == "Basic " + base64.b64encode(b"u:t").decode()
    assert query["query"] == "user=u&accessToken=t"


@pytest.mark.parametrize(
    ("answer", "status", "shown"),
    [
        ({"Price": 0, "Weight": 0, "Error": "Not available just now."}, 200, "Not available just now."),
        ({"Weight": 1}, 200, "no Price"),
        ({"Price": "dear", "Weight": 1}, 200, "not a number"),
        ({"Price": "NaN", "Weight": 1}, 200, "out of bounds"),
        ([], 200, "no object"),
        ({"Price": 5, "Weight": 1}, 500, "answered 500"),
    ],
)
async def test_the_buyer_reads_why_there_is_no_price(
    people: Any, receiver: Any, a_product: Any, answer: Any, status: int, shown: str
) -> None:
    await a_product(receiver.url)
    receiver.will_answer([], answer)
    receiver.answers[1] = (status, receiver.answers[1][1])
    price = await people.ask_price(SITE, PART, 1)
    assert price.total == 0
    assert shown in price.error


async def test_an_engine_that_cannot_be_reached_is_an_error_the_buyer_reads(
    people: Any, a_product: Any
) -> None:
    await a_product("http://127.0.0.1:1/price")
    assert "could not be calculated" in (await people.ask_price(SITE, PART, 1)).error


async def test_an_engine_beyond_this_machine_is_never_called(people: Any, a_product: Any) -> None:
    await a_product("https://engine.example/price")
    assert "loopback" in (await people.ask_price(SITE, PART, 1)).error


async def test_a_builtin_engine_prices_by_breaks(people: Any) -> None:
    assert (await people.ask_price(SITE, "NF-CARD", 99)).total == Decimal("79.2")
    assert (await people.ask_price(SITE, "NF-CARD", 100)).total == Decimal(45)


async def test_a_markup_counts_for_its_quantities_only(people: Any, receiver: Any, a_product: Any) -> None:
    steps = [{"MinQty": 1, "MaxQty": 99, "Markup": 50}, {"MinQty": 100, "MaxQty": 999, "Markup": 10}]
    await a_product(receiver.url, Markups=steps)
    receiver.will_answer([])
    totals = []
    for quantity in (99, 100, 1000):
        receiver.will_answer([], {"Price": 10, "Weight": 1})
        totals.append((await people.ask_price(SITE, PART, quantity)).total)
    assert totals == [Decimal(15), Decimal(11), Decimal(10)]


async def test_an_unknown_product_has_no_price(people: Any) -> None:
    with pytest.raises(LookupError, match="NF-NONE"):
        await people.ask_price(SITE, "NF-NONE", 1)
