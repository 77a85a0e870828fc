"""Cart, shipping estimate, shipments, payments, assets, address books."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

SITE = "shop.northfield.example"
BUYER = "2eef0af0-280e-4c03-a735-4fc04f7909d7"
WHO = f"userId={BUYER}"


async def product_id(shop: Any) -> str:
    return str((await shop.listed(f"/api/site/{SITE}/products"))[0]["ProductId"])


async def add_to_cart(shop: Any) -> Any:
    cart = (await shop.get(f"/api/cart/{SITE}/?{WHO}")).json()
    body = {
        "ProductId": await product_id(shop),
        "ShipTo": "",
        "PricingParameters": {"Quantities": [100], "Options": []},
        "ItemName": "Cards for Ann",
    }
    return cart["Id"], await shop.post(f"/api/cart/{SITE}/{cart['Id']}/item/?{WHO}", body)


async def test_a_price_tells_cost_with_and_without_markup(shop: Any, receiver: Any, a_product: Any) -> None:
    key = (await a_product(receiver.url))["ProductInfo"]["ProductId"]
    receiver.will_answer({"Price": 1000, "Weight": 12.5})
    choice = [{"Key": "stock", "Value": "s150"}]
    price = await shop.post(
        f"/api/cart/{SITE}/product/{key}/price?{WHO}", {"Quantities": [250], "Options": choice}
    )
    assert price.json() == {
        "Cost": 1150.0,
        "NonMarkupCost": 1000,
        "DisplayCost": "$1,150.00",
        "Weight": 12.5,
        "DisplayWeight": "12.50 lb",
        "IsValid": True,
        "Messages": [],
    }
    asked = receiver.requests[0]["json"]
    assert (asked["quantity"], asked["options"]) == (250, choice)


async def test_a_failed_price_says_why_in_messages(shop: Any, receiver: Any, a_product: Any) -> None:
    key = (await a_product(receiver.url))["ProductInfo"]["ProductId"]
    receiver.will_answer({"Price": 0, "Error": "Ask us."})
    price = await shop.post(f"/api/cart/{SITE}/product/{key}/price?{WHO}", {"Quantities": [1]})
    assert (price.status_code, price.json()["IsValid"], price.json()["Messages"]) == (200, False, ["Ask us."])


async def test_options_are_those_of_the_engine(shop: Any, receiver: Any, a_product: Any) -> None:
    key = (await a_product(receiver.url))["ProductInfo"]["ProductId"]
    paper = {"ID": "stock", "Label": "Paper", "Options": [{"Key": "Silk 150", "Value": "s150"}]}
    receiver.will_answer([paper])
    options = await shop.post(f"/api/cart/{SITE}/product/{key}/options/?{WHO}", {"Quantities": [1]})
    assert options.json() == [paper]


async def test_an_item_is_added_with_a_file(shop: Any) -> None:
    cart, added = await add_to_cart(shop)
    assert added.status_code == 200
    path = f"/api/cart/{SITE}/{cart}/item/{added.json()['ItemId']}/file/?{WHO}"
    put = await shop.send("PUT", path, files={"anything": ("art.pdf", b"%PDF")})
    assert put.status_code == 200, put.text
    items = (await shop.get(f"/api/cart/{SITE}/?{WHO}")).json()["Items"]
    assert [(item["ItemName"], item["Price"], item["Files"]) for item in items] == [
        ("Cards for Ann", 45.0, [{"FileName": "art.pdf"}])
    ]


async def test_400_can_mean_that_the_item_was_added(shop: Any) -> None:
    await shop.switch(cart_price_warning="on")
    _, added = await add_to_cart(shop)
    assert (added.status_code, added.json()["Message"]) == (400, "ReOrderFullSuccess_PriceWarning")
    assert len((await shop.get(f"/api/cart/{SITE}/?{WHO}")).json()["Items"]) == 1


async def test_a_file_that_is_not_multipart_is_400(shop: Any) -> None:
    cart, added = await add_to_cart(shop)
    path = f"/api/cart/{SITE}/{cart}/item/{added.json()['ItemId']}/file/?{WHO}"
    assert (await shop.put(path, {"file": "x"})).status_code == 400


async def test_shipping_is_estimated_by_weight(shop: Any) -> None:
    body = {
        "Weight": 10,
        "Country": "US",
        "StateProvince": "PA",
        "City": "Middlefield",
        "PostalCode": "17057",
    }
    estimates = (await shop.post(f"/api/V2/SiteShipping/{SITE}/Estimate", body)).json()
    costs = {one["Estimate"]["Service"]["Name"]: one["Estimate"]["Cost"] for one in estimates}
    assert costs == {"Standard": 9.5, "Express": 23.5}


async def test_shipping_methods_are_searched_and_shown(shop: Any) -> None:
    found = await shop.post("/api/SubscriberShippingMethods/Search?pageNumber=0&pageSize=10")
    methods = found.json()["Items"]
    assert [one["MethodName"] for one in methods] == ["Standard", "Express"]
    key = methods[0]["SubscriberShippingMethodId"]
    assert (await shop.get(f"/api/SubscriberShippingMethods/{key}/details")).json()["Zones"] == []


async def test_a_recorded_shipment_shows_its_tracking_on_the_item(
    shop: Any, people: Any, an_order: Any, samples: Path
) -> None:
    await people.place_order(an_order())
    item = (await shop.get("/api/v2/orders/6994/items")).json()[0]
    body = json.loads((samples / "shipment-create.json").read_text())
    body["OrderId"] = item["OrderId"]
    body["ShipmentInfo"]["Items"][0]["OrderItemId"] = item["OrderItemId"]
    assert (await shop.post("/api/V2/Orders/Shipments", body)).status_code == 200
    shipped = (await shop.get("/api/v2/orders/6994/Item/1/Shipments")).json()
    assert set(shipped[0]) == {
        "ShipmentId",
        "OrderId",
        "OrderItemId",
        "ShipDate",
        "ShipMethod",
        "ShipTracking",
        "ShipCost",
        "IntegrationID",
    }
    after = (await shop.get("/api/v2/orders/6994/items")).json()[0]
    assert (after["ShipmentTracking"], after["ShipmentCost"]) == ("1Z999", 7.5)


async def test_a_shipment_of_nothing_that_was_ordered_is_refused(
    shop: Any, people: Any, an_order: Any
) -> None:
    await people.place_order(an_order())
    order = (await shop.get("/api/v2/orders/6994/Details")).json()
    body = {"OrderId": order["OrderId"], "ShipmentInfo": {"Items": [{"OrderItemId": "other"}]}}
    assert (await shop.post("/api/V2/Orders/Shipments", body)).status_code == 400
    assert (await shop.post("/api/V2/Orders/Shipments", {**body, "OrderId": "none"})).status_code == 404
    assert await shop.effects("shipment-added") == []


async def test_payments_of_a_created_order_are_listed(shop: Any, samples: Path) -> None:
    body = json.loads((samples / "order-create.json").read_text())
    body["items"][0]["productId"] = await product_id(shop)
    number = (await shop.post("/api/v2/Orders/Create", body)).json()["OrderNumber"]
    payments = (await shop.get(f"/api/v2/orders/{number}/Payments")).json()
    assert [(one["PaymentMethod"], one["Amount"]) for one in payments] == [("Purchase order", 68.1)]


async def test_assets_are_created_searched_and_changed(shop: Any) -> None:
    first = await shop.post(
        f"/api/site/{SITE}/Assets", {"Name": "Logo", "Path": "https://files.example/l.svg"}
    )
    assert first.status_code == 201
    path = f"/api/site/{SITE}/SubscriberAssets"
    body = {"Name": "Manual", "AssetType": 2, "AssetUsage": "Product", "ProductId": "p1"}
    key = (await shop.post(path, body)).json()["AssetId"]
    await shop.put(f"{path}/{key}", {"Description": "For fitters"})
    filters = [{"Column": "ProductId", "Value": "p1", "Operator": "equals"}]
    found = (await shop.post(f"{path}?pageNumber=0&pageSize=5", filters)).json()["Items"]
    assert [(one["Name"], one["AssetType"], one["Description"]) for one in found] == [
        ("Manual", "2", "For fitters")
    ]


async def test_an_address_book_grows_and_changes_in_part(shop: Any) -> None:
    path = f"/api/site/{SITE}/Addressbook/{BUYER}"
    added = (await shop.post(path + "/", {"Address1": "3 New Road", "City": "Leeds", "Country": "GB"})).json()
    await shop.put(f"{path}/?addressId={added['AddressId']}", {"City": "York"})
    book = (await shop.get(path)).json()
    assert book["PreferredAddress"]["City"] == "Middlefield"
    assert (book["Addresses"][1]["City"], book["Addresses"][1]["Address1"]) == ("York", "3 New Road")


@pytest.mark.parametrize("country", ["United Kingdom", "gb", "GBR"])
async def test_a_country_is_a_code_of_two_capital_letters(shop: Any, country: str) -> None:
    path = f"/api/site/{SITE}/Addressbook/{BUYER}"
    before = (await shop.get(path)).json()
    assert (await shop.post(path, {"Country": country})).status_code == 400
    assert (await shop.get(path)).json() == before


async def test_a_catalogue_of_any_size_is_generated(shop: Any, people: Any) -> None:
    wish = {"site": SITE, "count": 5000}
    assert (await shop.http.post("/_emulator/generate/catalogue", json=wish)).status_code == 204
    page = (await shop.get(f"/api/site/{SITE}/products?pageNumber=5&pageSize=1000")).json()
    assert (page["TotalItems"], len(page["Items"])) == (5002, 2)
    assert (await people.ask_price(SITE, "GEN-05000", 10)).total == Decimal(8)


async def test_a_stream_of_orders_is_the_same_for_the_same_seed(shop: Any) -> None:
    wish = {"site": SITE, "count": 20, "per_s": 1000, "prefix": "NF-CARD", "items": 2, "files": 1}
    for _ in range(2):
        assert (await shop.http.post("/_emulator/generate/orders", json=wish)).status_code == 202
        await shop.idle()
    found = (await shop.post("/api/v2/Orders/Search?pageNumber=0&pageSize=500", {})).json()["Items"]
    assert len(found) == 80
    told = [(one["OrderedByEmail"], one["Quantity"], one["PONumber"], one["Shipping"]) for one in found]
    assert told[:40] == told[40:]
    assert len(set(told)) > 10


async def test_a_stream_needs_products(shop: Any) -> None:
    wish = {"site": SITE, "count": 1, "prefix": "none"}
    assert (await shop.http.post("/_emulator/generate/orders", json=wish)).status_code == 400
