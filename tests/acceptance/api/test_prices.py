"""Prices through the JSON API: what a shop would be told, and why."""

from decimal import Decimal

import pytest
from api import NORTHFIELD, Api
from makeready_hooks.errors import Refused, RetryLater
from makeready_hooks.model.price import Quote
from pretend import SITE, Bench

PRICE = f"{NORTHFIELD}/price"
ASKED = {"product": "2284", "quantity": 10, "site": SITE}


async def test_a_price_is_explained_step_by_step(bench: Bench, api: Api) -> None:
    bench.mis.quotes = [Quote(total=Decimal("82.50"), weight_kg=Decimal(4), source="price list, from 1")]
    told = await api.post(PRICE, body=ASKED)
    assert (told["total"], told["weight_kg"], told["error"]) == ("82.50", "4", "")
    assert told["source"] == "price list, from 1"
    assert "price list, from 1" in str(told["steps"])
    again = await api.post(PRICE, body=ASKED)
    assert again["total"] == "82.50", "it is kept: the MIS is not asked again"


@pytest.mark.parametrize("site", [SITE, "", "typed.example"])
async def test_a_price_is_that_of_the_product_that_was_named(bench: Bench, api: Api, site: str) -> None:
    bench.shop.sites += ("typed.example",)
    bench.mis.quotes = [Quote(total=Decimal(2))]
    await api.post(PRICE, body={**ASKED, "product": "INK001-A", "site": site})
    assert [(one.product_id, one.site) for one in bench.mis.questions] == [("INK001-A", site)]


@pytest.mark.parametrize("trouble", [Refused("There is no price for a quantity of 10."), RetryLater("away")])
async def test_where_there_is_no_price_it_says_why(bench: Bench, api: Api, trouble: Exception) -> None:
    bench.mis.quotes = [trouble]
    told = await api.post(PRICE, body=ASKED)
    assert told["total"] == "0"
    assert told["error"]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"quantity": 0}, "quantity"), ({"product": ""}, "product"), ({"options": []}, "options")],
)
async def test_what_cannot_be_asked_is_named(bench: Bench, api: Api, change, field: str) -> None:
    assert (await api.post(PRICE, 422, {**ASKED, **change}))["field"] == field
