"""Sites, groups, categories, products, engines, stock, workflows, users."""

import json
from pathlib import Path
from typing import Any

import pytest

SITE = "shop.northfield.example"
PRODUCTS = f"/api/site/{SITE}/products"
BUYER = "2eef0af0-280e-4c03-a735-4fc04f7909d7"


async def test_sites_groups_and_categories_can_be_listed_until_switched_off(shop: Any) -> None:
    assert [site["PrimaryDomain"] for site in await shop.listed("/api/Sites")] == [
        SITE,
        "trade.northfield.example",
    ]
    groups = await shop.listed(f"/api/site/{SITE}/Groups")
    assert [group["GroupName"] for group in groups] == ["Everyone", "Staff", "Trade"]
    assert len(await shop.listed(f"/api/site/{SITE}/Categories")) == 3
    await shop.switch(site_list="off", group_list="off", category_list="off")
    for path in ("/api/Sites", f"/api/site/{SITE}/Groups", f"/api/site/{SITE}/Categories"):
        assert (await shop.get(path)).status_code == 404


async def test_site_info_tells_of_shipping_methods_and_domains(shop: Any) -> None:
    site = (await shop.listed("/api/Sites"))[0]
    info = (await shop.get(f"/api/SiteInfo/{site['SiteId']}")).json()
    assert info["SiteName"] == "Northfield Store"
    assert info["SiteDomains"][0]["IsCannonical"] is True
    names = [one["SubscriberShippingMethod"]["MethodName"] for one in info["SiteShippingMethods"]]
    assert names == ["Standard", "Express"]


async def test_lists_are_in_pages_that_begin_at_zero(shop: Any) -> None:
    first = (await shop.get("/api/Sites?pageNumber=0&pageSize=1")).json()
    second = (await shop.get("/api/Sites?pageNumber=1&pageSize=1")).json()
    beyond = (await shop.get("/api/Sites?pageNumber=2&pageSize=1")).json()
    assert (first["PageNumber"], first["PageSize"], first["TotalItems"]) == (0, 1, 2)
    assert first["Items"][0]["SiteId"] != second["Items"][0]["SiteId"]
    assert beyond["Items"] == []


@pytest.mark.parametrize("query", ["pageNumber=-1", "pageSize=0", "pageNumber=first"])
async def test_a_page_that_cannot_be_is_400(shop: Any, query: str) -> None:
    response = await shop.get(f"/api/Sites?{query}")
    assert response.status_code == 400
    assert response.json()["ModelState"]


async def test_a_page_size_can_be_forced_from_the_second_page_on(shop: Any) -> None:
    await shop.switch(page_size_change="1")
    first = (await shop.get(f"{PRODUCTS}?pageNumber=0&pageSize=2")).json()
    second = (await shop.get(f"{PRODUCTS}?pageNumber=1&pageSize=2")).json()
    assert (first["PageSize"], second["PageSize"]) == (2, 1)
    assert second["Items"] == first["Items"][1:]


async def test_an_array_searches_on_the_path_where_an_object_creates(shop: Any, a_product: Any) -> None:
    created = await a_product("http://127.0.0.1:9/price")
    by_name = [{"Column": "productName", "Value": "opening", "Operator": "contains"}]
    by_url = [{"Column": "UrlName", "Value": "store-opening-kit", "Operator": "isequalto"}]
    for filters in (by_name, by_url, by_name + by_url):
        found = (await shop.post(f"{PRODUCTS}/?pageNumber=0&pageSize=5", filters)).json()["Items"]
        assert [one["ProductId"] for one in found] == [created["ProductInfo"]["ProductId"]]
        assert found[0]["PublicPartNumber"] == "117-2284"
    everything = (await shop.post(f"{PRODUCTS}?pageNumber=0&pageSize=5", [])).json()
    assert everything["TotalItems"] == 3


async def test_filters_are_combined_with_and(shop: Any, a_product: Any) -> None:
    await a_product("http://127.0.0.1:9/price")
    filters = [
        {"Column": "productName", "Value": "opening", "Operator": "contains"},
        {"Column": "UrlName", "Value": "business-cards", "Operator": "isequalto"},
    ]
    assert (await shop.post(PRODUCTS, filters)).json()["Items"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"Column": "Colour", "Operator": "contains"},
        {"Column": "UrlName", "Operator": "resembles"},
        {"Value": 1},
    ],
)
async def test_a_filter_that_cannot_be_used_is_400(shop: Any, wrong: dict[str, Any]) -> None:
    assert (await shop.post(PRODUCTS, [{"Value": "x", **wrong}])).status_code == 400


