"""How far an order has come in Tharstern: its status, and its deliveries that can be tracked. Pure functions."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from makeready_hooks.model.progress import OrderProgress, Shipment
from makeready_hooks.model.submission import AcceptedOrder

from makeready_tharstern import wire
from makeready_tharstern.assumptions import Assumptions
from makeready_tharstern.settings import TharsternSettings


def asked_by_number(accepted: AcceptedOrder) -> bool:
    """True for an order whose number a person entered: its ID is not known then."""
    return accepted.id == accepted.number or not wire.is_id(accepted.id)


def progress_of(
    accepted: Iterable[AcceptedOrder], orders: Iterable[wire.SubmittedOrder], settings: TharsternSettings
) -> Iterator[OrderProgress]:
    """The progress of each order that was asked for and is among those that were read."""
    orders = list(orders)
    by_id = {str(order.id): order for order in orders}
    by_number = {order.number.casefold(): order for order in orders if order.number}
    for one in accepted:
        found = by_number.get(one.label.casefold()) if asked_by_number(one) else by_id.get(one.id)
        if found is not None:
            shipments = shipments_from(found.extra, settings.assumptions, settings.time_zone)
            yield OrderProgress(accepted=one, status=found.status, shipments=shipments)


def shipments_from(item: dict[str, Any], names: Assumptions, time_zone: str) -> tuple[Shipment, ...]:
    """The deliveries of an order that have a tracking number, each number once."""
    listed = item.get(names.order_deliveries)
    found: dict[str, Shipment] = {}
    for row in listed if isinstance(listed, list) else []:
        tracking = _text(row.get(names.delivery_tracking)) if isinstance(row, dict) else ""
        if tracking:
            shipment = Shipment(
                tracking=tracking,
                id=_text(row.get(names.delivery_id)),
                carrier=_text(row.get(names.delivery_carrier)),
                shipped_at=_moment(row.get(names.delivery_date), time_zone),
            )
            found.setdefault(tracking, shipment)
    return tuple(found.values())


def _text(value: Any) -> str:
    """A text, or a number as text."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def _moment(value: Any, time_zone: str) -> datetime | None:
    """A date without a zone is the server's; None for what is no date, and for .NET's year 1."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.year == 1:
            return None
        local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
