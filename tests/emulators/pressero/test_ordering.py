"""Orders: made by the API, drawn from stock, priced by an engine, refused."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from makeready_hooks.testing.emulation import BuyerItem, Upload

SITE = "shop.northfield.example"
SEARCH = "/api/v2/Orders/Search?pageNumber=0&pageSize=100"


async def first_item(shop: Any, **search: Any) -> dict[str, Any]:
    item: dict[str, Any] = (await shop.post(SEARCH, search)).json()["Items"][0]
    return item


async def test_a_recorded_create_of_a_public_client_makes_an_order(shop: Any, samples: Path) -> None:
    body = json.loads((samples / "order-create.json").read_text())
    product = (await shop.listed(f"/api/site/{SITE}/products"))[0]
    body["items"][0]["productId"] = product["ProductId"]
    created = (await shop.post("/api/v2/Orders/Create", body)).json()
    assert created["OrderNumber"] == 6994
    item = await first_item(shop)
    expected = {
        "OrderId": created["OrderId"],
        "RequestedShipDate": "2026-03-09T00:00:00",
        "Price": 50.5,
        "ItemTax": 10.1,
        "BillToBusiness": "Fairfax & Daughters",
        "ShiptoStateProvince": "West Yorkshire",
        "JobNumber": "J-1",
        "IsApproved": False,
        "Attributes": [{"AttributeId": "Colour", "AttributeValue": "Red"}],
    }
    assert {name: item[name] for name in expected} == expected


async def test_a_create_that_refers_to_nothing_is_400_and_makes_no_order(shop: Any, samples: Path) -> None:
    body = json.loads((samples / "order-create.json").read_text())
    response = await shop.post("/api/v2/Orders/Create", body)
    assert (response.status_code, list(response.json()["ModelState"])) == (400, ["productId"])
    assert (await shop.post(SEARCH, {})).json()["TotalItems"] == 0


async def test_ordering_draws_the_stock_and_what_is_not_there_cannot_be_ordered(
    shop: Any, people: Any, an_order: Any
) -> None:
    some = an_order(items=(BuyerItem(part_number="NF-VOUCHER", quantity=400),))
    await people.place_order(some)
    with pytest.raises(ValueError, match="out of stock"):
        await people.place_order(some)
    stock = (await shop.get(f"/api/site/{SITE}/StockInventory")).json()["Items"][0]
    assert stock["CurrentLevel"] == 100


async def test_the_shop_refuses_an_order_that_its_engine_does_not_price(
    people: Any, an_order: Any, receiver: Any, a_product: Any
) -> None:
    await a_product(receiver.url)
    receiver.will_answer([], {"Price": 0, "Error": "Ask us."})
    with pytest.raises(ValueError, match=r"Ask us\."):
        await people.place_order(an_order(items=(BuyerItem(part_number="117-2284", quantity=1),)))


async def test_an_ordered_item_has_the_marked_up_price(
    shop: Any, people: Any, an_order: Any, receiver: Any, a_product: Any
) -> None:
    await a_product(receiver.url)
    receiver.will_answer([], {"Price": 25, "Weight": 2})
    await people.place_order(an_order(items=(BuyerItem(part_number="117-2284", quantity=3),)))
    assert (await first_item(shop))["Price"] == 28.75


async def test_an_unknown_product_or_buyer_cannot_be_ordered_with(people: Any, an_order: Any) -> None:
    with pytest.raises(LookupError):
        await people.place_order(an_order(items=(BuyerItem(part_number="NF-NONE", quantity=1),)))
    with pytest.raises(ValueError, match="nobody@"):
        await people.place_order(an_order(buyer_email="nobody@northfield.example"))


async def test_an_order_without_a_file_that_the_product_needs_is_refused(
    people: Any, an_order: Any, receiver: Any, a_product: Any
) -> None:
    await a_product(receiver.url, FileUploads=[{"Name": "Artwork", "Required": True}])
    receiver.will_answer([], {"Price": 25, "Weight": 2})
    with pytest.raises(ValueError, match="needs a file: Artwork"):
        await people.place_order(an_order(items=(BuyerItem(part_number="117-2284", quantity=1),)))
    uploads = (Upload(file_name="a.pdf", content=b"a"),)
    items = (BuyerItem(part_number="117-2284", quantity=1, uploads=uploads),)
    assert (await people.place_order(an_order(items=items))).total == Decimal("38.75")


async def test_the_head_of_a_file_can_be_asked_for(shop: Any, people: Any, an_order: Any) -> None:
    uploads = (Upload(file_name="a.pdf", content=b"12345"),)
    await people.place_order(an_order(items=(BuyerItem(part_number="NF-CARD", quantity=1, uploads=uploads),)))
    url = (await shop.get("/api/v2/orders/6994/Item/1/Details")).json()["Files"][0]["Url"]
    head = await shop.http.head(url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "5", b"")