async def test_details_show_pairings_with_the_mis_product_id(shop: Any, a_product: Any) -> None:
    product_id = (await a_product("http://127.0.0.1:9/price"))["ProductInfo"]["ProductId"]
    details = (await shop.get(f"{PRODUCTS}/{product_id}")).json()
    pairing = details["ProductGroupCalculators"][0]
    assert details["PublicPartNum"] == details["PrintersPartNum"] == "117-2284"
    assert pairing["CalcConfiguration"] == f"117-2284-{SITE}"
    assert pairing["Calculator"]["CalculatorName"] == "MIS"
    assert details["AllowedGroups"][0]["GroupName"] == "Everyone"


async def test_details_name_groups_as_ids_and_nothing_unseen_by_switch(shop: Any, a_product: Any) -> None:
    product_id = (await a_product("http://127.0.0.1:9/price"))["ProductInfo"]["ProductId"]
    await shop.switch(allowed_groups="ids", product_extras="off")
    details = (await shop.get(f"{PRODUCTS}/{product_id}")).json()
    assert isinstance(details["AllowedGroups"][0], str)
    assert "WorkflowId" not in details


async def test_a_product_without_a_pairing_cannot_be_saved(shop: Any) -> None:
    before = await shop.listed(PRODUCTS)
    response = await shop.post(PRODUCTS, {"ProductInfo": {"ProductName": "Poster"}})
    assert response.status_code == 400
    assert "pairing" in response.json()["Message"]
    assert await shop.listed(PRODUCTS) == before


async def test_an_update_takes_what_is_said_and_leaves_the_rest(shop: Any, a_product: Any) -> None:
    product_id = (await a_product("http://127.0.0.1:9/price"))["ProductInfo"]["ProductId"]
    change = {"ProductInfo": {"PublicPartNum": "KIT", "ProductName": None}}
    assert (await shop.put(f"{PRODUCTS}/{product_id}", change)).status_code == 200
    details = (await shop.get(f"{PRODUCTS}/{product_id}")).json()
    assert (details["PublicPartNum"], details["ProductName"]) == ("KIT", "Store Opening Kit")
    assert details["ProductGroupCalculators"] and details["Markups"]


async def test_a_recorded_create_with_all_members_is_taken(shop: Any, samples: Path) -> None:
    body = json.loads((samples / "product-create.json").read_text())
    groups = await shop.listed(f"/api/site/{SITE}/Groups")
    engines = await shop.listed("/api/Calculators")
    pair = {"GroupId": groups[0]["GroupId"], "CalculatorId": engines[0]["CalculatorId"]}
    body["AllowedGroups"] = [groups[0]["GroupId"]]
    body["ProductGroupCalculators"][0] |= pair
    response = await shop.post(PRODUCTS, body)
    assert response.status_code == 200, response.text
    path = f"{PRODUCTS}/{response.json()['ProductInfo']['ProductId']}"
    details = (await shop.get(path)).json()
    assert [one["CategoryName"] for one in details["Categories"]] == ["Store opening"]
    assert details["FileUploads"] == [{"Name": "Artwork", "Required": True}]


async def test_inferred_members_of_a_create_are_ignored_by_switch(shop: Any, a_product: Any) -> None:
    await shop.switch(inferred_product_members="off")
    created = await a_product("http://127.0.0.1:9/price", Categories=["no such"], FileUploads=7)
    details = (await shop.get(f"{PRODUCTS}/{created['ProductInfo']['ProductId']}")).json()
    assert details["Categories"] == details["FileUploads"] == []
    assert details["ProductGroupCalculators"][0]["CalcConfiguration"] is None


async def test_a_second_product_of_the_same_url_name_gets_another_or_is_refused(
    shop: Any, a_product: Any
) -> None:
    await a_product("http://127.0.0.1:9/price")
    second = await a_product("http://127.0.0.1:9/price")
    assert second["ProductInfo"]["UrlName"] == "store-opening-kit-2"
    await shop.switch(duplicate_url_name="refuse")
    with pytest.raises(AssertionError, match="taken"):
        await a_product("http://127.0.0.1:9/price")


async def test_engines_are_created_shown_and_changed_in_part(shop: Any) -> None:
    body = {"CalculatorName": "MIS", "Method": 5, "Url": "http://127.0.0.1:9/price", "UserName": "u"}
    created = (await shop.post("/api/Calculators", body)).json()
    path = f"/api/Calculators/{created['CalculatorId']}"
    await shop.put(path, {"Url": "http://127.0.0.1:9/other"})
    shown = (await shop.get(path)).json()
    assert (shown["CalculatorName"], shown["Url"]) == ("MIS", "http://127.0.0.1:9/other")
    assert [one["CalculatorName"] for one in await shop.listed("/api/Calculators")] == ["Price breaks", "MIS"]


