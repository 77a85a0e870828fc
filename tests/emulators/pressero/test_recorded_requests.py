"""Requests in the words of public client programs, replayed; the values are invented."""

import json
from pathlib import Path
from typing import Any

import pytest

RECORDED = json.loads((Path(__file__).parents[2] / "samples" / "pressero" / "requests.json").read_text())


@pytest.mark.parametrize("recorded", RECORDED, ids=[one["name"] for one in RECORDED])
async def test_a_recorded_request_is_answered(
    shop: Any, people: Any, an_order: Any, recorded: dict[str, Any]
) -> None:
    await people.place_order(an_order())
    url = "http://pressero.test" + recorded["path"]
    response = await shop.send(recorded["verb"], url, recorded.get("body"))
    assert response.status_code == 200, response.text
    answer = response.json()
    for member in recorded.get("members", ()):
        assert member in answer
    if "total" in recorded:
        assert answer["TotalItems"] == recorded["total"]


async def test_numbers_are_taken_for_text(shop: Any) -> None:
    path = "/api/site/shop.northfield.example/Addressbook/2eef0af0-280e-4c03-a735-4fc04f7909d7"
    assert (await shop.post(path, {"Postal": 17057, "Country": "US"})).json()["Postal"] == "17057"


async def test_a_setting_of_a_pairing_comes_back_as_it_was_sent(shop: Any, a_product: Any) -> None:
    product = await a_product("http://127.0.0.1:9/price")
    path = f"/api/site/shop.northfield.example/products/{product['ProductInfo']['ProductId']}"
    pair = product["ProductGroupCalculators"][0] | {"CalcConfiguration": {"MisProductId": "117-2284"}}
    assert (await shop.put(path, {"ProductGroupCalculators": [pair]})).status_code == 200
    kept = (await shop.get(path)).json()["ProductGroupCalculators"][0]
    assert kept["CalcConfiguration"] == {"MisProductId": "117-2284"}


async def test_a_word_is_no_number(shop: Any) -> None:
    path = "/api/V2/SiteShipping/shop.northfield.example/Estimate"
    for word in ("NaN", "-Infinity", "heavy"):
        assert (await shop.post(path, {"Weight": word})).status_code == 400
