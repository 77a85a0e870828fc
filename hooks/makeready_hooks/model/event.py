"""Something happened at a vendor's: a hint to go and look, never the truth itself."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from makeready_hooks.model.ids import ShopId


class EventKind(StrEnum):
    ORDER = "order"
    """An order, or an item of it, is new, approved, denied, or moved on: look at it now."""
    CHANGE = "change"
    """Something about an order was edited. It can wait a little, and be looked at with others."""
    FILES = "files"
    """Files of an item were made after the order."""
    PROGRESS = "progress"
    """An order moved on in the MIS, or a parcel left: ask the MIS about it."""
    STOCK = "stock"
    """A stock item of the shop runs low: compare it with the MIS."""
    OTHER = "other"
    """Nothing that we act on. It is kept all the same."""


class Event(Struct, frozen=True, kw_only=True):
    """What a vendor tells has happened."""

    kind: EventKind
    name: str
    """The vendor's own name of the event."""
    order_number: ShopId = ""
    """Empty if the event is not about an order, or the order has no number yet."""
    mis_reference: str = ""
    """The order that an MIS's event is about: our key of it, its id or its number, whichever is named.
    Empty if the event names none: then it can be any."""
    item_number: int = 0
    """0 if the event is about the whole order."""
    order_date: datetime | None = None
    """When the order was placed, if the event says so, else None. It makes reading many orders cheap."""
    stock_name: str = ""
    """The shop's stock item that the event is about."""
    stock_level: int | None = None
    """Its level, if the event says so, else None."""


class Change(Struct, frozen=True, kw_only=True):
    """Something that changed at a vendor's, as its list of changes tells it."""

    id: str
    """Of this very change, the same whenever it is read: if the vendor has none, its subject and its moment."""
    event: Event


class ChangePage(Struct, frozen=True, kw_only=True):
    """Changes of which the vendor knows, oldest first."""

    changes: tuple[Change, ...]
    next: str
    """What asks for the changes after these. It is kept, and not looked into; the cursor that was asked with if there are
    none yet."""
    more: bool = False
    """There is more to be read at once."""


class WebhookEvent(Struct, frozen=True, kw_only=True):
    """A webhook that was found genuine."""

    event: Event
    message_id: str = ""
    """The vendor's id of the message, the same on every repetition; empty if it sends none."""
