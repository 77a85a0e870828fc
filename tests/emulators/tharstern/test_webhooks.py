"""Events pushed to a subscriber: delivered, retried, signed, lost, doubled, late."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

SECRET = "wet-ink"


class Subscriber:
    """What came in, and how it is answered."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[bytes] = []
        self.headers: list[dict[bytes, bytes]] = []
        self.statuses: list[int] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        self.bodies.append(message["body"])
        self.headers.append(dict(scope["headers"]))
        status = self.statuses.pop(0) if self.statuses else 204
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    @property
    def sequences(self) -> list[int]:
        return [json.loads(body)["Sequence"] for body in self.bodies]


@pytest.fixture
async def subscriber(listening: Any) -> AsyncIterator[Subscriber]:
    subscriber = Subscriber()
    async with listening(subscriber) as url:
        subscriber.url = f"{url}/events"
        yield subscriber


@pytest.fixture
async def api(start: Any, subscriber: Subscriber, sample: Any) -> Any:
    api = await start({"webhook-url": subscriber.url, "webhook-retry-s": "0"})
    await api.post("orders/submit", sample("order-minimal.json"))
    return api


async def move(api: Any, status: str = "In production", **more: Any) -> None:
    await api.control("PUT", "orders/30001/progress", {"status": status, **more})


async def test_an_event_tells_the_order_and_its_status(api: Any, subscriber: Subscriber) -> None:
    await move(api)
    await api.settle()
    assert json.loads(subscriber.bodies[0]) == {
        "Event": "order.status",
        "Sequence": 1,
        "OrderID": 30001,
        "OrderNo": "SO-0030001",
        "UniqueSubmitOrderID": "8f7a3c52-11d4-4e0b-a2c9-64d1e0b7f5aa",
        "Status": "In production",
    }


async def test_a_parcel_is_an_event_with_its_tracking_number(api: Any, subscriber: Subscriber) -> None:
    await move(api, "Dispatched", delivery={"carrier": "Dales Parcels", "tracking": "DP-1"})
    await api.settle()
    events = {json.loads(body)["Event"]: json.loads(body) for body in subscriber.bodies}
    assert set(events) == {"order.status", "delivery.dispatched"}
    assert events["delivery.dispatched"]["ConsignNote"] == "DP-1"


async def test_an_event_is_signed_if_there_is_a_secret(api: Any, subscriber: Subscriber) -> None:
    await api.switch(webhook_secret=SECRET)
    await move(api)
    await api.settle()
    expected = hmac.new(SECRET.encode(), subscriber.bodies[0], hashlib.sha256).hexdigest()
    assert subscriber.headers[0][b"x-signature"].decode() == expected


async def test_an_event_is_tried_again_until_it_is_taken(api: Any, subscriber: Subscriber) -> None:
    subscriber.statuses = [500, 302]
    await move(api)
    await api.settle()
    (event,) = (await api.control("GET", "webhooks"))["events"]
    assert (event["fate"], event["attempts"]) == ("delivered", ["500", "302", "204"])


async def test_an_event_fails_when_its_tries_are_used_up(api: Any, subscriber: Subscriber) -> None:
    subscriber.statuses = [500, 500, 500]
    await move(api)
    await api.settle()
    (event,) = (await api.control("GET", "webhooks"))["events"]
    assert (event["fate"], len(event["attempts"])) == ("failed", 3)


async def test_an_event_can_be_lost(api: Any, subscriber: Subscriber) -> None:
    await api.switch(webhook_lost="next:1")
    await move(api)
    await move(api, "Finished")
    await api.settle()
    assert subscriber.sequences == [2]


async def test_an_event_can_come_twice(api: Any, subscriber: Subscriber) -> None:
    await api.switch(webhook_twice="next:1")
    await move(api)
    await api.settle()
    assert subscriber.sequences == [1, 1]
    assert subscriber.bodies[0] == subscriber.bodies[1]


async def test_an_event_can_come_after_the_next_one(api: Any, subscriber: Subscriber) -> None:
    await api.switch(webhook_late="next:1")
    await move(api)
    await move(api, "Finished")
    await api.settle()
    assert subscriber.sequences == [2, 1]


async def test_nothing_is_sent_off_this_machine(api: Any) -> None:
    await api.switch(webhook_url="http://events.example/in")
    await move(api)
    await api.settle()
    (event,) = (await api.control("GET", "webhooks"))["events"]
    assert set(event["attempts"]) == {"not sent: not a loopback address"}


async def test_without_an_address_there_are_no_events(api: Any) -> None:
    await api.switch(webhook_url="")
    await move(api)
    assert (await api.control("GET", "webhooks"))["events"] == []
