"""Orders: submitting, reading back, refusals, artwork."""

import base64
import json
from typing import Any

import pytest


async def submit(api: Any, body: bytes) -> dict[str, Any]:
    answer = await api.post("orders/submit", body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["Status"]["Success"] is True
    orders: list[dict[str, Any]] = answer.json()["Details"]["Orders"]
    return orders[0]


def changed(body: bytes, **members: Any) -> bytes:
    """The order with members of its head replaced; None removes one."""
    document = json.loads(body)
    document["Orders"][0].update(members)
    return json.dumps(document).encode()


@pytest.fixture
def minimal(sample: Any) -> bytes:
    body: bytes = sample("order-minimal.json")
    return body


@pytest.mark.parametrize("name", ["order-minimal.json", "order-kit.json"])
async def test_an_order_gets_an_id_and_can_be_read_back(api: Any, sample: Any, name: str) -> None:
    body = sample(name, files="http://files.example")
    taken = await submit(api, body)
    assert taken == {"ID": 30001, "StatusDetails": "", "OrderNo": "SO-0030001"}
    (by_id,) = await api.items("orders?orderIDs[0]=30001")
    (by_number,) = await api.items("orders?orderNOs[0]=SO-0030001")
    assert by_id == by_number
    assert by_id["UniqueSubmitOrderID"] == json.loads(body)["Orders"][0]["UniqueSubmitOrderID"]


async def test_bodies_are_kept_byte_for_byte(api: Any, sample: Any) -> None:
    body = sample("order-kit.json")
    await submit(api, body)
    (received,) = (await api.control("GET", "orders-received"))["bodies"]
    assert base64.b64decode(received) == body


async def test_dates_are_echoed_without_a_zone(api: Any, minimal: bytes) -> None:
    await submit(api, minimal)
    (order,) = await api.items("orders?orderIDs[0]=30001")
    assert (order["RequiredDate"], order["OrderDate"]) == (
        "2027-02-12T00:00:00",
        "2027-02-03T09:41:07.251234",
    )


async def test_a_stock_line_and_an_estimate_line_fit_into_one_order(api: Any, sample: Any) -> None:
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 500})
    await submit(api, sample("order-two-lines.json", files="http://files.example"))
    (order,) = await api.orders()
    assert [line["estimate_id"] for line in order["lines"]] == [None, 88001]
    assert [(line["net"], line["tax"]) for line in order["lines"]] == [("105", "21"), ("61.75", "12.35")]


async def test_a_plain_line_allocates_stock(api: Any, minimal: bytes) -> None:
    await submit(api, minimal)
    (bag,) = await api.items("products", id=4107)
    assert (bag["QtyInStock"], bag["QtyAllocated"]) == (310, 65)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"Items": [{"StockItemID": 1, "Quantity": 1}]}, "Stock item 1 was not found."),
        (
            {"Items": [{"StockItemID": 4107, "Quantity": 0}]},
            "The quantity of stock item 4107 must be above zero.",
        ),
        ({"Items": [{"StockItemID": 4112, "Quantity": 1, "EstimateID": 5}]}, "Estimate 5 was not found."),
        ({"InvoiceCustomer": {"Code": "STOP01"}}, "Customer STOP01 is on stop."),
        ({"UniqueSubmitOrderID": None}, "UniqueSubmitOrderID is missing."),
        ({"Items": [], "OrderDate": None}, "OrderDate, Items is missing."),
    ],
)
async def test_a_refusal_is_a_success_with_id_zero_and_a_reason(
    api: Any, minimal: bytes, members: dict[str, Any], reason: str
) -> None:
    assert await submit(api, changed(minimal, **members)) == {"ID": 0, "StatusDetails": reason}
    assert await api.orders() == []


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"Items": [{"StockItemID": "tote", "Quantity": 1}]}, "submitOrders.Orders[0].Items[0].StockItemID"),
        ({"Items": [{"StockItemID": 4107, "Quantity": 1.5}]}, "submitOrders.Orders[0].Items[0].Quantity"),
        ({"RequiredDate": "soon"}, "submitOrders.Orders[0].RequiredDate"),
        ({"InvoiceCustomer": "NORTH01"}, "submitOrders.Orders[0].InvoiceCustomer"),
    ],
)
async def test_a_member_of_the_wrong_kind_is_a_model_error_and_no_order(
    api: Any, minimal: bytes, members: dict[str, Any], path: str
) -> None:
    answer = await api.post("orders/submit", changed(minimal, **members))
    assert answer.status_code == 400
    assert list(answer.json()["ModelState"]) == [path]
    assert await api.orders() == []


