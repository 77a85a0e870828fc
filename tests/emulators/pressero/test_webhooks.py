"""Webhooks: registered, signed, delivered, and spoilt on demand."""

import base64
import hashlib
from typing import Any

import pytest
from makeready_hooks.testing.emulation import BuyerItem, Upload

HOOKS = "/api/WebHooks"
ORDER_EVENTS = ["OrderPlaced", "OrderItemApproved", "OrderItemDenied", "OrderItemStatusChanged"]


async def register(shop: Any, url: str, *events: str, key: str = "secret") -> str:
    body = {"Description": "Test", "SecurityKey": key, "Url": url, "Events": events or ORDER_EVENTS}
    response = await shop.post(HOOKS, body)
    assert response.status_code == 200, response.text
    return str(response.json()["WebHookId"])


def sent(receiver: Any) -> list[tuple[str, int]]:
    return [(r["json"]["TypeName"], r["json"]["Data"]["OrderItemSeq"]) for r in receiver.requests]


async def test_an_order_is_announced_with_the_envelope_of_the_vendor(
    shop: Any, people: Any, receiver: Any, an_order: Any
) -> None:
    await register(shop, receiver.url)
    await people.place_order(an_order(order_date="2021-11-15T13:41:13.5", requested_ship_date="2021-11-16"))
    await shop.idle()
    envelope = receiver.requests[0]["json"]
    assert list(envelope) == ["Type", "TypeName", "Timestamp", "Data", "SubscriberId", "SiteId", "MessageID"]
    assert (envelope["Type"], envelope["TypeName"]) == (10, "OrderPlaced")
    assert envelope["SubscriberId"] == "28406876-c50c-4d16-b386-8f2824f19cef"
    assert envelope["Data"]["ID"] == envelope["Data"]["OrderId"]
    assert envelope["Data"] | {"ID": "", "OrderId": ""} == {
        "ID": "",
        "OrderId": "",
        "OrderNumber": 6994,
        "PrinterOrderId": "6994",
        "OrderDate": "2021-11-15T13:41:13.5",
        "ReqShipDate": "2021-11-16T00:00:00",
        "SiteId": envelope["SiteId"],
        "OrderItemSeq": 0,
    }


async def test_approving_denying_and_moving_are_announced_by_item(
    shop: Any, people: Any, receiver: Any, an_order: Any
) -> None:
    await register(shop, receiver.url)
    two = tuple(BuyerItem(part_number="NF-CARD", quantity=n) for n in (1, 2))
    await people.place_order(an_order(items=two, needs_approval=True))
    await shop.idle()
    await people.approve(6994, 1)
    await shop.idle()
    await people.deny(6994, 2)
    await shop.idle()
    await people.move_to_stage(6994, 1, "Prepress")
    await shop.idle()
    assert sent(receiver) == [
        ("OrderPlaced", 0),
        ("OrderItemApproved", 1),
        ("OrderItemDenied", 2),
        ("OrderItemStatusChanged", 1),
    ]
    assert [request["json"]["Type"] for request in receiver.requests] == [10, 7, 9, 0]
    assert receiver.requests[-1]["json"]["Data"]["WorkflowStagePrinter"] == "Prepress"


async def test_a_status_change_can_be_silent_about_the_stage(
    shop: Any, people: Any, receiver: Any, an_order: Any
) -> None:
    await register(shop, receiver.url, "OrderItemStatusChanged")
    await shop.switch(webhook_stage_members="off", webhook_type_shift="100")
    await people.place_order(an_order())
    await people.move_to_stage(6994, 1, "Prepress")
    await shop.idle()
    envelope = receiver.requests[0]["json"]
    assert envelope["Type"] == 100
    assert not {"OrderItemId", "WorkflowStageId", "WorkflowStagePrinter"} & set(envelope["Data"])


