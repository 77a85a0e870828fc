"""Orders: placed, searched, shown, moved, marked."""

import json
from decimal import Decimal
from typing import Any

import pytest
from makeready_hooks.testing.emulation import BuyerItem, PostalAddress, Upload

SITE = "shop.northfield.example"
BUYER = "2eef0af0-280e-4c03-a735-4fc04f7909d7"
SEARCH = "/api/v2/Orders/Search?pageNumber=0&pageSize=100"

SEEN_MEMBERS = [
    "OrderId",
    "OrderNumber",
    "OrderItemId",
    "OrderItemNumber",
    "OrderItemSeq",
    "SiteId",
    "SiteName",
    "Domain",
    "OrderDate",
    "ApprovedDate",
    "RequestedShipDate",
    "ShipmentDate",
    "WorkflowStageDate",
    "Product",
    "ProductName",
    "ItemName",
    "OrderItemOptionsText",
    "PrinterPartNumber",
    "ClientPartNumber",
    "Quantity",
    "UOMQuantity",
    "TotalQuantity",
    "ItemNotes",
    "PricingEngineInfo",
    "Price",
    "Shipping",
    "ItemTax",
    "ShipmentCost",
    "OrderSubtotal",
    "OrderShipping",
    "OrderTax",
    "OrderDiscount",
    "OrderTotal",
    "SalesRepFirstName",
    "SalesRepLastName",
    "SalesRepEmail",
    "OrderedByFirstName",
    "OrderedByLastName",
    "OrderedByEmail",
    "OrderedByDepartment",
    "PONumber",
    "BillTo",
    "BillToFirstName",
    "BillToLastName",
    "BillToBusiness",
    "BillToAddress1",
    "BillToAddress2",
    "BillToAddress3",
    "BillToCity",
    "BillToPostal",
    "BilltoStateProvince",
    "BillToCountry",
    "BillToPhone",
    "BillToEmail",
    "ShippingMethodId",
    "ShippingMethod",
    "ShipmentTracking",
    "ShipTo",
    "ShipToFirstName",
    "ShipToLastName",
    "ShipToBusiness",
    "ShipToAddress1",
    "ShipToAddress2",
    "ShipToAddress3",
    "ShipToCity",
    "ShipToPostal",
    "ShiptoStateProvince",
    "ShipToCountry",
    "ShipToPhone",
    "WorkflowId",
    "WorkflowStageId",
    "WorkflowStageNumber",
    "WorkflowStagePrinter",
    "WorkflowStageCustomer",
    "IsPaid",
    "IsApproved",
    "IsDenied",
    "IsApprovedWithModifications",
    "JobId",
    "JobNumber",
    "MisId",
    "OrderItemMISID",
    "Attributes",
    "CheckoutFormField1",
    "CheckoutFormValue1",
] + [
    f"{name}{n}"
    for n in range(1, 11)
    for name in ("ProductAttributeName", "ProductAttributeValue", "ProductFormField", "ProductFormValue")
]


async def first_item(shop: Any, **search: Any) -> dict[str, Any]:
    item: dict[str, Any] = (await shop.post(SEARCH, search)).json()["Items"][0]
    return item


async def test_a_search_returns_flat_items_with_the_vendors_member_names(
    shop: Any, people: Any, an_order: Any
) -> None:
    await people.place_order(an_order())
    item = await first_item(shop)
    assert sorted(item) == sorted(SEEN_MEMBERS)
    assert BUYER not in json.dumps(item)


async def test_an_item_shows_what_the_buyer_gave(shop: Any, people: Any, an_order: Any) -> None:
    order = an_order(
        order_number=6994,
        order_date="2021-11-15T13:41:13.5",
        requested_ship_date="2021-11-15",
        po_number="P1",
    )
    placed = await people.place_order(order)
    assert (placed.order_number, placed.items, placed.total) == (6994, (1,), Decimal(55))
    item = await first_item(shop)
    expected = {
        "OrderDate": "2021-11-15T13:41:13.5",
        "RequestedShipDate": "2021-11-15T00:00:00",
        "PONumber": "P1",
        "OrderedByEmail": "buyer@northfield.example",
        "BillTo": "Name and Last Name",
        "BillToBusiness": "none",
        "BilltoStateProvince": "PA",
        "BillToCountry": "US",
        "BillToAddress2": None,
        "BillToEmail": None,
        "Price": 45.0,
        "Shipping": 10,
        "OrderTotal": 55.0,
        "WorkflowStagePrinter": "Order Received",
        "WorkflowStageNumber": 5,
        "IsApproved": True,
    }
    assert {name: item[name] for name in expected} == expected