async def test_orders_of_one_call_succeed_and_fail_by_themselves(api: Any, minimal: bytes) -> None:
    document = json.loads(minimal)
    bad = json.loads(changed(minimal, Items=[{"StockItemID": 1, "Quantity": 1}]))
    document["Orders"].append(bad["Orders"][0])
    answer = await api.post("orders/submit", document)
    assert [order["ID"] for order in answer.json()["Details"]["Orders"]] == [30001, 0]


@pytest.mark.parametrize(
    ("mode", "second", "count"), [("second-order", 30002, 2), ("same-id", 30001, 1), ("refuse", 0, 1)]
)
async def test_a_repeated_submission_has_three_modes(
    start: Any, minimal: bytes, mode: str, second: int, count: int
) -> None:
    api = await start({"duplicate-orders": mode})
    await submit(api, minimal)
    assert (await submit(api, minimal))["ID"] == second
    assert len(await api.orders()) == count


async def test_an_unknown_customer_is_taken_unless_customers_are_strict(start: Any, minimal: bytes) -> None:
    api = await start({"strict-customer": "on"})
    body = changed(minimal, InvoiceCustomer={"Code": "2eef0af0"})
    assert await submit(api, body) == {"ID": 0, "StatusDetails": "Customer 2eef0af0 was not found."}
    await api.switch(strict_customer="off")
    assert (await submit(api, body))["ID"] == 30001


@pytest.mark.parametrize(
    ("mode", "country", "taken"),
    [
        ("off", "GB", True),
        ("names", "GB", False),
        ("names", "United Kingdom", True),
        ("codes", "GB", True),
        ("codes", "United Kingdom", False),
    ],
)
async def test_countries_can_be_strict(
    start: Any, minimal: bytes, mode: str, country: str, taken: bool
) -> None:
    api = await start({"strict-country": mode})
    body = changed(
        minimal, DeliveryCustomer={"Code": "NORTH01", "Address": {"City": "Hull", "Country": country}}
    )
    assert bool((await submit(api, body))["ID"]) is taken


async def test_both_shapes_of_an_address_are_read(api: Any, minimal: bytes) -> None:
    common = {"City": "Hull", "Country": "United Kingdom"}
    flat = {"AddressLine1": "Unit 9", "AddressLine2": "Dock Road", **common}
    listed = {"AddressLines": ["Unit 9", "Dock Road"], **common}
    for shape in (flat, listed):
        await submit(api, changed(minimal, DeliveryCustomer={"Address": shape}))
    first, second = (await api.orders())[0], (await api.orders())[1]
    assert first["delivery_address"] == second["delivery_address"]
    assert first["delivery_address"]["AddressLine2"] == "Dock Road"


async def test_an_unknown_filter_is_ignored_and_every_order_comes(api: Any, minimal: bytes) -> None:
    await submit(api, minimal)
    assert len(await api.items("orders", ref1="nothing has this")) == 1


@pytest.mark.parametrize("name", ["uniqueSubmitOrderID", "ref2"])
async def test_orders_are_found_by_our_reference_if_the_switch_names_the_filter(
    start: Any, minimal: bytes, name: str
) -> None:
    api = await start({"order-filter": name})
    await submit(api, minimal)
    await submit(api, changed(minimal, UniqueSubmitOrderID="PR-2", Ref2="PR-2"))
    (found,) = await api.items("orders", **{name: "PR-2"})
    assert found["ID"] == 30002
    assert await api.items("orders", **{name: "PR-3"}) == []


async def test_an_order_can_take_a_while_to_show_up(api: Any, minimal: bytes) -> None:
    await api.switch(orders_visible_after_s="3600")
    await submit(api, minimal)
    assert await api.items("orders?orderIDs[0]=30001") == []
    await api.switch(orders_visible_after_s="0")
    assert len(await api.items("orders?orderIDs[0]=30001")) == 1


async def test_artwork_is_fetched_and_the_result_is_written_down(api: Any, sample: Any, files: str) -> None:
    await submit(api, sample("order-kit.json", files=files))
    await api.settle()
    (file,) = (await api.orders())[0]["files"]
    assert (file["fetched"], file["bytes"], file["error"], file["line"]) == (True, 12, "", 1)


@pytest.mark.parametrize(
    "address",
    ["http://files.example/a.pdf", "https://127.0.0.1.example/a", "file:///etc/hosts", "//127.0.0.1/a", ""],
)
async def test_artwork_is_fetched_from_this_machine_only(api: Any, minimal: bytes, address: str) -> None:
    item = {
        "StockItemID": 4107,
        "Quantity": 1,
        "Assets": {"Items": [{"Filename": "a", "Content_URL": address}]},
    }
    await submit(api, changed(minimal, Items=[item]))
    await api.settle()
    (file,) = (await api.orders())[0]["files"]
    assert file["fetched"] is False
    assert file["error"].startswith("not fetched: ")


