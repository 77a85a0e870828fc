"""How far an order has come in the MIS, and where that is shown in the shop."""

from datetime import datetime

from msgspec import Struct

from makeready_hooks.model.order import AcceptedOrder


class Shipment(Struct, frozen=True, kw_only=True):
    """A parcel that left."""

    tracking: str
    """The carrier's reference. It tells the parcels of an order apart, so it is never empty."""
    carrier: str = ""
    shipped_at: datetime | None = None
    """None if the MIS did not say."""


class OrderProgress(Struct, frozen=True, kw_only=True):
    """One order of the MIS, as it is there now."""

    accepted: AcceptedOrder
    """The order that was asked about, as it was asked."""
    status: str = ""
    """Its status, by the name that the MIS's people see; empty if the MIS did not say."""
    refused: str = ""
    """Why the MIS has refused it after all, in its own words; empty if it has not. A status can say so, too: which ones
    do is a setting."""
    cancelled: bool = False
    """It was cancelled in the MIS."""
    shipments: tuple[Shipment, ...] = ()
    """Parcels that have left and can be tracked."""


class Stage(Struct, frozen=True, kw_only=True):
    """One stage of a workflow in the shop."""

    id: str
    name: str
    """As the printer sees it."""
