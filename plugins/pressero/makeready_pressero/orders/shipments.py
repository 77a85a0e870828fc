"""From a parcel of the MIS to a shipment of Pressero's. Pure functions."""

from collections.abc import Iterable
from typing import Any

from makeready_hooks.model.order import OrderLine
from makeready_hooks.model.progress import Shipment

from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import text

Row = dict[str, Any]


def tracking_text(shipment: Shipment, settings: PresseroSettings) -> str:
    """What buyers read: ``Tracking`` is free text (seen)."""
    written = settings.tracking_text.replace("{carrier}", shipment.carrier)
    return written.replace("{tracking}", shipment.tracking).strip()


def shows(rows: Iterable[Row], shipment: Shipment, settings: PresseroSettings, item_id: str = "") -> bool:
    """Whether one of an item's shipments is this parcel, in our form or as a person types it.

    ``item_id``: a row that names another item is another's, should the shop show more than it was asked for.
    """
    forms = {shipment.tracking.casefold(), tracking_text(shipment, settings).casefold()}
    return any(
        text(row.get("ShipTracking")).strip().casefold() in forms
        and (not item_id or text(row.get("OrderItemId")) in ("", item_id))
        for row in rows
    )


def method_of(line: OrderLine, shipment: Shipment) -> str:
    """The method that the buyer chose; the carrier's name for an item without one."""
    return line.shipping_method or shipment.carrier


def _item(line: OrderLine, shipment: Shipment, member: str) -> Row:
    """The whole item has the form that is seen."""
    part = sum(one.quantity for one in shipment.lines if one.line == line.number)
    return {"OrderItemId": line.id} | ({member: part} if member and 0 < part < line.quantity else {})


def shipment_info(lines: Iterable[OrderLine], shipment: Shipment, settings: PresseroSettings) -> Row:
    """``ShipmentInfo`` of a parcel with these items, to the address of the first (members seen)."""
    lines = list(lines)
    party, address = lines[0].ship_to, lines[0].ship_to.address
    info: Row = {
        "Tracking": tracking_text(shipment, settings),
        "Cost": 0,  # what it cost is not known, and no business of the buyer's
        "Address": {
            "FirstName": party.first_name,
            "LastName": party.last_name,
            "Address1": address.line1,
            "StateProvince": address.region or "",
            "Postal": address.postcode,
            "Country": address.country,
        },
        "Items": [_item(line, shipment, settings.assumptions.shipment_quantity) for line in lines],
    }
    if shipment.shipped_at is not None:
        info["ShipDate"] = f"{shipment.shipped_at:%Y-%m-%dT%H:%M:%S}"
    return info
