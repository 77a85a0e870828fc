"""What a Tharstern site keeps: one record type per table. Names are ours; the wire has its own.

Money and quantities on the shelf are `Decimal`; no currency is ever named (S1). Dates are kept as
text in the form in which the API echoes them: ISO 8601 without a zone.
"""

from decimal import Decimal
from typing import Any

from msgspec import Struct, field


class Record(Struct, kw_only=True):
    """A row of a table. ``id`` is the integer that the API calls ``ID``."""

    id: int


class Login(Record, kw_only=True):
    email: str
    password: str
    application_ids: list[str] = field(default_factory=list)
    """Labels that this login may use; empty: any label that is not blank."""


class PriceBreak(Struct, kw_only=True):
    """The unit price from a quantity on."""

    quantity: int
    price: Decimal


class Product(Record, kw_only=True):
    """A product and a stock item: the same record (seen S1, S3)."""

    code: str
    description: str
    product_type: int = 0
    """Above 0: made to order through an estimate of that type. 0: a static price (seen S5a)."""
    stock_type: str = "Finished"
    """``Finished`` and ``None`` can be sold; parts and processes come back as well (seen S5e)."""
    price: Decimal | None = None
    price_breaks: list[PriceBreak] = field(default_factory=list)
    customer_prices: dict[str, Decimal] = field(default_factory=dict)
    in_stock: Decimal = Decimal(0)
    allocated: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)
    """Kilograms of one."""
    customers: list[str] = field(default_factory=list)
    """Customer codes that see it; empty: all."""


class Paper(Struct, kw_only=True):
    code: str
    gsm: int
    factor: Decimal = Decimal(1)
    """What the price of one piece is multiplied by."""


class Part(Struct, kw_only=True):
    """A part of a product type: what ``ProductTypePartId`` of a request points to (seen S4)."""

    id: int
    name: str
    pages: int = 2
    papers: list[Paper] = field(default_factory=list)


class Process(Struct, kw_only=True):
    id: int
    name: str
    setup: Decimal = Decimal(0)
    unit_price: Decimal = Decimal(0)


class ProductType(Record, kw_only=True):
    """How a made-to-order product is estimated: setup plus a price per piece."""

    name: str
    quantity: int = 500
    """What the example request asks for."""
    size: str = "A4"
    setup: Decimal = Decimal(0)
    unit_price: Decimal = Decimal(0)
    can_be_estimated: bool = True
    """False: a work type that the API cannot estimate (seen S5b)."""
    parts: list[Part] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)


class Customer(Record, kw_only=True):
    code: str
    name: str
    email: str = ""
    on_stop: bool = False
    """Orders of a customer on stop are refused (seen as text in S2's field, ID 0)."""


class Contact(Record, kw_only=True):
    customer_code: str
    name: str
    email: str = ""
    telephone: str = ""
    mobile: str = ""


class Place(Record, kw_only=True):
    """A delivery address of a customer, as ``address/create`` makes it."""

    customer_code: str
    code: str
    name: str
    address: dict[str, Any]
    contact: str = ""
    contact_email: str = ""


class Estimate(Record, kw_only=True):
    ref: str
    title: str
    product_type: int
    quantity: int
    total_price: Decimal
    request: dict[str, Any]
    """The request as it came, to be copied by a new estimate from this one."""


class OrderLine(Struct, kw_only=True):
    stock_item_id: int
    description: str
    quantity: int
    estimate_id: int | None = None
    net: Decimal | None = None
    """None: no price was sent, the site's own applies (seen S5e)."""
    tax: Decimal | None = None
    ref1: str = ""
    ref2: str = ""
    required_date: str = ""
    delivery_name: str = ""
    delivery_address: dict[str, Any] = field(default_factory=dict)


class Order(Record, kw_only=True):
    number: str
    unique_id: str
    """``UniqueSubmitOrderID``, chosen by the client."""
    company_id: str = ""
    customer_code: str
    customer_name: str = ""
    customer_address: dict[str, Any] = field(default_factory=dict)
    delivery_name: str = ""
    delivery_address: dict[str, Any] = field(default_factory=dict)
    required_date: str
    order_date: str
    ref1: str = ""
    ref2: str = ""
    shipping_net: Decimal = Decimal(0)
    shipping_tax: Decimal = Decimal(0)
    status: str = "Received"
    lines: list[OrderLine]
    saved_at: float = 0.0
    """Clock time in seconds since the epoch."""


class File(Record, kw_only=True):
    """An artwork or a document, and what became of it."""

    owner: str
    """``order:30001``, ``estimate:88213``, ``job:52001``."""
    line: int | None = None
    """Order line from 1; None: the whole record."""
    name: str
    url: str = ""
    """Where it was fetched from; empty: it came inside a request."""
    fetched: bool = False
    bytes: int = 0
    sha256: str = ""
    error: str = ""
    """Why it was not fetched. Empty while it is on its way."""


class Job(Record, kw_only=True):
    number: str
    title: str
    quantity: int
    status: str = "Created"
    estimate_id: int | None = None
    order_id: int | None = None
    ref1: str = ""
    ref2: str = ""
    production_ready: bool = False
    in_workflow: bool = False
    required_date: str = ""


class Delivery(Record, kw_only=True):
    """A delivery note, planned (a pre-delivery) or on its way."""

    job_id: int | None = None
    order_id: int | None = None
    quantity: int = 0
    place: str = ""
    address: dict[str, Any] = field(default_factory=dict)
    status: str = "Planned"
    carrier: str = ""
    tracking: str = ""
    """The carrier's reference of the consignment."""
    left_at: str = ""
    """When it left, without a zone; empty while it is planned."""


class Note(Record, kw_only=True):
    module: int
    """1 an estimate, 2 a job (seen S4, for attachments)."""
    record_no: str
    text: str
    priority: bool = False


class Received(Record, kw_only=True):
    """The body of one order submission, byte for byte."""

    body: bytes
