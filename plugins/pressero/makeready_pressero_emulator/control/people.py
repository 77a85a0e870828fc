"""What people do at the shop's screens: look at a price, order, approve, deny, move to a stage."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from makeready_hooks.testing.emulation import BuyerItem, BuyerOrder, PostalAddress, Upload
from msgspec import Struct

from makeready_pressero_emulator.api.products.products import details
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Handler, Mark
from makeready_pressero_emulator.shop import inventory, order_life, prices
from makeready_pressero_emulator.shop.order_life import FileDraft, ItemDraft, OrderDraft
from makeready_pressero_emulator.shop.webhooks import announce
from makeready_pressero_emulator.state import clock
from makeready_pressero_emulator.state.records import Address, Order, OrderItem, Product, Site, User
from makeready_pressero_emulator.wire.answers import Answer, ApiError, json_answer
from makeready_pressero_emulator.wire.members import strict


async def show_access(call: Call) -> Answer:
    """Where and as whom a connector signs in."""
    who = call.shop.subscriber
    return json_answer(
        {
            "user_name": who.user_name,
            "password": who.password,
            "subscriber_id": who.subscriber_id,
            "consumer_id": who.consumer_id,
        }
    )


async def list_sites(call: Call) -> Answer:
    return json_answer([site.domain for site in call.shop.sites.values()])


class Head(Struct, frozen=True):
    html: str


async def set_head(call: Call) -> Answer:
    """``{"html": …}``: the HTML at the bottom of the head of every page of a site."""
    site = call.world.site(call.params["domain"])
    site.head_html = strict(call.body, Head).html
    call.effect("head-changed", site=site.domain)
    return Answer(status=204)


class TypedLevel(Struct, frozen=True):
    level: int


async def set_stock_level(call: Call) -> Answer:
    """``{"level": 12}`` for a stock item, by its name."""
    wanted, name = strict(call.body, TypedLevel).level, call.params["name"]
    for stock in call.shop.stocks.values():
        if stock.name == name and stock.level != wanted:
            inventory.adjust(call.world, call.entry, stock, wanted - stock.level, kind="Manual")
    return Answer(status=204)


async def list_products(call: Call) -> Answer:
    """Those that are not deleted."""
    there = [product for product in call.shop.products.values() if not product.is_deleted]
    return json_answer([details(call.world, product) for product in there])


async def delete_product(call: Call) -> Answer:
    """As an administrator does. 404 for an unknown one."""
    product = call.shop.products.get(call.params["product"].lower())
    if product is None:
        raise ApiError(404, "The product was not found.")
    product.is_deleted = True
    call.effect("product-deleted", product=product.product_id)
    return Answer(status=204)


class PriceQuestion(Struct, frozen=True):
    site: str
    part_number: str
    quantity: int
    buyer_email: str | None = None


async def ask_price(call: Call) -> Answer:
    """As a product page does: options, then the price. The error is part of the answer."""
    asked = strict(call.body, PriceQuestion)
    site = call.world.site(asked.site)
    user = _buyer(call, site, asked.buyer_email) if asked.buyer_email else None
    priced = await prices.price_as_page_does(
        call.world, _product(call, site, asked.part_number), asked.quantity, user
    )
    return json_answer({"total": str(priced.cost), "weight": str(priced.weight), "error": priced.error})


async def place_order(call: Call) -> Answer:
    """The body is a `BuyerOrder`. 404 for an unknown product, 409 if the shop says no."""
    wanted = strict(call.body, BuyerOrder)
    try:
        order = await order_life.place(call.world, call.entry, _draft(call, wanted))
    except order_life.Refused as refusal:
        raise ApiError(409, str(refusal)) from refusal
    total = sum((i.price + i.shipping + i.tax - i.discount for i in order.items), Decimal(0))
    items = [item.number for item in order.items]
    return json_answer(
        {"id": order.order_id, "order_number": order.number, "items": items, "total": str(total)}
    )


async def approve(call: Call) -> Answer:
    return _decide(call, order_life.approve)


async def deny(call: Call) -> Answer:
    return _decide(call, order_life.deny)


class Replacement(Struct, frozen=True):
    file_name: str
    upload: Upload


async def replace_file(call: Call) -> Answer:
    """``{"file_name": "card.pdf", "upload": {...}}``: an `Upload`, its content in Base64. 404 without such a file."""
    order, item = _item(call)
    wanted = strict(call.body, Replacement)
    draft = _file_draft(wanted.upload)
    try:
        order_life.replace_file(call.world, call.entry, order, item, wanted.file_name, draft)
    except order_life.Refused as refusal:
        raise ApiError(404, str(refusal)) from refusal
    return Answer(status=204)


async def edit(call: Call) -> Answer:
    """``{"Price": null, "IsDenied": true}``: members as calls show them from now on, whether the shop's screens
    would let anybody do so or not.
    """
    order, item = _item(call)
    members = call.json()
    if not isinstance(members, dict):
        raise ApiError(400, "The body is an object of members.")
    order_life.edit(call.world, call.entry, order, item, members)
    return Answer(status=204)


async def move_to_stage(call: Call) -> Answer:
    """``{"stage": "Prepress"}``: the printer-side name."""
    order, item = _item(call)
    wanted = (call.json() or {}).get("stage")
    for stage in order_life.workflow_of(call.world, item).stages:
        if stage.printer_stage == wanted:
            order_life.move(call.world, call.entry, order, item, stage)
            return Answer(status=204)
    raise ApiError(404, f"The workflow of this item has no stage {wanted!r}.")


async def show_item(call: Call) -> Answer:
    """What is kept of an item, whatever stale reads show."""
    _, item = _item(call)
    stage = call.world.stage(item.workflow_stage_id)
    went = [call.world.stage(change.workflow_stage_id).printer_stage for change in item.history]
    return json_answer({**msgspec.to_builtins(item), "stage": stage, "stages": went})


async def announce_unknown(call: Call) -> Answer:
    """``{"order_numbers": [900000]}``: genuine webhooks, as of a site that the API user may not see."""
    for number in (call.json() or {}).get("order_numbers", ()):
        announce(
            call.world, call.entry, "OrderPlaced", site_id="", data={"OrderNumber": number}, order=number
        )
    return Answer(status=204)


async def list_deliveries(call: Call) -> Answer:
    return json_answer(call.shop.deliveries)


def _decide(call: Call, decision: Any) -> Answer:
    order, item = _item(call)
    try:
        decision(call.world, call.entry, order, item)
    except order_life.Refused as refusal:
        raise ApiError(409, str(refusal)) from refusal
    return Answer(status=204)


def _item(call: Call) -> tuple[Order, OrderItem]:
    """By the order's number, or by its id; also of an order that no API call shows yet."""
    number = call.params["n"]
    orders = call.shop.orders_under(number) or [o for o in call.shop.all_orders() if o.order_id == number]
    for order in orders[:1]:
        for item in order.items:
            if str(item.number) == call.params["i"]:
                return order, item
    raise ApiError(404, f"There is no item {number}-{call.params['i']}.")


