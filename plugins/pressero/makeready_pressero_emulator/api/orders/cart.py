"""The cart: options and price of a product, items and their files."""

from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.assumed import PRICE_WARNING
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.shop import carts, money, prices
from makeready_pressero_emulator.shop.order_life import Refused
from makeready_pressero_emulator.shop.pricing_engine import PluginFailed
from makeready_pressero_emulator.state.records import Cart, CartItem, Product, User
from makeready_pressero_emulator.wire import uploads
from makeready_pressero_emulator.wire.answers import Answer, ApiError, invalid, json_answer
from makeready_pressero_emulator.wire.members import squashed


class Choice(Struct, frozen=True, rename=squashed):
    key: str
    value: str | int | float | None = None


class Parameters(Struct, frozen=True, rename=squashed):
    """``PricingParameters``; of the quantities only the first is priced."""

    quantities: list[int] = []
    options: list[Choice] | None = None
    selected_uom: str | None = None


class ItemBody(Struct, frozen=True, rename=squashed):
    product_id: str
    pricing_parameters: Parameters
    ship_to: str | None = None
    shipping_method: str | None = None
    item_name: str | None = None
    notes: str | None = None


async def show_cart(call: Call) -> Answer:
    cart = carts.cart_of(call.world, call.site(), _user(call))
    return json_answer({"Id": cart.cart_id, "Items": [_shape(item) for item in cart.items]})


async def product_options(call: Call) -> Answer:
    """The engine's options, given what is chosen."""
    given = call.body_as(Parameters) if call.body.strip() else Parameters()
    try:
        offered = await prices.options(call.world, call.product(), _choices(given), _user(call))
    except PluginFailed as failure:
        raise ApiError(400, str(failure)) from failure
    return json_answer(offered)


async def product_price(call: Call) -> Answer:
    """A failed price is an answer too: ``IsValid`` false and why, in ``Messages``."""
    given, site = call.body_as(Parameters), call.site()
    priced = await prices.price(call.world, call.product(), _quantity(given), _choices(given), _user(call))
    unit = call.shop.subscriber.weight_unit
    return json_answer(
        {
            "Cost": priced.cost,
            "NonMarkupCost": priced.non_markup,
            "DisplayCost": money.shown(priced.cost, site.culture),
            "Weight": priced.weight,
            "DisplayWeight": f"{priced.weight:.2f} {unit}",
            "IsValid": not priced.error,
            "Messages": [priced.error] if priced.error else [],
        }
    )


async def add_item(call: Call) -> Answer:
    """By switch 400 although the item was added: a client in production takes that as success (seen)."""
    cart, body = _cart(call), call.body_as(ItemBody)
    product = _product(call, body.product_id)
    given = body.pricing_parameters
    try:
        item = await carts.add(
            call.world,
            call.entry,
            cart,
            product,
            _quantity(given),
            _choices(given),
            name=body.item_name,
            notes=body.notes,
            ship_to=body.ship_to or None,
            shipping_method=body.shipping_method or None,
        )
    except Refused as refusal:
        raise ApiError(400, str(refusal)) from refusal
    if call.world.switches.on("cart-price-warning"):
        raise ApiError(400, PRICE_WARNING)
    return json_answer(_shape(item))


async def put_file(call: Call) -> Answer:
    item = _item(call)
    given = (await uploads.form(call)).files
    if not given:
        raise ApiError(400, "There is no file in the body.")
    for name, content in given:
        carts.attach(call.world, call.entry, item, name, content)
    return json_answer(_shape(item))


def _user(call: Call) -> User:
    user = call.shop.users.get(call.query.get("userid", "").lower())
    if user is None or user.site_id != call.site().site_id:
        raise invalid("userId", "There is no such user on this site")
    return user


def _cart(call: Call) -> Cart:
    cart = call.shop.carts.get(call.params["cart"].lower())
    if cart is None or cart.user_id != _user(call).user_id:
        raise ApiError(404, "The cart was not found.")
    return cart


def _item(call: Call) -> CartItem:
    for item in _cart(call).items:
        if item.item_id == call.params["item"].lower():
            return item
    raise ApiError(404, "The cart item was not found.")


def _product(call: Call, key: str) -> Product:
    product = call.shop.products.get(key.lower())
    if product is None or product.site_id != call.site().site_id:
        raise invalid("ProductId", f"There is no product {key!r} on this site")
    return product


def _quantity(given: Parameters) -> int:
    if not given.quantities or given.quantities[0] < 1:
        raise invalid("Quantities", "A quantity of at least 1 is required")
    return given.quantities[0]


def _choices(given: Parameters) -> list[dict[str, Any]]:
    return [{"Key": one.key, "Value": one.value} for one in given.options or ()]


def _shape(item: CartItem) -> dict[str, Any]:
    return {
        "ItemId": item.item_id,
        "Id": item.item_id,
        "ProductId": item.product_id,
        "ItemName": item.name,
        "Quantity": item.quantity,
        "Price": item.price,
        "Weight": item.weight,
        "Notes": item.notes,
        "Files": [{"FileName": file.file_name} for file in item.files],
    }


_CART, _OF_PRODUCT = "/api/cart/{domain}", "/api/cart/{domain}/product/{product}"

ENDPOINTS = (
    Endpoint(verb="GET", path=_CART, mark=Mark.SEEN, does="Show a buyer's cart.", handler=show_cart),
    Endpoint(
        verb="POST",
        path=_OF_PRODUCT + "/options",
        mark=Mark.SEEN,
        does="Show what can be chosen for a product.",
        handler=product_options,
    ),
    Endpoint(
        verb="POST",
        path=_OF_PRODUCT + "/price",
        mark=Mark.SEEN,
        does="Price a product; an external engine is asked.",
        handler=product_price,
    ),
    Endpoint(
        verb="POST",
        path=_CART + "/{cart}/item",
        mark=Mark.SEEN,
        does="Add an item to a cart.",
        handler=add_item,
        switch="cart-price-warning",
    ),
    Endpoint(
        verb="PUT",
        path=_CART + "/{cart}/item/{item}/file",
        mark=Mark.SEEN,
        does="Give a file for a cart item.",
        handler=put_file,
    ),
)