async def test_an_address_keeps_an_empty_business(shop: Any, people: Any, an_order: Any) -> None:
    empty = PostalAddress(
        first_name="A",
        last_name="B",
        business="",
        line1="1",
        city="C",
        region="D",
        postcode="E",
        country="GB",
    )
    await people.place_order(an_order(ship_to=empty))
    assert (await first_item(shop))["ShipToBusiness"] == ""


async def test_countries_are_names_and_dates_have_a_zone_by_switch(
    shop: Any, people: Any, an_order: Any
) -> None:
    await shop.switch(country="name", dates_zone="Z")
    await people.place_order(an_order(order_date="2021-11-15T13:41:13.5"))
    item = await first_item(shop)
    assert item["BillToCountry"] == item["ShipToCountry"] == "United States"
    assert item["OrderDate"] == "2021-11-15T13:41:13.5Z"


async def test_shipping_is_shared_over_the_items_to_the_cent(shop: Any, people: Any, an_order: Any) -> None:
    items = tuple(BuyerItem(part_number="NF-CARD", quantity=n) for n in (1, 2, 3))
    await people.place_order(an_order(items=items))
    shown = (await shop.post(SEARCH, {})).json()["Items"]
    assert [item["Shipping"] for item in shown] == [3.34, 3.33, 3.33]
    assert {item["OrderShipping"] for item in shown} == {10.0}


async def test_numbers_go_on_from_the_highest(people: Any, an_order: Any) -> None:
    numbers = [(await people.place_order(an_order(order_number=n))).order_number for n in (None, 8000, None)]
    assert numbers == [6994, 8000, 8001]
    with pytest.raises(ValueError, match="8000 already"):
        await people.place_order(an_order(order_number=8000))


async def test_a_search_is_narrowed_by_dates_columns_and_site(shop: Any, people: Any, an_order: Any) -> None:
    for number, day in ((10, "2026-01-05"), (11, "2026-01-06"), (12, "2026-01-07")):
        await people.place_order(an_order(order_number=number, order_date=f"{day}T08:00:00"))
    window = {"StartDate": "2026-01-06 00:00:00Z", "EndDate": "2026-01-06T23:59:59"}
    by_number = {"Filters": [{"Column": "OrderNumber", "Value": "12", "Operator": "equals"}]}
    stage = [{"Column": "WorkflowStagePrinter", "Value": "Prepress", "Operator": "equals"}]
    falling = {"SortDescriptor": {"Member": "OrderNumber", "Direction": "Descending"}}

    async def numbers(body: Any, path: str = SEARCH) -> list[int]:
        return [item["OrderNumber"] for item in (await shop.post(path, body)).json()["Items"]]

    assert await numbers(window) == [11]
    assert await numbers(by_number) == [12]
    by_number["Filters"][0]["Value"] = "9" * 5000
    assert await numbers(by_number) == []
    assert await numbers({"Filters": stage}) == []
    assert await numbers(falling) == [12, 11, 10]
    assert await numbers({"SortDescriptor": None, "Filters": None}) == [10, 11, 12]
    assert await numbers({}, f"/api/site/{SITE}/orders/?pageNumber=0&pageSize=9") == [10, 11, 12]
    assert await numbers({}, "/api/site/trade.northfield.example/orders/") == []


async def test_a_search_with_a_date_that_is_none_is_400(shop: Any) -> None:
    response = await shop.post(SEARCH, {"StartDate": "yesterday"})
    assert (response.status_code, list(response.json()["ModelState"])) == (400, ["StartDate"])


