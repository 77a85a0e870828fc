"""An order as the storefront knows it, and what was made of it in the MIS.

Money is `decimal.Decimal` in the shop's currency (`makeready_hooks.specs.currency`), in whole cents: a storefront's
connector rounds what it reads, and keeps the sums (`makeready_hooks.money.whole_units`). Moments are aware datetimes in UTC.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from makeready_hooks.model.ids import ShopId


class Address(Struct, frozen=True, kw_only=True):
    """A postal address. Empty or None: not given."""

    line1: str = ""
    line2: str | None = None
    line3: str | None = None
    city: str = ""
    region: str | None = None
    postcode: str = ""
    country: str = ""
    """As the storefront gives it: an ISO 3166 alpha-2 code or a name. The MIS's mapping decides."""


class Party(Struct, frozen=True, kw_only=True):
    """A person at an address: who pays, or who receives. Empty or None: not given."""

    first_name: str = ""
    last_name: str = ""
    business: str = ""
    email: str | None = None
    phone: str | None = None
    fax: str | None = None
    address: Address = Address()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Buyer(Struct, frozen=True, kw_only=True):
    """The user who ordered."""

    id: ShopId = ""
    """The storefront's id of the user; empty if it could not be learned."""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    department: str = ""
    external_id: str = ""
    """An id that the operator gave the user for other systems, often the MIS's customer code."""
    groups: tuple[str, ...] | None = None
    """Names of the user groups that the buyer is in; None if the storefront was not asked for them."""


class FileRole(StrEnum):
    """What a file of an order line is for."""

    ARTWORK = "artwork"
    PROOF = "proof"
    INSTRUCTION = "instruction"
    DELIVERY_NOTE = "delivery note"


class FileWay(StrEnum):
    """How an MIS gets a file."""

    LASTING_ADDRESS = "lasting address"
    """With its order, by an address at which it fetches the file when it likes, days later too."""
    ADDRESS = "address"
    """With its order, by an address at which it fetches the file at once, if at all."""
    UPLOAD = "upload"
    """After its order: the core fetches the bytes, and `makeready_hooks.specs.attach_asset` hands them over."""


class Artwork(Struct, frozen=True, kw_only=True):
    """A file that belongs to an order line."""

    file_name: str
    """With its extension, as the buyer uploaded it."""
    url: str
    """The same at each reading as long as the file is: it tells the files of a line apart. Of a shop that signs addresses
    anew each time, one that lasts.
    """
    role: FileRole = FileRole.ARTWORK
    way: FileWay = FileWay.ADDRESS
    """From a storefront: the best that the address is good for; each way that is declared after it can be taken as well.
    For an MIS: the way that was chosen for it, one of those that it takes."""
    size: int | None = None
    """In bytes; None if it is not known."""
    media_type: str = ""
    """``application/pdf``; empty if it is not known."""
    sha256: str = ""
    """Of its bytes, in lower-case hex; empty if it is not known. What is fetched is compared with it."""


class TakenFile(Struct, frozen=True, kw_only=True):
    """Files of this role are taken by an MIS in these ways, the one that it likes best first."""

    role: FileRole
    ways: tuple[FileWay, ...]


class Carriage(Struct, frozen=True, kw_only=True):
    """Who carries a line, and how, in the MIS's words."""

    carrier: str
    service: str = ""

    @property
    def text(self) -> str:
        """``DHL / Express``, as lists and settings have it."""
        return f"{self.carrier} / {self.service}" if self.service else self.carrier

    @classmethod
    def of(cls, text: str) -> "Carriage":
        carrier, _, service = text.partition(" / ")
        return cls(carrier=carrier.strip(), service=service.strip())


class OrderPart(Struct, frozen=True, kw_only=True):
    """A part of a kit."""

    part_number: str
    """The printer's of the part."""
    description: str
    quantity: int
    """Of the whole line, not of one kit; 0 for a part that the buyer left out."""
    net: Decimal = Decimal(0)
    """Price for that quantity, without tax; 0 if the shop prices the kit only."""


