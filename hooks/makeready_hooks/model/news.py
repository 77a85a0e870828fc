"""What observers are told: that something has happened, as it was then."""

from datetime import datetime
from decimal import Decimal

from msgspec import Struct


class OrderNews(Struct, frozen=True, kw_only=True):
    order_number: str
    """The shop's."""
    lines: tuple[int, ...]
    """The numbers of its lines that it is about; () if they cannot be read."""
    at: datetime
    reason: str = ""
    """For people; empty where none is needed."""
    mis_id: str = ""
    mis_number: str = ""
    """Of an order that the MIS has taken."""
    page: str = ""
    """Where people see the order; empty without pages, or as long as no public address is known."""


class ShipmentNews(Struct, frozen=True, kw_only=True):
    order_number: str
    lines: tuple[int, ...]
    tracking: str
    carrier: str
    at: datetime


class StockNews(Struct, frozen=True, kw_only=True):
    product_id: str
    """The MIS's."""
    on_hand: Decimal
    allocated: Decimal
    at: datetime


class PriceNews(Struct, frozen=True, kw_only=True):
    product: str
    """As the shop asked."""
    quantity: int
    total: Decimal | None = None
    """As the shop was told; None if it was given no price."""
    reason: str = ""
    """Then, for the buyer."""


class ImportNews(Struct, frozen=True, kw_only=True):
    number: int
    """Of the import."""
    site: str
    products: dict[str, int]
    """How many are in which state, such as *created*, *linked*, *failed*."""
    at: datetime


class AlertNews(Struct, frozen=True, kw_only=True):
    topic: str
    """The same for as long as it lasts."""
    title: str
    since: datetime
