"""The production office at work: orders and jobs move on, parcels leave."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.records import Delivery, Job, Order
from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.dates import write_date
from makeready_tharstern_emulator.wire.lists import listing
from makeready_tharstern_emulator.wire.replies import Answer, message

STATUSES = ("Received", "In production", "Finished", "Dispatched")
"""Status names are unknown and differ per site; these are what the pages offer (assumed)."""


def list_statuses(site: Site, call: Call) -> Answer:
    """The initial one first, then those that the pages offer, then what orders have beside them."""
    if not site.switches.on("order-statuses"):
        return message(404, "No HTTP resource was found that matches the request.")
    used = (order.status for order in site.world.orders.all())
    names = dict.fromkeys([site.switches.text("initial-status"), *STATUSES, *used])
    return listing(
        site, call, [name for name in names if name], lambda name: {site.names["status.name"]: name}
    )


class Parcel(Struct, forbid_unknown_fields=True, kw_only=True):
    carrier: str
    tracking: str
    """The carrier's reference of the consignment."""
    quantity: int = 1


class Progress(Struct, forbid_unknown_fields=True, kw_only=True):
    status: str
    delivery: Parcel | None = None
    """A parcel that leaves with this step."""


def move_order(site: Site, order: Order, progress: Progress) -> None:
    """Set an order's status and that of its jobs, and let a parcel go; events tell of it."""
    order.status = progress.status
    site.world.orders.put(order)
    for job in [job for job in site.world.jobs.all() if job.order_id == order.id]:
        job.status = progress.status
        site.world.jobs.put(job)
    site.webhooks.tell("order.status", _about_order(site, order))
    if progress.delivery:
        _dispatch(site, order, progress.delivery)
    site.world.save()


def move_job(site: Site, job: Job, status: str) -> None:
    """Set a job's status; an event tells of it."""
    job.status = status
    site.world.jobs.put(job)
    site.world.save()
    about = {"JobID": job.id, "JobNo": job.number, site.names["job.status"]: status}
    site.webhooks.tell("job.status", {**about, "Ref1": job.ref1, "Ref2": job.ref2})


def _about_order(site: Site, order: Order) -> dict[str, Any]:
    return {
        "OrderID": order.id,
        site.names["order.number"]: order.number,
        site.names["order.unique_id"]: order.unique_id,
        site.names["order.status"]: order.status,
    }


def _dispatch(site: Site, order: Order, parcel: Parcel) -> None:
    """A parcel leaves. With the first one of an order its stock leaves the shelf (assumed)."""
    deliveries = site.world.deliveries
    if not any(row.tracking for row in site.world.deliveries_of(order)):
        _take_from_shelf(site, order)
    row = Delivery(
        id=deliveries.next_id(),
        order_id=order.id,
        quantity=parcel.quantity,
        place=order.delivery_name,
        address=order.delivery_address,
        status="Dispatched",
        carrier=parcel.carrier,
        tracking=parcel.tracking,
        left_at=write_date(datetime.now(UTC).replace(tzinfo=None)),
    )
    deliveries.put(row)
    names = site.names
    note = {names["delivery.carrier"]: row.carrier, names["delivery.tracking"]: row.tracking}
    site.webhooks.tell("delivery.dispatched", _about_order(site, order) | {"DeliveryNoteID": row.id, **note})


def _take_from_shelf(site: Site, order: Order) -> None:
    for line in order.lines:
        product = site.world.products.get(line.stock_item_id)
        if product and not line.estimate_id and not product.product_type:
            product.in_stock -= line.quantity
            product.allocated = max(product.allocated - line.quantity, Decimal(0))
            site.world.products.put(product)