@pytest.mark.parametrize("order", ["key-body", "body-key"])
@pytest.mark.parametrize("form", ["hex-lower", "hex-upper", "base64"])
async def test_the_hash_can_be_made_in_every_form(
    shop: Any, people: Any, receiver: Any, an_order: Any, order: str, form: str
) -> None:
    await register(shop, receiver.url, "OrderPlaced", key="sëcret")
    await shop.switch(message_hash=f"{order}-{form}")
    await people.place_order(an_order())
    await shop.idle()
    request = receiver.requests[0]
    parts = ["sëcret".encode(), request["raw"]]
    digest = hashlib.sha1(b"".join(parts if order == "key-body" else reversed(parts)))  # noqa: S324
    expected = {
        "hex-lower": digest.hexdigest(),
        "hex-upper": digest.hexdigest().upper(),
        "base64": base64.b64encode(digest.digest()).decode(),
    }
    assert request["headers"]["messagehash"] == expected[form]


async def test_without_a_key_there_is_no_hash(shop: Any, people: Any, receiver: Any, an_order: Any) -> None:
    await register(shop, receiver.url, "OrderPlaced", key="")
    await people.place_order(an_order())
    await shop.idle()
    assert "messagehash" not in receiver.requests[0]["headers"]


async def test_only_chosen_events_are_sent_until_the_webhook_is_changed_or_removed(
    shop: Any, people: Any, receiver: Any, an_order: Any
) -> None:
    key = await register(shop, receiver.url, "orderitemdenied")
    await people.place_order(an_order())
    await shop.idle()
    assert receiver.requests == []
    await shop.put(f"{HOOKS}/{key}", {"Events": ["OrderPlaced"]})
    assert (await shop.get(f"{HOOKS}/{key}")).json()["Url"] == receiver.url
    await people.place_order(an_order())
    await shop.idle()
    assert (await shop.send("DELETE", f"{HOOKS}/{key}")).status_code == 204
    await people.place_order(an_order())
    await shop.idle()
    assert [request["json"]["Data"]["OrderNumber"] for request in receiver.requests] == [6995]


async def test_an_event_that_does_not_exist_cannot_be_chosen(shop: Any) -> None:
    response = await shop.post(HOOKS, {"Url": "http://127.0.0.1:9/h", "Events": ["OrderLost"]})
    assert response.status_code == 400
    assert await shop.listed(HOOKS) == []


async def test_deliveries_are_kept_with_what_came_of_them(
    shop: Any, people: Any, receiver: Any, an_order: Any
) -> None:
    await register(shop, receiver.url, "OrderPlaced")
    await register(shop, "https://hooks.example/in", "OrderPlaced")
    receiver.will_answer("no", status=503)
    await people.place_order(an_order())
    await shop.idle()
    kept = sorted(await people.deliveries(), key=lambda one: str(one["url"]))
    assert [(one["event"], one["order_number"], one["status"]) for one in kept] == [
        ("OrderPlaced", 6994, 503),
        ("OrderPlaced", 6994, None),
    ]
    assert "loopback" in kept[1]["error"]


async def test_a_failed_delivery_is_attempted_again_by_switch(
    shop: Any, people: Any, receiver: Any, an_order: Any
) -> None:
    await shop.switch(webhook_retries="2", webhook_retry_s="0")
    await register(shop, receiver.url, "OrderPlaced")
    receiver.answers = [(500, b""), (200, b"")]
    await people.place_order(an_order())
    await shop.idle()
    assert [(one["attempt"], one["status"]) for one in await people.deliveries()] == [(1, 500), (2, 200)]
    assert len({request["json"]["MessageID"] for request in receiver.requests}) == 1


async def test_webhooks_are_doubled_lost_or_overtaken_on_demand(
    shop: Any, people: Any, receiver: Any, an_order: Any
) -> None:
    await register(shop, receiver.url, "OrderPlaced")
    await shop.switch(webhook_duplicates="1")
    await people.place_order(an_order())
    await shop.idle()
    first, second = receiver.requests
    assert first["json"] == second["json"]
    await shop.switch(webhook_duplicates="0", webhook_loss="1")
    await people.place_order(an_order())
    await shop.idle()
    assert len(receiver.requests) == 2
    assert (await people.deliveries())[-1]["error"] == "lost on purpose"
    await shop.switch(webhook_loss="0", webhook_reorder="1")
    await people.place_order(an_order(order_number=7000))
    await shop.switch(webhook_reorder="0")
    await people.place_order(an_order(order_number=7001))
    await shop.idle()
    assert [r["json"]["Data"]["OrderNumber"] for r in receiver.requests[2:]] == [7001, 7000]


