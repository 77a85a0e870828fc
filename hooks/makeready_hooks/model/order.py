"""An order as the storefront knows it, and what was made of it in the MIS.

Money is `decimal.Decimal` in the shop's currency (`makeready_hooks.specs.currency`), in whole cents: a storefront's
connector rounds what it reads, and keeps the sums (`makeready_hooks.money.whole_units`). Moments are aware datetimes in UTC.
"""

import hashlib
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from makeready_hooks.model.product import Count


class Address(Struct, frozen=True, kw_only=True):
    line1: str = ""
    line2: str | None = None
    line3: str | None = None
    city: str = ""
    region: str | None = None
    postcode: str = ""
    country: str = ""
    """As the storefront gives it: an ISO 3166 alpha-2 code or a name. The MIS's mapping decides."""


class Party(Struct, frozen=True, kw_only=True):
    """A person at an address: who pays, or who receives."""

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

    id: str = ""
    """The storefront's id of the user; empty if it could not be learned."""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    department: str = ""
    external_id: str = ""
    """An id that the operator gave the user for other systems, often the MIS's customer code."""
    groups: tuple[str, ...] | None = None
    """Names of the user groups that the buyer is in; None if the storefront was not asked for them."""


class Artwork(Struct, frozen=True, kw_only=True):
    """A file that belongs to an order line."""

    file_name: str
    """With its extension, as the buyer uploaded it."""
    url: str


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
    description: str
    quantity: int
    """Of the whole line, not of one kit; 0 for a part that the buyer left out."""
    net: Decimal = Decimal(0)
    """Price for that quantity, without tax; 0 if the shop prices the kit only."""


class OrderLine(Struct, frozen=True, kw_only=True):
    number: int
    """Item number inside the order, from 1."""
    id: str
    product_id: str = ""
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
    shipping_net: Decimal = Decimal(0)
    shipping_tax: Decimal = Decimal(0)
    ship_to: Party = Party()
    required_on: date | None = None
    approved: bool = False
    denied: bool = False
    cancelled: bool = False
    """The stage that it is at says that it is not wanted any more."""
    stage_id: str = ""
    stage: str = ""
    """Name of the workflow stage, as the printer sees it."""
    workflow_id: str = ""
    shipping_method: str = ""
    """The storefront's name of how the buyer wants it sent."""
    carriage: Carriage | None = None
    """In an `OrderRequest`: what the settings make of that. None: the MIS decides."""
    options: str = ""
    """What the buyer chose, as people read it."""
    chosen: tuple[tuple[str, str], ...] = ()
    """The same as the pricing engine knows it: option id and value."""
    notes: str = ""
    files: tuple[Artwork, ...] = ()
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
    tax: Decimal | None = None
    total: Decimal | None = None
    """To be paid."""


class Order(Struct, frozen=True, kw_only=True):
    number: str
    id: str
    site: str
    """Domain of the storefront."""
    account_id: str
    """The storefront account's id."""
    placed_at: datetime
    buyer: Buyer
    bill_to: Party
    po_number: str = ""
    """The buyer's own number of the purchase."""
    payment_method: str = ""
    cost_centre: str = ""
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

    number: str
    placed_at: datetime | None = None


class OrderPage(Struct, frozen=True, kw_only=True):
    """Some orders of a period, each with all its lines. Two orders under one number are on one page."""

    orders: tuple[Order, ...]
    next: object = None
    """What asks for the page after it: whatever the connector likes, it is not looked into and not kept. None: this is
    the last."""


class ResolvedId(Struct, frozen=True, kw_only=True):
    """Something of an order under the MIS's own id. It is kept with the submission."""

    kind: str
    """What it is, as people call it: ``customer``, ``address``, ``carrier``."""
    id: str
    text: str
    """By which rule it was found or made, for people: *found by the e-mail address ada@…*."""


class OrderRequest(Struct, frozen=True, kw_only=True):
    """What the core asks an MIS connector to map: these lines, as one MIS order.

    A kit's parts are lines here, of the same number.
    """

    key: str
    """Idempotency key, the same over all attempts: ``6994-1``."""
    order: Order
    """With the lines to be sent, and no others."""
    product_ids: tuple[str, ...]
    """The MIS's product id of each line, in the lines' order."""
    estimates: tuple[str, ...] = ()
    """The MIS's estimate that each line was priced by, in the lines' order, "" for none. Empty: there is none."""
    resolved: tuple[ResolvedId, ...] = ()
    """As `makeready_hooks.specs.resolve_ids` answered; without what is not there yet, where nothing is made for it."""
    note: str = ""
    """What people at the MIS have to know of this order, besides its members. A connector whose MIS has no place for
    it raises Refused."""

    @property
    def consignments(self) -> tuple["Consignment", ...]:
        """What goes to one address in one way goes together, in the lines' order; a discount goes nowhere."""
        rows: dict[tuple[Party, Carriage | None], list[int]] = {}
        for row, line in enumerate(self.order.lines):
            if line.net is None or line.net >= 0:
                rows.setdefault((line.ship_to, line.carriage), []).append(row)
        return tuple(
            Consignment(ship_to=to, carriage=by, rows=tuple(some)) for (to, by), some in rows.items()
        )