class OrderLine(Struct, frozen=True, kw_only=True):
    """An item of an order. Amounts are of the whole line."""

    number: int
    """Item number inside the order, from 1."""
    id: ShopId
    """The storefront's of the item."""
    product_id: ShopId = ""
    """The storefront's id of the product."""
    part_number: str
    """The printer's part number. It says whether the MIS makes this product, and which one it is."""
    description: str
    quantity: int
    """As the buyer counted it: pieces, or packs. In an `OrderRequest` as the MIS counts it."""
    pack_size: int = 1
    """Pieces in each of them."""
    net: Decimal | None
    """Price of the line, for the whole quantity, without tax and before its discount; None if the shop gives none.
    Such a line does not go to the MIS, nor one with an amount or a quantity below zero: it waits for a person."""
    discount: Decimal = Decimal(0)
    """Its share of what the shop took off, not below zero; not part of ``net``. 0 in an `OrderRequest`."""
    contradiction: str = ""
    """What the shop says of this line in two ways, for people. Such a line waits for a person."""
    tax: Decimal = Decimal(0)
    """On ``net``, as the shop has worked it out."""
    shipping_net: Decimal = Decimal(0)
    """Its share of shipping, without tax."""
    shipping_tax: Decimal = Decimal(0)
    """Tax on that share."""
    ship_to: Party = Party()
    required_on: date | None = None
    """The date that the buyer asks for, as the shop's pages have it; None if there is none."""
    approved: bool = False
    """The shop lets it be made: nobody has to agree any more."""
    denied: bool = False
    """An approver has said no: it is not wanted any more."""
    cancelled: bool = False
    """The stage that it is at says that it is not wanted any more."""
    stage_id: ShopId = ""
    """The storefront's id of the workflow stage; empty if it is not told."""
    stage: str = ""
    """Name of the workflow stage, as the printer sees it."""
    workflow_id: ShopId = ""
    """The storefront's id of the workflow; empty if it is not told."""
    shipping_method: str = ""
    """The storefront's name of how the buyer wants it sent."""
    carriage: Carriage | None = None
    """In an `OrderRequest`: what the settings make of that. None: the MIS decides."""
    options: str = ""
    """What the buyer chose, as people read it."""
    chosen: tuple[tuple[str, str], ...] = ()
    """The same as the pricing engine knows it: option id and value."""
    notes: str = ""
    """What the buyer or the staff wrote to this line."""
    files: tuple[Artwork, ...] = ()
    files_follow: bool = False
    """There may be more: they were not asked for before the order goes (`makeready_hooks.specs.read_order_details`)."""
    mis_number: str = ""
    """The mark that says the line was sent to the MIS; empty if there is none."""
    parts: tuple[OrderPart, ...] = ()
    """Of a kit."""

    @property
    def withdrawn(self) -> bool:
        """The shop does not want it any more."""
        return self.denied or self.cancelled

    @property
    def pieces(self) -> int:
        return self.quantity * self.pack_size


class OrderTotals(Struct, frozen=True, kw_only=True):
    """What the buyer saw below the order; None: the shop does not tell."""

    subtotal: Decimal | None = None
    """Of the lines, before discount, shipping and tax."""
    discount: Decimal | None = None
    """What was taken off, not below zero."""
    shipping: Decimal | None = None
    """Without tax."""
    tax: Decimal | None = None
    """On the lines and on shipping."""
    total: Decimal | None = None
    """To be paid."""


class Order(Struct, frozen=True, kw_only=True):
    """An order of a shop, as it is there now."""

    number: ShopId
    """As people know it. Two orders may have the same; ``id`` tells them apart."""
    id: ShopId
    """The storefront's own."""
    site: ShopId
    """Domain of the storefront."""
    account_id: ShopId
    """The storefront account's id."""
    placed_at: datetime
    """When the buyer ordered."""
    buyer: Buyer
    bill_to: Party
    po_number: str = ""
    """The buyer's own number of the purchase."""
    payment_method: str = ""
    """How the buyer pays, in the shop's words; empty if it is not told."""
    cost_centre: str = ""
    """Whom it is charged to at the buyer's; empty if it is not told."""
    currency: str = ""
    """Of all its amounts, ISO 4217; empty if the storefront does not say it of an order."""
    totals: OrderTotals = OrderTotals()
    lines: tuple[OrderLine, ...] = ()
    problem: str = ""
    """Why the storefront's answer about this order cannot be understood; then there are no lines. One
    such order does not hold up the others that were read with it."""
    document: bytes = b""
    """With a ``problem``: what the storefront answered about this order, as it came, for people to read."""


class OrderRef(Struct, frozen=True, kw_only=True):
    """An order to be read.

    A date, where known, lets a storefront answer for many at once: one that a search of these dates does not show may
    be left out, and is asked for again without its date.
    """

    number: ShopId
    """Of `Order.number`."""
    placed_at: datetime | None = None
    """When it was placed; None if that is not known."""


class OrderPage(Struct, frozen=True, kw_only=True):
    """Some orders of a period, each with all its lines. Two orders under one number are on one page."""

    orders: tuple[Order, ...]
    next: object = None
    """What asks for the page after it: whatever the connector likes, it is not looked into and not kept. None: this is
    the last."""