async def test_stock_is_created_nested_and_searched_flat(shop: Any) -> None:
    path = f"/api/site/{SITE}/StockInventory"
    body = {"Stock": {"StockName": "Kit", "ReorderPoint": 5, "PerItemCost": 1.25}, "CurrentLevel": 12}
    stock_id = (await shop.post(path, body)).json()["Stock"]["StockId"]
    filters = [{"Column": "StockName", "Value": "kit", "Operator": "contains"}]
    found = (await shop.post(f"{path}/?pageNumber=0&pageSize=1000", filters)).json()["Items"]
    assert [(one["StockId"], one["CurrentLevel"]) for one in found] == [(stock_id, 12)]


async def test_a_stock_level_moves_by_transactions(shop: Any) -> None:
    path = f"/api/site/{SITE}/StockInventory"
    stock = (await shop.get(path)).json()["Items"][0]
    moves = f"{path}/{stock['StockId']}/Transactions"
    await shop.post(moves, {"Type": "Adjustment", "Quantity": -20, "Notes": "counted"})
    assert (await shop.get(path)).json()["Items"][0]["CurrentLevel"] == stock["CurrentLevel"] - 20
    assert (await shop.get(moves)).json()[0]["TotalQuantity"] == -20


async def test_workflows_have_the_default_stages_and_a_stage_for_the_transfer(shop: Any) -> None:
    flows = {one["Description"]: one["WorkflowId"] for one in await shop.listed("/api/Workflows")}
    stages = {name: (await shop.get(f"/api/workflows/{key}/Stages")).json() for name, key in flows.items()}
    names = [stage["PrinterStage"] for stage in stages["Default"]]
    assert len(names) == 12
    assert names[4] == "Order Received"
    assert [stage["Seq"] for stage in stages["Default"]] == list(range(1, 13))
    assert "Tharstern Xfr" in [stage["PrinterStage"] for stage in stages["MIS transfer"]]


async def test_a_buyer_is_found_by_email(shop: Any) -> None:
    path = f"/api/site/{SITE}/users/?pageNumber=0&pageSize=1&email=Buyer%40northfield.example"
    found = (await shop.get(path + "&includeDeleted=false")).json()
    assert [user["UserId"] for user in found["Items"]] == [BUYER]
    user = (await shop.get(f"/api/site/{SITE}/users/{BUYER}")).json()
    assert {group["GroupName"] for group in user["Groups"]} == {"Everyone", "Staff"}


async def test_user_info_has_the_address_book_and_the_vendors_spelling_of_the_id(shop: Any) -> None:
    info = (await shop.get(f"/api/V2/users/{BUYER}/Info")).json()
    assert info["UserID"] == BUYER
    assert info["UserSite"]["AddressBook"]["PreferredAddress"]["City"] == "Middlefield"


async def test_admin_users_are_listed_and_changed_in_part(shop: Any) -> None:
    admin = (await shop.listed("/api/users"))[0]
    await shop.put(f"/api/users/{admin['UserId']}", {"FirstName": "Alex"})
    assert (await shop.get(f"/api/users/{admin['UserId']}")).json()["FullName"] == "Alex Northfield"


async def test_the_shop_fetches_the_picture_and_shows_its_own_copy(
    shop: Any, a_product: Any, serve: Any
) -> None:
    async def picture(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"a picture"})

    async with serve(picture) as url:
        created = await a_product("http://127.0.0.1:9/price", ImageUrl=f"{url}/kit.png")
        await shop.idle()
    shown = (await shop.get(f"{PRODUCTS}/{created['ProductInfo']['ProductId']}")).json()["ImagesUrl"]
    assert shown[0].endswith("_large.png")
    assert (await shop.http.get(shown[0])).content == b"a picture"


async def test_a_picture_that_cannot_be_fetched_is_noted_and_the_product_is_there(
    shop: Any, a_product: Any
) -> None:
    created = await a_product("http://127.0.0.1:9/price", ImageUrl="https://img.example/kit.png")
    await shop.idle()
    assert "loopback" in (await shop.effects("picture-fetched"))[0]["result"]
    details = (await shop.get(f"{PRODUCTS}/{created['ProductInfo']['ProductId']}")).json()
    assert details["ImagesUrl"] == ["https://img.example/kit.png"]
