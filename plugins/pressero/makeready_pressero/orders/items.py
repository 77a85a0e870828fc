"""An order item as Pressero's search returns it: flat, and spelt as it is spelt there."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

Members = dict[str, Any]


class OrderItem(Struct, frozen=True, kw_only=True, rename="pascal"):
    """The members that are used (all seen), read leniently; every other one is kept in ``extra``."""

    order_id: str
    order_number: int
    order_item_id: str
    order_item_number: int
    order_item_seq: int
    order_date: datetime | None
    domain: str

    product: Members
    product_name: str
    item_name: str
    printer_part_number: str
    order_item_options_text: str
    pricing_engine_info: str
    quantity: int
    uom_quantity: int = field(name="UOMQuantity")
    total_quantity: int
    item_notes: str

    price: Decimal | None
    """None where the shop gives none: that is not a price of 0."""
    item_tax: Decimal
    shipping: Decimal
    order_subtotal: Decimal | None
    order_discount: Decimal | None
    order_shipping: Decimal | None
    order_tax: Decimal | None
    order_total: Decimal | None
    """The last five are the order's, the same on each of its items."""

    ordered_by_first_name: str
    ordered_by_last_name: str
    ordered_by_email: str
    ordered_by_department: str
    po_number: str = field(name="PONumber")

    bill_to_first_name: str
    bill_to_last_name: str
    bill_to_business: str
    bill_to_address1: str
    bill_to_address2: str
    bill_to_address3: str
    bill_to_city: str
    bill_to_postal: str
    bill_to_state_province: str = field(name="BilltoStateProvince")  # the small t is theirs
    bill_to_country: str
    bill_to_phone: str
    bill_to_email: str

    ship_to_first_name: str
    ship_to_last_name: str
    ship_to_business: str
    ship_to_address1: str
    ship_to_address2: str
    ship_to_address3: str
    ship_to_city: str
    ship_to_postal: str
    ship_to_state_province: str = field(name="ShiptoStateProvince")  # and here
    ship_to_country: str
    ship_to_phone: str

    requested_ship_date: date | None
    is_approved: bool
    is_denied: bool
    workflow_id: str
    workflow_stage_id: str
    workflow_stage_printer: str
    mis_id: str
    shipping_method: str

    extra: Members
    """Members that nobody told us about, as they came."""
