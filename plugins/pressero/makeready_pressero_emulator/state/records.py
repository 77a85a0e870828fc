"""What the shop keeps. Money is Decimal, moments are UTC without a zone, ids are GUID strings.

A Struct with ``rename="pascal"`` has the very members that the API shows; the others are translated
in the module that answers.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

from makeready_pressero_emulator.state.webhooks import Delivery, Webhook


class Subscriber(Struct, kw_only=True):
    """The print provider's account, and its one API user."""

    subscriber_id: str
    consumer_id: str
    user_name: str
    password: str
    weight_unit: str = "lb"


class Site(Struct, kw_only=True):
    site_id: str
    name: str
    domain: str
    culture: str = "en-US"
    head_html: str = ""
    """HTML for the bottom of ``<head>`` of every page of the site."""
    mis_id: str | None = None


class Group(Struct, kw_only=True):
    group_id: str
    site_id: str
    name: str
    everyone: bool = False
    """True for the built-in group that every visitor belongs to."""


class Category(Struct, kw_only=True):
    category_id: str
    site_id: str
    name: str
    url_name: str


class Address(Struct, kw_only=True, rename="pascal"):
    address_id: str = ""
    business: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    address1: str | None = None
    address2: str | None = None
    address3: str | None = None
    city: str | None = None
    state_province: str | None = None
    postal: str | None = None
    country: str | None = None
    phone: str | None = None
    fax: str | None = None
    email: str | None = None
    default_ship_method: str | None = None
    contact_id: str | None = None
    vat: str | None = None


class User(Struct, kw_only=True):
    """A buyer of one site, or (``site_id`` None) an admin user."""

    user_id: str
    site_id: str | None
    first_name: str
    last_name: str
    email: str
    group_ids: list[str] = field(default_factory=list)
    department: str | None = None
    external_id: str | None = None
    is_active: bool = True
    is_deleted: bool = False
    addresses: list[Address] = field(default_factory=list)
    preferred_address_id: str | None = None


class PriceBreak(Struct, kw_only=True, rename="pascal"):
    min_qty: int
    max_qty: int
    unit_price: Decimal


class Calculator(Struct, kw_only=True):
    """A pricing engine. With a URL it is an external service, else it prices by breaks."""

    calculator_id: str
    name: str
    method: int = 0
    is_active: bool = True
    url: str | None = None
    user_name: str | None = None
    access_token: str | None = None
    breaks: list[PriceBreak] = field(default_factory=list)
    unit_weight: Decimal = Decimal(0)
    uoms: list[dict[str, Any]] = field(default_factory=list)


class Pairing(Struct, kw_only=True):
    """A site group and the engine that prices for it."""

    group_id: str
    calculator_id: str
    priority: int
    configuration: Any = None
    """The setting of the pair: for an external engine the MIS Product ID."""


class Markup(Struct, kw_only=True, rename="pascal"):
    min_qty: int
    max_qty: int
    markup: Decimal
    """Percent."""


class FileUpload(Struct, kw_only=True, rename="pascal"):
    name: str
    required: bool = False


class KitPart(Struct, kw_only=True):
    """A part of a kit; of an ordered one, with the quantity that was ordered."""

    part_number: str
    name: str
    quantity: int = 1


class Product(Struct, kw_only=True):
    product_id: str
    site_id: str
    name: str
    url_name: str
    part_number: str = ""
    public_part_number: str | None = None
    mis_id: str | None = None
    short_description: str | None = None
    long_description: str | None = None
    location_notes: str | None = None
    image_url: str | None = None
    image: bytes = b""
    """The picture as it was fetched from ``image_url``."""
    is_active: bool = True
    is_deleted: bool = False
    workflow_id: str = ""
    stock_id: str | None = None
    vendor_id: str | None = None
    vendor_gets_non_markup_price: bool = False
    is_back_ordering_allowed: bool = False
    days_to_ship_in_stock: int = 0
    days_to_ship_out_stock: int = 0
    allowed_group_ids: list[str] = field(default_factory=list)
    pairings: list[Pairing] = field(default_factory=list)
    markups: list[Markup] = field(default_factory=list)
    attributes: list[dict[str, Any]] = field(default_factory=list)
    category_ids: list[str] = field(default_factory=list)
    uploads: list[FileUpload] = field(default_factory=list)
    kit: list[KitPart] = field(default_factory=list)
    """What one kit holds."""


class Transaction(Struct, kw_only=True, rename="pascal"):
    transaction_id: str
    date: datetime
    type: str
    total_quantity: int
    notes: str | None = None


class Stock(Struct, kw_only=True):
    stock_id: str
    site_id: str
    name: str
    level: int = 0
    reorder_point: int = 0
    per_item_cost: Decimal = Decimal(0)
    transactions: list[Transaction] = field(default_factory=list)


