"""Shipments with their tracking, and payments."""

from decimal import Decimal
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from makeready_pressero_emulator.api.orders.orders import keep_shown
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.state.records import Order, OrderItem, Shipment
from makeready_pressero_emulator.wire.answers import Answer, ApiError, invalid, json_answer
from makeready_pressero_emulator.wire.members import squashed


class Shipped(Struct, frozen=True, rename=squashed):
    order_item_id: str
    quantity: int | UnsetType = UNSET


class InfoBody(Struct, frozen=True, rename=squashed):
    items: list[Shipped]
    ship_date: str | None = None
    tracking: str | None = None
    cost: Decimal | None = None
    address: Any = None


class ShipmentBody(Struct, frozen=True, rename=squashed):
    order_id: str
    shipment_info: InfoBody
    site_shipping_method_name: str | None = None


async def add_shipment(call: Call) -> Answer:
    """One record for each item that is in the parcel. ``Tracking`` is free text (seen)."""
    body = call.body_as(ShipmentBody)
    order = _order(call, body.order_id)
    items = [_item(order, one.order_item_id) for one in body.shipment_info.items]
    quantities = [one.quantity for one in body.shipment_info.items]
    if not items:
        raise invalid("ShipmentInfo.Items", "A shipment has at least one item")
    shipment_id = call.world.ids.new()
    for item, quantity in zip(items, quantities, strict=True):
        keep_shown(call, item, "shipments")
        item.shipments.append(_shipment(shipment_id, order, item, body, quantity))
    call.effect(
        "shipment-added",
        order=order.number,
        items=[item.number for item in items],
        tracking=body.shipment_info.tracking,
    )
    return json_answer({"ShipmentId": shipment_id})


async def list_shipments(call: Call) -> Answer:
    _, item = call.item()
    match call.world.switches.text("shipment-list"):
        case "finds-nothing":
            return json_answer([])
        case "everything":
            orders = call.shop.all_orders()
            return json_answer([one for order in orders for item in order.items for one in item.shipments])
    return json_answer(item.shipments)


async def list_payments(call: Call) -> Answer:
    return json_answer(call.order().payments)


def _shipment(
    shipment_id: str, order: Order, item: OrderItem, body: ShipmentBody, quantity: int | UnsetType
) -> Shipment:
    info = body.shipment_info
    return Shipment(
        shipment_id=shipment_id,
        order_id=order.order_id,
        order_item_id=item.order_item_id,
        ship_date=info.ship_date,
        ship_method=body.site_shipping_method_name,
        ship_tracking=info.tracking,
        ship_cost=info.cost or Decimal(0),
        quantity=quantity,
    )


def _order(call: Call, key: str) -> Order:
    for order in call.shop.all_orders():
        if order.order_id == key.lower() and order.visible:
            return order
    raise ApiError(404, f"There is no order {key!r}.")


def _item(order: Order, key: str) -> OrderItem:
    for item in order.items:
        if item.order_item_id == key.lower():
            return item
    raise invalid("ShipmentInfo.Items", f"Order {order.number} has no item {key!r}")


ENDPOINTS = (
    Endpoint(
        verb="POST",
        path="/api/V2/Orders/Shipments",
        mark=Mark.SEEN,
        does="Add a shipment with tracking.",
        handler=add_shipment,
    ),
    Endpoint(
        verb="GET",
        path="/api/v2/orders/{n}/Item/{i}/Shipments",
        mark=Mark.SEEN,
        does="List the shipments of an item, as a bare array.",
        handler=list_shipments,
    ),
    Endpoint(
        verb="GET",
        path="/api/v2/orders/{n}/Payments",
        mark=Mark.SEEN,
        does="List the payments of an order.",
        handler=list_payments,
    ),
)