class Consignment(Struct, frozen=True, kw_only=True):
    """Lines of an order that go together, each with its whole quantity."""

    ship_to: Party
    carriage: Carriage | None = None
    rows: tuple[int, ...]
    """Places in the lines of the `OrderRequest`, from 0."""


class MisLine(Struct, frozen=True, kw_only=True):
    """A line of an order in the MIS."""

    product_id: str
    quantity: Count
    """An order that was not sent by us may have parts of one."""


class OrderContents(Struct, frozen=True, kw_only=True):
    """What an order in the MIS is about, to be compared. Empty or None: not told."""

    customer: str = ""
    """Its code in the MIS."""
    customer_name: str = ""
    """Of whom it is invoiced to."""
    required_on: date | None = None
    """The first day on which something of it is to be there."""
    lines: tuple[MisLine, ...] | None = None
    total: Decimal | None = None
    """Of the lines, without tax."""
    shipping: Decimal | None = None
    tax: Decimal | None = None
    """Of the lines and of the shipping."""


class Origin(Struct, frozen=True, kw_only=True):
    """Where something in a submission comes from, for the person who reads that the MIS refuses it."""

    value: str
    """As it would stand in the MIS's words."""
    text: str
    """*The customer code 87cd is the shop's id of the buyer.*"""
    setting: str = ""
    """Of the connector, that says so: ``customer_code_rule``."""


class BegunOrder(Struct, frozen=True, kw_only=True):
    """What an MIS that takes an order in several steps has of one whose last step was not done, such as a draft. It is no
    order yet."""

    id: str
    """The MIS's."""
    payload_hash: str = ""
    """`PreparedOrder.payload_hash` of what it was made from; empty if the MIS does not show it."""


class PreparedOrder(Struct, frozen=True, kw_only=True):
    """A submission, ready to leave. It is stored, with its hash, before it does."""

    key: str
    payload: bytes
    attempt: int = 1
    """Which attempt under this key it is, as the core counts. Earlier ones may have been of other content."""
    begun: BegunOrder | None = None
    """What was found of an earlier attempt. It is gone on with only if it `is_of_this`."""
    contents: OrderContents = OrderContents()
    """What the payload says, to be compared with an order that the MIS has under this key."""
    origins: tuple[Origin, ...] = ()
    """Of what an MIS may refuse. A refusal that names such a value tells where it comes from."""
    deadline_s: float = 60.0
    """How long `submit_order` may last, with all its calls. Until this and a margin are over, an order that is not found in
    the MIS may still appear there."""

    @property
    def payload_hash(self) -> str:
        """A digest of its content: an MIS that keeps it with what was begun tells a stale draft from this one."""
        return hashlib.sha256(self.payload).hexdigest()

    @property
    def is_of_this(self) -> bool:
        """Whether what was begun has this very content, so that the next step may be done on it."""
        return self.begun is not None and self.begun.payload_hash == self.payload_hash


class AcceptedOrder(Struct, frozen=True, kw_only=True):
    """What the MIS made of it."""

    id: str
    """Never "0": an MIS that answers with a zero has refused."""
    number: str = ""
    """The number that people use; empty if the MIS did not say."""

    @property
    def label(self) -> str:
        return self.number or self.id


class MisOrder(AcceptedOrder, frozen=True, kw_only=True):
    """An order as the MIS shows it, as far as it does."""

    key: str = ""
    """Ours, if it was sent by us; empty if the MIS does not show it."""
    status: str = ""
    contents: OrderContents = OrderContents()


class FindResult(Struct, frozen=True, kw_only=True):
    """The answer to: is there an order with our key? Exactly one of four."""

    order: MisOrder | None = None
    """It is there."""
    begun: BegunOrder | None = None
    """It is there, but unfinished: steps are left to be done."""
    certain: bool = False
    """With neither: True for *not there*, False for *this MIS cannot tell*."""
    others: tuple[MisOrder, ...] = ()
    """Further orders with the same key: there should be none."""


class FoundChange(Struct, frozen=True, kw_only=True):
    """The answer to: is an order in the MIS changed, or cancelled, as it was asked for?"""

    done: bool
    """False: it certainly is not."""
    words: str = ""
    """What the MIS says of it, in its words; empty if it does not."""