async def test_an_order_shows_its_items(shop: Any, people: Any, an_order: Any) -> None:
    await people.place_order(an_order())
    details = (await shop.get("/api/v2/orders/6994/Details")).json()
    assert (details["OrderNumber"], details["PrinterOrderId"]) == (6994, "6994")
    assert details["Items"] == (await shop.get("/api/v2/orders/6994/items")).json()
    assert (await shop.get("/api/v2/orders/6995/Details")).status_code == 404
    assert (await shop.get("/api/v2/orders/6994/Item/2/Details")).status_code == 404


async def test_an_uploaded_file_is_listed_and_can_be_fetched(shop: Any, people: Any, an_order: Any) -> None:
    uploads = (Upload(file_name="front page.pdf", content=b"%PDF-1.7 front"),)
    await people.place_order(an_order(items=(BuyerItem(part_number="NF-CARD", quantity=1, uploads=uploads),)))
    file = (await shop.get("/api/v2/orders/6994/Item/1/Details")).json()["Files"][0]
    assert file["FileName"] == "front page.pdf"
    root = "http://pressero.test/files/subscribers/28406876-c50c-4d16-b386-8f2824f19cef/orders/6994/1/"
    assert file["Url"].startswith(root + "front%20page.pdf?timestamp=1")
    assert (await shop.http.get(file["Url"])).content == b"%PDF-1.7 front"


async def test_a_file_that_lies_elsewhere_keeps_its_address(shop: Any, people: Any, an_order: Any) -> None:
    url = "https://files.example/orders/6994/1/transparent.png?timestamp=1636983673860"
    uploads = (Upload(file_name="transparent.png", url=url),)
    await people.place_order(an_order(items=(BuyerItem(part_number="NF-CARD", quantity=1, uploads=uploads),)))
    details = (await shop.get("/api/v2/orders/6994/Item/1/Details")).json()
    assert details["Files"] == [{"FileName": "transparent.png", "Url": url}]


async def test_files_are_absent_or_under_another_name_by_switch(
    shop: Any, people: Any, an_order: Any
) -> None:
    await people.place_order(an_order())
    await shop.switch(item_files="absent")
    assert "Files" not in (await shop.get("/api/v2/orders/6994/Item/1/Details")).json()
    await shop.switch(item_files="ItemFiles")
    assert (await shop.get("/api/v2/orders/6994/Item/1/LegacyDetails")).json()["ItemFiles"] == []


async def test_an_item_waits_until_it_is_approved_or_denied(shop: Any, people: Any, an_order: Any) -> None:
    two = tuple(BuyerItem(part_number="NF-CARD", quantity=n) for n in (1, 2))
    await people.place_order(an_order(items=two, needs_approval=True))

    async def flags() -> list[tuple[bool, bool]]:
        shown = (await shop.post(SEARCH, {})).json()["Items"]
        return [(item["IsApproved"], item["IsDenied"]) for item in shown]

    assert await flags() == [(False, False), (False, False)]
    await people.approve(6994, 1)
    await people.deny(6994, 2)
    assert await flags() == [(True, False), (False, True)]
    with pytest.raises(ValueError, match="decided already"):
        await people.approve(6994, 2)


async def test_with_a_page_of_pending_carts_no_call_shows_the_order_until_it_is_approved(
    shop: Any, people: Any, an_order: Any
) -> None:
    await shop.switch(pending_page="on")
    number = (await people.place_order(an_order(needs_approval=True))).order_number
    assert (await shop.get(f"/api/v2/orders/{number}/Details")).status_code == 404
    assert (await shop.post(SEARCH, {})).json()["Items"] == []
    await people.approve(number, 1)
    assert (await shop.get(f"/api/v2/orders/{number}/Details")).status_code == 200