async def test_a_webhook_is_delayed_on_demand(shop: Any, people: Any, receiver: Any, an_order: Any) -> None:
    await shop.switch(webhook_delay_s="60")
    await register(shop, receiver.url, "OrderPlaced")
    await people.place_order(an_order())
    assert receiver.requests == []
    await shop.http.post("/_emulator/clock", json={"seconds": 60})
    await shop.idle()
    assert len(receiver.requests) == 1


async def test_late_files_are_announced_when_they_are_there(
    shop: Any, people: Any, receiver: Any, an_order: Any
) -> None:
    await shop.switch(late_files_s="30")
    await register(shop, receiver.url, "OrderItemFilesGenerated")
    uploads = (Upload(file_name="a.pdf", content=b"a"),)
    await people.place_order(an_order(items=(BuyerItem(part_number="NF-CARD", quantity=1, uploads=uploads),)))
    path = "/api/v2/orders/6994/Item/1/Details"
    assert (await shop.get(path)).json()["Files"] == []
    await shop.http.post("/_emulator/clock", json={"seconds": 30})
    await shop.idle()
    assert sent(receiver) == [("OrderItemFilesGenerated", 1)]
    assert len((await shop.get(path)).json()["Files"]) == 1


@pytest.mark.parametrize(
    ("switch", "events"), [("on", ["OrderPlaced", "OrderItemApproved"]), ("off", ["OrderItemApproved"])]
)
async def test_a_pending_order_is_announced_by_switch(
    shop: Any, people: Any, receiver: Any, an_order: Any, switch: str, events: list[str]
) -> None:
    await shop.switch(order_placed_when_pending=switch)
    await register(shop, receiver.url)
    await people.place_order(an_order(needs_approval=True))
    await shop.idle()
    await people.approve(6994, 1)
    await shop.idle()
    assert [name for name, _ in sent(receiver)] == events


async def test_with_pending_carts_the_order_is_announced_when_it_is_approved(
    shop: Any, people: Any, receiver: Any, an_order: Any
) -> None:
    await shop.switch(pending_page="on")
    await register(shop, receiver.url, "OrderPlaced")
    await people.place_order(an_order(needs_approval=True))
    await shop.idle()
    assert receiver.requests == []
    await people.approve(6994, 1)
    await shop.idle()
    assert sent(receiver) == [("OrderPlaced", 0)]


async def test_low_stock_is_announced_below_the_reorder_point_not_at_it(
    shop: Any, people: Any, receiver: Any
) -> None:
    path = "/api/site/shop.northfield.example/StockInventory"
    body = {"Stock": {"StockName": "Kit", "ReorderPoint": 5}, "CurrentLevel": 6}
    key = (await shop.post(path, body)).json()["Stock"]["StockId"]
    await register(shop, receiver.url, "LowInventory")
    for _ in range(3):
        await shop.post(f"{path}/{key}/Transactions", {"Quantity": -1})
    await shop.idle()
    assert [request["json"]["Data"]["CurrentLevel"] for request in receiver.requests] == [4]


async def test_a_burst_of_orders_loses_no_webhook(shop: Any, receiver: Any) -> None:
    await register(shop, receiver.url, "OrderPlaced")
    wish = {"site": "shop.northfield.example", "count": 300, "prefix": "NF-CARD"}
    await shop.http.post("/_emulator/generate/orders", json=wish)
    await shop.idle()
    numbers = sorted(request["json"]["Data"]["OrderNumber"] for request in receiver.requests)
    assert numbers == list(range(6994, 7294))


async def test_orders_that_no_call_shows_are_announced_as_any_other(
    shop: Any, people: Any, receiver: Any
) -> None:
    await register(shop, receiver.url)
    await people.announce([900_000, 900_001])
    await shop.idle()
    told = [(one["json"]["TypeName"], one["json"]["Data"]["OrderNumber"]) for one in receiver.requests]
    assert told == [("OrderPlaced", 900_000), ("OrderPlaced", 900_001)]
    assert all(one["headers"]["messagehash"] for one in receiver.requests)
