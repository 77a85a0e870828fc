"""What observers are told: that something has happened, as it was then."""

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from makeready_hooks.model.ids import ShopId


class OrderNews(Struct, frozen=True, kw_only=True):
    """Something has happened to lines of an order."""

    order_number: ShopId
    """The shop's."""
    lines: tuple[int, ...]
    """The numbers of its lines that it is about; () if they cannot be read."""
    at: datetime
    """When it happened."""
    reason: str = ""
    """For people; empty where none is needed."""
    mis_id: str = ""
    """The MIS's id of an order that it has taken; empty if it has not."""
    mis_number: str = ""
    """Of an order that the MIS has taken."""
    page: str = ""
    """Where people see the order; empty without pages, or as long as no public address is known."""


class ShipmentNews(Struct, frozen=True, kw_only=True):
    """A parcel stands in the shop."""

    order_number: ShopId
    """The shop's."""
    lines: tuple[int, ...]
    """Numbers of the shop's items that show it."""
    tracking: str
    """The carrier's reference."""
    carrier: str
    at: datetime
    """When the shop showed it."""


class StockNews(Struct, frozen=True, kw_only=True):
    """The stock of a product is another one."""

    product_id: str
    """The MIS's."""
    on_hand: Decimal
    """What is on the shelf now."""
    allocated: Decimal
    """How much of that is promised to orders."""
    at: datetime
    """When it was read."""


class PriceNews(Struct, frozen=True, kw_only=True):
    """A shop was answered what a product costs, or why there is no price."""

    product: str
    """As the shop asked."""
    quantity: int
    """As the shop asked: pieces, or packs."""
    total: Decimal | None = None
    """As the shop was told; None if it was given no price."""
    reason: str = ""
    """Then, for the buyer."""


class ImportNews(Struct, frozen=True, kw_only=True):
    """An import has ended."""

    number: int
    """Of the import."""
    site: ShopId
    """Domain of the storefront."""
    products: dict[str, int]
    """How many are in which state, such as *created*, *linked*, *failed*."""
    at: datetime
    """When it ended."""


class AlertNews(Struct, frozen=True, kw_only=True):
    """Something is wrong that no single order is about."""

    topic: str
    """The same for as long as it lasts."""
    title: str
    """For people, in a sentence."""
    since: datetime
    """When it began."""
