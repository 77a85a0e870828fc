"""Tharstern's shapes on the wire.

What we send has exactly the members of the published sample, in its order. What we read may have
members that nobody told us about: they are kept.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

MAX_DIGITS = 18
ZERO = Decimal(0)

_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(body: Any) -> bytes:
    """JSON with exact decimal numbers: money is a bare number there (seen)."""
    return _encoder.encode(body)


class Address(Struct, frozen=True, kw_only=True, rename="pascal"):
    address_line1: str | None
    address_line2: str | None
    address_line3: str | None
    city: str | None
    region: str | None
    country: str | None
    postcode: str | None
    telephone: str | None
    fax: str | None


class Customer(Struct, frozen=True, kw_only=True, rename="pascal"):
    code: str
    name: str
    address: Address
    contact: str
    contact_email: str | None


class DeliveryAddress(Struct, frozen=True, kw_only=True, rename="pascal"):
    name: str
    address: Address
    contact: str
    contact_email: str | None


class Value(Struct, frozen=True, kw_only=True, rename="pascal"):
    net: Decimal
    tax: Decimal


class TaxDetails(Struct, frozen=True, kw_only=True, rename="pascal"):
    rate: Decimal


class ShippingValue(Struct, frozen=True, kw_only=True, rename="pascal"):
    net: Decimal
    tax: Decimal
    tax_details: TaxDetails


class Shipping(Struct, frozen=True, kw_only=True, rename="pascal"):
    value: ShippingValue


class Visibility(Struct, frozen=True, kw_only=True):
    """Which of Tharstern's modules show a file. All do in the published sample."""

    idc: bool = field(name="IDC", default=True)
    e4_print: bool = field(name="E4Print", default=True)
    print_management: bool = field(name="PrintManagement", default=True)
    job_watch: bool = field(name="JobWatch", default=True)
    portal: bool = field(name="Portal", default=True)


class Asset(Struct, frozen=True, kw_only=True):
    filename: str = field(name="Filename")
    is_content: bool = field(name="IsContent", default=True)
    content_url: str = field(name="Content_URL")
    visibility: Visibility = field(name="Visibility", default=Visibility())


class Assets(Struct, frozen=True, kw_only=True, rename="pascal"):
    items: tuple[Asset, ...]


class Item(Struct, frozen=True, kw_only=True, rename="pascal"):
    stock_item_id: str = field(name="StockItemID")
    stock_item_code: str
    description: str
    quantity: int
    value: Value
    required_date: str
    ref1: str
    ref2: str
    delivery_address: DeliveryAddress
    chili_document_id: str = field(name="ChiliDocumentID")
    metadata: tuple[str, ...] = ()
    assets: Assets


class Order(Struct, frozen=True, kw_only=True, rename="pascal"):
    company_id: str | UnsetType = field(name="CompanyID", default=UNSET)
    unique_submit_order_id: str = field(name="UniqueSubmitOrderID")
    invoice_customer: Customer
    delivery_customer: Customer
    required_date: str
    order_date: str
    shipping: Shipping
    items: tuple[Item, ...]


ITEM = "Items."
"""Before the name of a member that each item has."""
TAKEN = {one.encode_name for one in msgspec.structs.fields(Order)} | {
    ITEM + one.encode_name for one in msgspec.structs.fields(Item) if one.name != "ref1"
}
"""Members of a submission that have a meaning of their own."""


class CustomerPrice(Struct, frozen=True, kw_only=True):
    """A product's prices for one customer."""

    customer: str
    price: Decimal | None
    breaks: tuple[tuple[int, Decimal], ...]


class Product(Struct, frozen=True, kw_only=True):
    """A product as read, by the member names of the assumptions; ``extra`` keeps all members."""

    id: str
    type_id: int
    code: str
    name: str
    kind: str | None
    price: Decimal | None
    breaks: tuple[tuple[int, Decimal], ...]
    customer_prices: tuple[CustomerPrice, ...]
    on_hand: Decimal | None
    allocated: Decimal
    weight_kg: Decimal | None
    extra: dict[str, Any]


class SubmittedOrder(Struct, frozen=True, kw_only=True):
    """An order as a submission's reply or a list shows it: ID 0 is a refusal, the text says why (seen)."""

    id: int
    number: str
    status_details: str
    status: str = ""
    extra: dict[str, Any] = {}


class Estimate(Struct, frozen=True, kw_only=True):
    id: str
    ref: str
    title: str
    total: Decimal | None
    """None if the estimate shows no price."""
    extra: dict[str, Any]


class Job(Struct, frozen=True, kw_only=True):
    id: str
    number: str
    status: str
    extra: dict[str, Any]


def estimate_from(item: dict[str, Any], price_member: str) -> Estimate:
    return Estimate(
        id=str(item.get("ID") or ""),
        ref=str(item.get("EstimateRef") or ""),
        title=str(item.get("Title") or ""),
        total=decimal_or_none(item.get(price_member)),
        extra=item,
    )


def job_from(item: dict[str, Any], status_member: str) -> Job:
    return Job(
        id=str(item.get("ID") or ""),
        number=str(item.get("JobNo") or ""),
        status=str(item.get(status_member) or ""),
        extra=item,
    )


def is_id(text: str) -> bool:
    """Ids are integers there: anything else is answered with an error, not with *there is none*."""
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS


def whole_or_none(value: Any) -> int | None:
    """A whole number, also as a text or as 2.0; None for anything else."""
    number = decimal_or_none(value)
    return int(number) if number is not None and number == int(number) else None


def day_or_none(value: Any) -> date | None:
    """The day of a date, with or without a time; None for anything else, and for .NET's *no date*."""
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return day if day.year > 1 else None


def decimal_or_none(value: Any) -> Decimal | None:
    """A number, also as a text; None for anything else, and for what is far too big to be meant."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() and number.adjusted() < MAX_DIGITS else None
