"""How far an order has come in the MIS, and where that is shown in the shop."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from makeready_hooks.model.ids import ShopId
from makeready_hooks.model.submission import AcceptedOrder


class ShippedLine(Struct, frozen=True, kw_only=True):
    """What of a line is in a parcel."""

    line: int
    """The shop's number of it."""
    quantity: int = 0
    """From an MIS as the MIS counts it, for a shop as the shop does. 0: not told."""


class Shipment(Struct, frozen=True, kw_only=True):
    """A parcel that left."""

    tracking: str
    """The carrier's reference. It tells the parcels of an order apart: it is never empty, and each is told once, with all
    that is in it."""
    id: str = ""
    """The MIS's own, where it has one."""
    carrier: str = ""
    service: str = ""
    shipped_at: datetime | None = None
    """None if the MIS did not say."""
    lines: tuple[ShippedLine, ...] = ()
    """What is in it. Empty: that is not told, and it is taken for the whole order."""


class ProgressKind(StrEnum):
    """What a status means, beside the MIS's own words."""

    RUNNING = "running"
    PART_SHIPPED = "part-shipped"
    """Some of it has left, and more will."""
    SHIPPED = "shipped"
    """All of it has left."""
    DONE = "done"
    """Nothing more will change."""
    REFUSED = "refused"
    """The MIS does not make it after all."""
    CANCELLED = "cancelled"
    """Somebody has cancelled it in the MIS."""


class OrderProgress(Struct, frozen=True, kw_only=True):
    """One order of the MIS, as it is there now."""

    accepted: AcceptedOrder
    """The order that was asked about, as it was asked."""
    status: str = ""
    """Its status, by the name that the MIS's people see; empty if the MIS did not say."""
    kind: ProgressKind = ProgressKind.RUNNING
    """What the status means, where the MIS says. Settings can say of a running one that it is refused or cancelled."""
    reason: str = ""
    """Why it is refused or cancelled, in the MIS's words; empty if the status says all."""
    shipments: tuple[Shipment, ...] = ()
    """Parcels that have left and can be tracked."""


class Stage(Struct, frozen=True, kw_only=True):
    """One stage of a workflow in the shop."""

    id: ShopId
    """The storefront's."""
    name: str
    """As the printer sees it."""