def _draft(call: Call, wanted: BuyerOrder) -> OrderDraft:
    """Raises Refused if a file is missing that the product needs."""
    site = call.world.site(wanted.site)
    shares = order_life.shares(wanted.shipping, len(wanted.items))
    ship_to = _address(wanted.ship_to)
    return OrderDraft(
        site=site,
        user=_buyer(call, site, wanted.buyer_email),
        bill_to=_address(wanted.bill_to),
        items=tuple(
            _item_draft(call, site, item, ship_to, share)
            for item, share in zip(wanted.items, shares, strict=True)
        ),
        needs_approval=wanted.needs_approval,
        po_number=wanted.po_number or None,
        requested_ship_date=_day(wanted.requested_ship_date),
        number=wanted.order_number,
        ordered_at=clock.read(wanted.order_date) if wanted.order_date else None,
    )


def _item_draft(call: Call, site: Site, item: BuyerItem, ship_to: Address, share: Decimal) -> ItemDraft:
    product = _product(call, site, item.part_number)
    order_life.check_files(product, len(item.uploads))
    return ItemDraft(
        product=product,
        quantity=item.quantity,
        ship_to=_address(item.ship_to) if item.ship_to else ship_to,
        shipping=share,
        shipping_method=item.shipping_method or _method(call),
        files=tuple(map(_file_draft, item.uploads)),
        parts=item.parts,
        options=tuple({"Key": key, "Value": value} for key, value in item.options.items()) or None,
    )


def _file_draft(upload: Upload) -> FileDraft:
    return FileDraft(file_name=upload.file_name, content=upload.content, url=upload.url, kind=upload.kind)


def _address(given: PostalAddress) -> Address:
    return Address(
        business=given.business,
        first_name=given.first_name,
        last_name=given.last_name,
        address1=given.line1,
        address2=given.line2,
        address3=given.line3,
        city=given.city,
        state_province=given.region,
        postal=given.postcode,
        country=given.country,
        phone=given.phone,
        fax=given.fax,
        email=given.email,
    )


def _buyer(call: Call, site: Site, email: str) -> User:
    for user in call.shop.users.values():
        if user.site_id == site.site_id and user.email.lower() == email.lower():
            return user
    raise ApiError(409, f"{email} cannot sign in to {site.domain}.")


def _product(call: Call, site: Site, part_number: str) -> Product:
    product = call.world.product_by_part(site, part_number)
    if product is None:
        raise ApiError(404, f"{site.domain} has no product {part_number}.")
    return product


def _method(call: Call) -> str | None:
    return next((method.name for method in call.shop.shipping_methods.values()), None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_ITEM = "/_emulator/orders/{n}/{i}"


def _own(verb: str, path: str, does: str, handler: Handler) -> Endpoint:
    return Endpoint(verb=verb, path=path, mark=Mark.OWN, does=does, handler=handler, token=False)


ENDPOINTS = (
    _own("GET", "/_emulator/access", "How to sign in.", show_access),
    _own("GET", "/_emulator/sites", "Domains of the storefronts.", list_sites),
    _own("PUT", "/_emulator/sites/{domain}/head", "Set the HTML of a site's head.", set_head),
    _own("PUT", "/_emulator/stock/{name}", "Type another level of a stock item.", set_stock_level),
    _own("GET", "/_emulator/products", "Every product, in the form of its details.", list_products),
    _own("DELETE", "/_emulator/products/{product}", "Delete a product.", delete_product),
    _own("POST", "/_emulator/prices", "Ask a price, as a product page does.", ask_price),
    _own("POST", "/_emulator/orders", "Place an order, as a buyer.", place_order),
    _own("GET", _ITEM, "What is kept of an item.", show_item),
    _own("POST", _ITEM + "/approve", "Approve an item.", approve),
    _own("POST", _ITEM + "/deny", "Deny an item.", deny),
    _own("PUT", _ITEM + "/members", "Show members of an item otherwise.", edit),
    _own("POST", _ITEM + "/file", "Put another file in the place of one.", replace_file),
    _own("POST", _ITEM + "/stage", "Move an item to a stage.", move_to_stage),
    _own("POST", "/_emulator/announced", "Send webhooks of orders that no call shows.", announce_unknown),
    _own("GET", "/_emulator/deliveries", "Webhook deliveries so far.", list_deliveries),
)
