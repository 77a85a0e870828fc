"""Tells registered addresses what happened, with the envelope and signature of Pressero's webhooks."""

import base64
import hashlib
from datetime import datetime
from typing import Any

from makeready_pressero_emulator.shop.outbound import NotDelivered, post_json
from makeready_pressero_emulator.state.journal import Entry
from makeready_pressero_emulator.state.records import Order, OrderItem
from makeready_pressero_emulator.state.webhooks import Delivery, Webhook
from makeready_pressero_emulator.wire.answers import encoded
from makeready_pressero_emulator.world import World

EVENTS = (
    "OrderItemStatusChanged",
    "VendorItemReady",
    "PaymentReceived",
    "LowInventory",
    "NewUserAprvReq",
    "OrderAllComplete",
    "OrderAprvReq",
    "OrderItemApproved",
    "OrderItemComplete",
    "OrderItemDenied",
    "OrderPlaced",
    "PageFormSubmit",
    "OrderItemFilesGenerated",
    "UpdatedSiteUser",
    "NewSite",
    "OrderUpdated",
    "OrderItemUpdated",
    "NewSiteUser",
)
"""In the vendor's order (seen). The number in ``Type`` is the position (inferred; 7, 9 and 10 were seen)."""

_BY_LOWER = {name.lower(): name for name in EVENTS}
_OVERTAKEN_S = 0.5


def event_name(text: str) -> str | None:
    """The event as it is spelled, whatever the case given."""
    return _BY_LOWER.get(text.strip().lower())


def order_event(world: World, entry: Entry, name: str, order: Order) -> None:
    announce(world, entry, name, site_id=order.site_id, data=_order_data(world, order, 0), order=order.number)


def item_event(world: World, entry: Entry, name: str, order: Order, item: OrderItem) -> None:
    data = _order_data(world, order, item.number)
    if name == "OrderItemStatusChanged" and world.switches.on("webhook-stage-members"):
        data |= _stage_data(world, item)
    announce(world, entry, name, site_id=order.site_id, data=data, order=order.number)


def announce(
    world: World, entry: Entry, name: str, *, site_id: str, data: dict[str, Any], order: int | None = None
) -> None:
    """Deliver an event to every webhook that wants it, beside the running request."""
    entry.effects.append({"effect": "event", "event": name, "order": order})
    message_id = world.ids.new()
    envelope = {
        "Type": EVENTS.index(name) + int(world.switches.number("webhook-type-shift")),
        "TypeName": name,
        "Timestamp": _stamp(world.clock.now()),
        "Data": data,
        "SubscriberId": world.shop.subscriber.subscriber_id,
        "SiteId": site_id,
        "MessageID": message_id,
    }
    body = encoded(envelope)
    for hook in world.shop.webhooks.values():
        if name in hook.events:
            _send_as_switched(world, hook, name, message_id, body, order)


def message_hash(form: str, key: str, body: bytes) -> str:
    """``form`` is ``key-body-hex-lower``, ``body-key-base64``…: order of the two, then the spelling."""
    secret = key.encode()
    digest = hashlib.sha1(secret + body if form.startswith("key") else body + secret)  # noqa: S324  the vendor's
    if form.endswith("base64"):
        return base64.b64encode(digest.digest()).decode()
    return digest.hexdigest().upper() if form.endswith("upper") else digest.hexdigest()


def _send_as_switched(
    world: World, hook: Webhook, event: str, message_id: str, body: bytes, order: int | None
) -> None:
    first = Delivery(
        event=event,
        message_id=message_id,
        webhook_id=hook.webhook_id,
        url=hook.url,
        order_number=order,
        attempt=1,
        at=world.clock.now(),
        body=body.decode(),
        message_hash=_hash(world, hook, body),
    )
    if world.faults.for_webhook("webhook-loss"):
        first.error = "lost on purpose"
        world.shop.deliveries.append(first)
        return
    due = world.clock.monotonic() + world.switches.number("webhook-delay-s")
    if world.faults.for_webhook("webhook-reorder"):
        due += _OVERTAKEN_S
    world.spawn(_deliver(world, first, due))
    if world.faults.for_webhook("webhook-duplicates"):
        world.spawn(_deliver(world, _again(world, first), due))


async def _deliver(world: World, delivery: Delivery, due: float) -> None:
    """Attempt, and attempt again as often as switched, until an answer of 2xx."""
    await world.clock.until(due)
    while True:
        async with world.sending:
            await _attempt(world, delivery)
        if _succeeded(delivery) or delivery.attempt > world.switches.number("webhook-retries"):
            return
        await world.clock.sleep(world.switches.number("webhook-retry-s"))
        delivery = _again(world, delivery)
        delivery.attempt += 1


async def _attempt(world: World, delivery: Delivery) -> None:
    delivery.at = world.clock.now()
    world.shop.deliveries.append(delivery)
    headers = {"MessageHash": delivery.message_hash} if delivery.message_hash else {}
    try:
        response = await post_json(delivery.url, delivery.body.encode(), headers=headers)
        delivery.status = response.status_code
    except NotDelivered as failure:
        delivery.error = str(failure)
    world.save()


def _again(world: World, delivery: Delivery) -> Delivery:
    return Delivery(
        event=delivery.event,
        message_id=delivery.message_id,
        webhook_id=delivery.webhook_id,
        url=delivery.url,
        order_number=delivery.order_number,
        attempt=delivery.attempt,
        at=world.clock.now(),
        body=delivery.body,
        message_hash=delivery.message_hash,
    )


def _succeeded(delivery: Delivery) -> bool:
    return delivery.status is not None and 200 <= delivery.status < 300


def _hash(world: World, hook: Webhook, body: bytes) -> str | None:
    if not hook.security_key:
        return None
    return message_hash(world.switches.text("message-hash"), hook.security_key, body)


def _order_data(world: World, order: Order, item_number: int) -> dict[str, Any]:
    return {
        "ID": order.order_id,
        "OrderId": order.order_id,
        "OrderNumber": order.number,
        "PrinterOrderId": str(order.number),
        "OrderDate": world.moment(order.ordered_at),
        "ReqShipDate": world.day(order.requested_ship_date),
        "SiteId": order.site_id,
        "OrderItemSeq": item_number,
    }


def _stage_data(world: World, item: OrderItem) -> dict[str, Any]:
    stage = world.stage(item.workflow_stage_id)
    return {
        "OrderItemId": item.order_item_id,
        "WorkflowStageId": stage.workflow_stage_id,
        "WorkflowStagePrinter": stage.printer_stage,
    }


def _stamp(moment: datetime) -> str:
    """``2026-03-02T09:15:30.120Z``"""
    return moment.isoformat(timespec="milliseconds") + "Z"