async def test_artwork_that_is_missing_is_reported_with_its_status(api: Any, sample: Any, files: str) -> None:
    body = sample("order-kit.json", files=files).replace(b"poster.pdf?timestamp=1801647667860", b"missing")
    await submit(api, body)
    await api.settle()
    assert (await api.orders())[0]["files"][0]["error"] == "the address answered 404"


async def test_artwork_can_be_unreachable_on_demand(api: Any, sample: Any, files: str) -> None:
    await api.switch(artwork_unreachable="next:1")
    await submit(api, sample("order-kit.json", files=files))
    await api.settle()
    assert (await api.orders())[0]["files"][0]["error"] == "the address could not be reached"


async def test_a_file_can_follow_its_order(api: Any, minimal: bytes, sample: Any) -> None:
    await submit(api, minimal)
    answer = await api.post("orders/submitorderasset", sample("asset.json"))
    assert answer.json()["Status"] == {"Success": True}
    (file,) = (await api.orders())[0]["files"]
    assert (file["name"], file["bytes"], file["fetched"]) == ("proof.pdf", 9, True)


async def test_a_file_for_an_unknown_order_is_a_failure_with_status_200(api: Any, sample: Any) -> None:
    answer = await api.post("orders/submitorderasset", sample("asset.json"))
    assert answer.status_code == 200
    assert answer.json()["Status"] == {"Success": False, "Message": "Order 30001 was not found."}


async def test_a_file_that_is_not_base64_is_a_model_error(api: Any) -> None:
    answer = await api.post("orders/submitorderasset", {"OrderId": 1, "Filename": "a", "Content_Base64": "%"})
    assert list(answer.json()["ModelState"]) == ["submitOrderAsset.Content_Base64"]


async def test_artwork_that_does_not_end_times_out(api: Any, sample: Any, listening: Any) -> None:
    async def never_ends(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"%PDF", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass

    await api.switch(artwork_timeout_s="0.2")
    async with listening(never_ends) as url:
        await api.post("orders/submit", sample("order-kit.json", files=url))
        await api.settle()
    (file,) = (await api.orders())[0]["files"]
    assert (file["fetched"], file["bytes"], file["error"]) == (False, 0, "timed out")


async def test_artwork_that_redirects_is_not_followed(api: Any, sample: Any, listening: Any) -> None:
    async def elsewhere(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"location", b"http://files.example/secret")]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async with listening(elsewhere) as url:
        await api.post("orders/submit", sample("order-kit.json", files=url))
        await api.settle()
    assert (await api.orders())[0]["files"][0]["error"] == "the address answered 302"


async def test_a_made_to_order_line_can_need_an_estimate(start: Any, minimal: bytes) -> None:
    api = await start({"estimate-required": "on"})
    taken = await submit(api, changed(minimal, Items=[{"StockItemID": 4112, "Quantity": 500}]))
    assert taken["StatusDetails"] == "Stock item 4112 is made to order and needs an estimate."


async def test_stock_can_stay_unallocated_and_orders_can_start_with_another_status(
    start: Any, minimal: bytes
) -> None:
    api = await start({"allocate-stock": "off", "initial-status": "Web"})
    await submit(api, minimal)
    assert (await api.items("products", id=4107))[0]["QtyAllocated"] == 40
    assert (await api.items("orders"))[0]["Status"] == "Web"


async def test_the_real_body_is_taken_member_by_member(api: Any, sample: Any) -> None:
    await submit(api, sample("order-kit.json", files="http://files.example"))
    (order,) = await api.orders()
    assert order["customer"] == "5b0c1f9e-6a52-4f3a-9b77-0d5e8a1c2f34"
    assert order["lines"][0]["ref2"] == "91d0c7a4-2a6e-4b0d-8e5f-3f6b7c8d9e01"
    assert order["delivery_address"]["Postcode"] == "LS1 4AP"
    assert (order["lines"][0]["net"], order["lines"][0]["tax"]) == ("25", "0")


async def test_artwork_of_a_server_that_is_down_is_reported(api: Any, sample: Any) -> None:
    await submit(api, sample("order-kit.json", files="http://127.0.0.1:9"))
    await api.settle()
    assert (await api.orders())[0]["files"][0]["error"].startswith("ConnectError")
