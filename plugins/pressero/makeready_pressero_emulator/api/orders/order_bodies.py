"""The body of an order create: camel-case keys, flat addresses (seen from a client in production)."""

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.shop.order_life import ItemDraft, OrderDraft
from makeready_pressero_emulator.state import clock
from makeready_pressero_emulator.state.records import Address, Product, Site, User
from makeready_pressero_emulator.wire.answers import invalid
from makeready_pressero_emulator.wire.members import squashed


class Processing(Struct, frozen=True, rename=squashed):
    need_to_apply_approvals: bool = False
    need_to_generate_notifications: bool = False


class AttributeBody(Struct, frozen=True, rename=squashed):
    attribute_name: str
    attribute_value: str | int | float | None = None


class ItemBody(Struct, frozen=True, rename=squashed):
    product_id: str
    quantity: int
    price: Decimal | None = None
    job_number: str | int | None = None
    tax: Decimal | None = None
    discount: Decimal | None = None
    shipping: Decimal | None = None
    weight: Decimal | None = None
    item_notes: str | None = None
    ship_method_name: str | None = None
    ship_to_address_id: str | None = None
    ship_to_title: str | None = None
    ship_to_business_name: str | None = None
    ship_to_first_name: str | None = None
    ship_to_last_name: str | None = None
    ship_to_address1: str | None = None
    ship_to_address2: str | None = None
    ship_to_address3: str | None = None
    ship_to_city: str | None = None
    ship_to_state: str | None = None
    ship_to_postal: str | None = None
    ship_to_country: str | None = None
    ship_to_phone: str | None = None
    ship_to_fax: str | None = None
    ship_to_email: str | None = None
    attributes: list[AttributeBody] | None = None


class OrderBody(Struct, frozen=True, rename=squashed):
    site_id: str
    user_id: str
    items: list[ItemBody]
    notes: str | None = None
    is_paid: bool | None = None
    requested_ship_date: str | None = None
    po_number: str | None = None
    payment_method: str | None = None
    processing_options: Processing | None = None
    bill_to_address_id: str | None = None
    bill_to_title: str | None = None
    bill_to_business_name: str | None = None
    bill_to_first_name: str | None = None
    bill_to_last_name: str | None = None
    bill_to_address1: str | None = None
    bill_to_address2: str | None = None
    bill_to_address3: str | None = None
    bill_to_city: str | None = None
    bill_to_state: str | None = None
    bill_to_postal: str | None = None
    bill_to_country: str | None = None
    bill_to_phone: str | None = None
    bill_to_fax: str | None = None
    bill_to_email: str | None = None


_PARTS = {
    "title": "title",
    "business_name": "business",
    "first_name": "first_name",
    "last_name": "last_name",
    "address1": "address1",
    "address2": "address2",
    "address3": "address3",
    "city": "city",
    "state": "state_province",
    "postal": "postal",
    "country": "country",
    "phone": "phone",
    "fax": "fax",
    "email": "email",
}


def draft_of(call: Call, body: OrderBody) -> OrderDraft:
    """Raises ApiError: 404 for an unknown site, 400 for anything else that does not exist."""
    site = call.world.site(body.site_id)
    user = _user(call, site, body.user_id)
    options = body.processing_options or Processing()
    return OrderDraft(
        site=site,
        user=user,
        bill_to=_address(user, body, "bill_to"),
        items=tuple(_item(call, site, user, item) for item in body.items),
        needs_approval=options.need_to_apply_approvals,
        po_number=body.po_number,
        notes=body.notes,
        requested_ship_date=_day(body.requested_ship_date),
        is_paid=bool(body.is_paid),
        payment_method=body.payment_method,
    )


def _item(call: Call, site: Site, user: User, body: ItemBody) -> ItemDraft:
    return ItemDraft(
        product=_product(call, site, body.product_id),
        quantity=body.quantity,
        price=body.price,
        ship_to=_address(user, body, "ship_to"),
        shipping=body.shipping or Decimal(0),
        tax=body.tax or Decimal(0),
        discount=body.discount or Decimal(0),
        weight=body.weight or Decimal(0),
        notes=body.item_notes,
        attributes=tuple(_attribute(one) for one in body.attributes or ()),
        job_number=None if body.job_number is None else str(body.job_number),
        shipping_method=body.ship_method_name,
    )


def _attribute(given: AttributeBody) -> dict[str, Any]:
    return {"AttributeId": given.attribute_name, "AttributeValue": given.attribute_value}


def _address(user: User, body: OrderBody | ItemBody, prefix: str) -> Address:
    """An address of the user's book by its id, with what the body itself says laid over it."""
    key = (getattr(body, f"{prefix}_address_id") or "").lower()
    base = next((address for address in user.addresses if address.address_id == key), Address())
    said = {kept: getattr(body, f"{prefix}_{given}") for given, kept in _PARTS.items()}
    kept = {name: getattr(base, name) for name in base.__struct_fields__}
    return Address(**kept | {name: value for name, value in said.items() if value is not None})


def _user(call: Call, site: Site, key: str) -> User:
    user = call.shop.users.get(key.lower())
    if user is None or user.site_id != site.site_id:
        raise invalid("userId", f"There is no user {key!r} on this site")
    return user


def _product(call: Call, site: Site, key: str) -> Product:
    product = call.shop.products.get(key.lower())
    if product is None or product.site_id != site.site_id:
        raise invalid("productId", f"There is no product {key!r} on this site")
    return product


def _day(text: str | None) -> date | None:
    try:
        return clock.read(text).date() if text else None
    except ValueError as error:
        raise invalid("requestedShipDate", f"The value {text!r} is not a date") from error