async def test_a_status_is_set_with_notes_and_kept_in_the_history(
    shop: Any, people: Any, an_order: Any
) -> None:
    await people.place_order(an_order())
    item = await first_item(shop)
    stages = (await shop.get(f"/api/workflows/{item['WorkflowId']}/Stages")).json()
    press = next(one for one in stages if one["PrinterStage"] == "Press")
    path = f"/api/V2/Orders/6994/Item/1/Status/{press['WorkflowStageId']}?notes=Sent%20on"
    assert (await shop.send("PUT", path)).status_code == 200
    history = (await shop.get("/api/v2/orders/6994/item/1/Status")).json()
    assert [(one["PrinterStage"], one["Notes"]) for one in history] == [
        ("Order Received", None),
        ("Press", "Sent on"),
    ]
    assert (await first_item(shop))["WorkflowStagePrinter"] == "Press"


async def test_a_stage_of_another_workflow_is_refused(shop: Any, people: Any, an_order: Any) -> None:
    await people.place_order(an_order())
    other = (await shop.listed("/api/Workflows"))[1]["WorkflowId"]
    stage = (await shop.get(f"/api/workflows/{other}/Stages")).json()[1]["WorkflowStageId"]
    response = await shop.send("PUT", f"/api/V2/Orders/6994/Item/1/Status/{stage}")
    assert response.status_code == 400
    assert (await first_item(shop))["WorkflowStagePrinter"] == "Order Received"


async def test_an_item_is_marked_with_the_number_of_the_mis(shop: Any, people: Any, an_order: Any) -> None:
    await people.place_order(an_order())
    assert await people.mis_number(6994, 1) is None
    response = await shop.put("/api//V2/Orders/6994/Item/1", {"MisId": "SO-0004711", "JobNumber": 12})
    assert response.status_code == 200
    item = await first_item(shop)
    assert (item["MisId"], item["JobNumber"], item["JobId"]) == ("SO-0004711", "12", None)
    assert await people.mis_number(6994, 1) == "SO-0004711"


async def test_reads_trail_behind_an_update_by_switch_but_never_behind_a_status(
    shop: Any, people: Any, an_order: Any
) -> None:
    await shop.switch(stale_reads_s="150")
    await people.place_order(an_order())
    await shop.put("/api/v2/Orders/6994/Item/1", {"MisId": "SO-1"})
    await people.move_to_stage(6994, 1, "Prepress")
    item = await first_item(shop)
    assert (item["MisId"], item["WorkflowStagePrinter"]) == (None, "Prepress")
    await shop.http.post("/_emulator/clock", json={"seconds": 151})
    assert (await first_item(shop))["MisId"] == "SO-1"


async def test_a_number_that_is_taken_is_refused_unless_it_may_be_given_twice(
    shop: Any, people: Any, an_order: Any
) -> None:
    first = await people.place_order(an_order())
    again = an_order(order_number=first.order_number)
    with pytest.raises(ValueError, match="already"):
        await people.place_order(again)
    await shop.switch(same_number="newest")
    second = await people.place_order(again)
    assert (second.order_number, second.id != first.id) == (first.order_number, True)
    number = {"Filters": [{"Column": "OrderNumber", "Value": first.order_number, "Operator": "equals"}]}
    for search in ({}, number):
        rows = (await shop.post("/api/v2/Orders/Search", search)).json()["Items"]
        assert [row["OrderId"] for row in rows] == [first.id, second.id]


@pytest.mark.parametrize(("meant", "marks"), [("oldest", ("SO-1", None)), ("newest", (None, "SO-1"))])
async def test_a_call_by_a_number_that_two_have_means_one_of_them(
    shop: Any, people: Any, an_order: Any, meant: str, marks: tuple[str | None, ...]
) -> None:
    await shop.switch(same_number=meant)
    first = await people.place_order(an_order())
    second = await people.place_order(an_order(order_number=first.order_number))
    await shop.put("/api/v2/Orders/6994/Item/1", {"MisId": "SO-1"})
    assert (await people.mis_number(first.id, 1), await people.mis_number(second.id, 1)) == marks
    await people.move_to_stage(second.id, 1, "Prepress")
    assert [(await people.stages(one, 1))[-1] for one in (first.id, second.id)] == [
        "Order Received",
        "Prepress",
    ]
