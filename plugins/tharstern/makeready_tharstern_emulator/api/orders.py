"""``orders``: submitting, reading, and files that come afterwards."""

import hashlib
import time
from typing import Any

from makeready_tharstern_emulator.api.order_entry import Draft, Refused, accept, read_drafts
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.records import Delivery, File, Order, Received
from makeready_tharstern_emulator.wire.bodies import read_body
from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.lists import listing, whole_numbers
from makeready_tharstern_emulator.wire.replies import NO_PROBLEMS, Answer, failure, problems, success

_FILTERS = {"uniquesubmitorderid": "unique_id", "ref1": "ref1", "ref2": "ref2"}


def submit(site: Site, call: Call) -> Answer:
    """``{"Orders":[…]}``; each is taken or refused by itself (inferred), a refusal is ID 0 (seen S2)."""
    received = site.world.received
    received.put(Received(id=received.next_id(), body=call.body))
    drafts = read_drafts(read_body(call.body, "submitOrders"))
    return success({"Orders": [_enter(site, call, draft) for draft in drafts]})


def _enter(site: Site, call: Call, draft: Draft) -> dict[str, Any]:
    try:
        order = accept(site, call, draft)
    except Refused as exc:
        call.did("order refused", reference=draft.order.unique_id, reason=str(exc))
        return {"ID": 0, "StatusDetails": str(exc)}
    return {"ID": order.id, "StatusDetails": "", site.names["order.number"]: order.number}


def find(site: Site, call: Call) -> Answer:
    """By ``orderIDs[n]`` or ``orderNOs[n]`` (seen S2), or by the query that ``order-filter`` names.

    Filters that are not known are ignored, as ASP.NET does: the answer is then every order. A site may also answer them
    with an empty list (switch ``order-filter-unknown``).
    """
    hidden_s = site.switches.number("orders-visible-after-s")
    rows = [row for row in _chosen(site, call) if not hidden_s or time.time() - row.saved_at >= hidden_s]
    return listing(site, call, rows, lambda row: _write(site, row))


def _chosen(site: Site, call: Call) -> list[Order]:
    world = site.world
    ids, numbers = call.query.many("orderIDs"), call.query.many("orderNOs")
    found = [world.orders.get(id_) for id_ in sorted(whole_numbers("orderIDs", ids or []))]
    found += [world.order_by_number(number) for number in numbers or []]
    name = site.switches.text("order-filter")
    if site.switches.text("order-filter-unknown") == "finds-nothing" and _asks_otherwise(site, call, name):
        return []
    reference = call.query.one(name) if name else None
    if ids is None and numbers is None:
        found = [*(world.orders.find(reference) if _is_unique_id(name) and reference else world.orders.all())]
    return [row for row in found if row and (reference is None or _has(row, name, reference))]


def _asks_otherwise(site: Site, call: Call, order_filter: str) -> bool:
    """By a query that this site does not know."""
    pages = [site.switches.text("page-number-name"), site.switches.text("page-size-name")]
    return bool(call.query.names() - {one.lower() for one in (*pages, order_filter)})


def _is_unique_id(name: str) -> bool:
    return _FILTERS.get(name.lower()) == "unique_id"


def _has(order: Order, name: str, reference: str) -> bool:
    return bool(getattr(order, _FILTERS.get(name.lower(), "unique_id")) == reference)


def _write(site: Site, order: Order) -> dict[str, Any]:
    """Only ``ID`` has a source; every other member is assumed."""
    names = site.names
    return {
        "ID": order.id,
        names["order.number"]: order.number,
        names["order.unique_id"]: order.unique_id,
        names["order.customer"]: order.customer_code,
        names["order.customer_name"]: order.customer_name,
        "OrderDate": order.order_date,
        "RequiredDate": order.required_date,
        "Ref1": order.ref1,
        "Ref2": order.ref2,
        names["order.status"]: order.status,
        names["order.lines"]: [
            {
                "StockItemID": line.stock_item_id,
                "EstimateID": line.estimate_id,
                "Description": line.description,
            }
            | {"Quantity": line.quantity, "Ref1": line.ref1, "Ref2": line.ref2}
            for line in order.lines
        ],
        names["order.deliveries"]: [_write_delivery(site, row) for row in site.world.deliveries_of(order)],
    }


def _write_delivery(site: Site, row: Delivery) -> dict[str, Any]:
    return {
        "DeliveryNoteID": row.id,
        site.names["delivery.status"]: row.status,
        site.names["delivery.carrier"]: row.carrier,
        site.names["delivery.tracking"]: row.tracking,
        site.names["delivery.date"]: row.left_at or None,
    }


def submit_asset(site: Site, call: Call) -> Answer:
    """``{OrderId, Filename, Content_Base64}``: a file after the order (seen S2)."""
    asset = read_body(call.body, "submitOrderAsset")
    order = site.world.orders.get(asset.whole("OrderId"))
    content, name = asset.content("Content_Base64"), asset.text("Filename")
    asset.check()
    if not name or content is None:
        return problems(["Filename and Content_Base64 are required."])
    if order is None:
        text = f"Order {asset.text('OrderId')} was not found."
        return failure(text, member=site.names["status.message"])
    keep_content(site, call, f"order:{order.id}", name, content)
    return success(NO_PROBLEMS)


def keep_content(site: Site, call: Call, owner: str, name: str, content: bytes) -> None:
    """Note a file that came inside a request. Its size and digest are kept, its bytes are not."""
    files = site.world.files
    digest = hashlib.sha256(content).hexdigest()
    row = File(id=files.next_id(), owner=owner, name=name, fetched=True, bytes=len(content), sha256=digest)
    files.put(row)
    call.did("file received", owner=owner, file=name, bytes=len(content))