class Stage(Struct, kw_only=True, rename="pascal"):
    workflow_stage_id: str
    seq: int
    printer_stage: str
    customer_stage: str
    description: str | None = None


class Workflow(Struct, kw_only=True):
    workflow_id: str
    description: str
    stages: list[Stage] = field(default_factory=list)


class ShippingMethod(Struct, kw_only=True):
    shipping_method_id: str
    name: str
    carrier: str = ""
    min_charge: Decimal = Decimal(0)
    per_weight: Decimal = Decimal(0)
    """Cost per unit of weight above the minimum charge."""
    is_active: bool = True
    mis_id: str | None = None


class StoredFile(Struct, kw_only=True):
    """A file of an item: kept here, or lying at an address that a replayed order gave."""

    file_name: str
    url: str
    content: bytes = b""
    kind: str = ""
    """What it is for; empty for artwork, and then not shown."""
    available_at: datetime


class StageChange(Struct, kw_only=True):
    workflow_stage_id: str
    at: datetime
    notes: str | None = None


class Shipment(Struct, kw_only=True, rename="pascal"):
    shipment_id: str
    order_id: str
    order_item_id: str
    ship_date: str | None = None
    ship_method: str | None = None
    ship_tracking: str | None = None
    ship_cost: Decimal = Decimal(0)
    quantity: int | UnsetType = UNSET
    """Of a part of the item. The name is assumed; a record of a whole item has none, as those that are seen."""
    integration_id: str | None = field(default=None, name="IntegrationID")


class Shadow(Struct, kw_only=True):
    """A value that stale reads still show."""

    value: Any
    until: datetime


class OrderItem(Struct, kw_only=True):
    order_item_id: str
    number: int
    product_id: str
    name: str
    quantity: int
    price: Decimal
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)
    options: list[dict[str, Any]] = field(default_factory=list)
    ship_to: Address
    shipping_method: str | None = None
    notes: str | None = None
    attributes: list[dict[str, Any]] = field(default_factory=list)
    is_approved: bool = True
    is_denied: bool = False
    approved_at: datetime | None = None
    workflow_stage_id: str
    history: list[StageChange] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    job_id: str | None = None
    job_number: str | None = None
    mis_id: str | None = None
    order_item_mis_id: str | None = None
    kit: list[KitPart] = field(default_factory=list)
    edits: dict[str, Any] = field(default_factory=dict)
    """Members that calls show instead of what the shop would."""
    shadows: dict[str, Shadow] = field(default_factory=dict)


class Payment(Struct, kw_only=True, rename="pascal"):
    payment_id: str
    payment_method: str
    amount: Decimal
    date: datetime


class Order(Struct, kw_only=True):
    order_id: str
    number: int
    site_id: str
    user_id: str
    ordered_at: datetime
    requested_ship_date: date | None = None
    po_number: str | None = None
    notes: str | None = None
    bill_to: Address
    is_paid: bool = False
    items: list[OrderItem] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    visible: bool = True
    """False while a shop with a page of pending carts has not made an order of it."""


class CartItem(Struct, kw_only=True):
    item_id: str
    product_id: str
    name: str
    quantity: int
    options: list[dict[str, Any]] = field(default_factory=list)
    price: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)
    notes: str | None = None
    ship_to: str | None = None
    shipping_method: str | None = None
    files: list[StoredFile] = field(default_factory=list)


class Cart(Struct, kw_only=True):
    cart_id: str
    site_id: str
    user_id: str
    items: list[CartItem] = field(default_factory=list)


class Asset(Struct, kw_only=True, rename="pascal"):
    asset_id: str
    subscriber_id: str
    name: str
    description: str | None = None
    path: str | None = None
    user_downloadable: bool = True
    is_local: bool = False
    asset_type: str = "2"
    asset_usage: str = "Product"
    group_id: str | None = None
    product_id: str | None = None
    asset_category_id: str | None = None
    thumbnail_path: str | None = None
    site_id: str | None = None


class Shop(Struct, kw_only=True):
    """All that one subscriber has. The whole state of the emulator."""

    subscriber: Subscriber
    next_order_number: int
    ids_given: int = 0
    sites: dict[str, Site] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    calculators: dict[str, Calculator] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    stocks: dict[str, Stock] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    shipping_methods: dict[str, ShippingMethod] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    namesakes: dict[int, list[Order]] = field(default_factory=dict)
    """Younger orders under a number that is taken."""
    carts: dict[str, Cart] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)

    def orders_under(self, number: str) -> list[Order]:
        """Those of a number, the oldest first: one, or none, unless the shop gives numbers twice."""
        first = self.orders.get(int(number)) if number.isdecimal() and len(number) < 16 else None
        return [first, *self.namesakes.get(first.number, ())] if first else []

    def all_orders(self) -> Iterator[Order]:
        return chain(self.orders.values(), *self.namesakes.values())
