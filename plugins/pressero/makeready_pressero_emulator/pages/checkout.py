"""The storefront from the cart on: signing in, ordering, the buyer's orders, approving them."""

from datetime import date
from typing import Any

import msgspec

from makeready_pressero_emulator.api.orders.shipping import cost_of
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Mark
from makeready_pressero_emulator.pages.render import (
    buyer_of,
    found,
    posted,
    row,
    see_other,
    site_of,
    store_page,
)
from makeready_pressero_emulator.shop import carts, order_life
from makeready_pressero_emulator.shop.order_life import ItemDraft, OrderDraft, Refused
from makeready_pressero_emulator.state.records import Address, Cart, Order, OrderItem, ShippingMethod, User
from makeready_pressero_emulator.wire.answers import Answer
from makeready_pressero_emulator.wire.uploads import Form


async def sign_in_page(call: Call) -> Answer:
    site = site_of(call)
    users = [user for user in call.shop.users.values() if user.site_id == site.site_id]
    return store_page(call, "sign_in.html", users=users, back=call.query.get("back", "/"))


async def sign_in(call: Call) -> Answer:
    """No password: whoever opens the emulator may be any of its buyers."""
    fields = (await posted(call)).fields
    user = found(call.shop.users.get(fields.get("buyer", "")), "such buyer")
    back = fields.get("back", "/")
    return see_other(back if back.startswith("/") and not back.startswith("//") else "/", buyer=user.user_id)


async def sign_out(_: Call) -> Answer:
    return see_other("/", buyer="")


async def add_to_cart(call: Call) -> Answer:
    """The product page's form. Without a buyer: sign in first."""
    sent = await posted(call)
    buyer, name = buyer_of(call), sent.fields.get("urlName", "")
    if buyer is None:
        return see_other(f"/sign-in?back=/product/{name}")
    site = site_of(call)
    own = [p for p in call.shop.products.values() if p.site_id == site.site_id and p.url_name == name]
    product = found(own, f"product {name!r}")[0]
    try:
        order_life.check_files(product, len(sent.files))
        item = await carts.add(
            call.world,
            call.entry,
            carts.cart_of(call.world, site, buyer),
            product,
            _quantity(sent),
            _options(sent),
            notes=sent.fields.get("notes") or None,
        )
    except Refused as refusal:
        return store_page(call, "refused.html", 400, reason=str(refusal), back=f"/product/{name}")
    for file_name, content in sent.files:
        carts.attach(call.world, call.entry, item, file_name, content)
    return see_other("/cart")


async def cart_page(call: Call) -> Answer:
    buyer = buyer_of(call)
    if buyer is None:
        return see_other("/sign-in?back=/cart")
    cart = carts.cart_of(call.world, site_of(call), buyer)
    methods = [
        (method, cost_of(method, sum((i.weight for i in cart.items), start=method.min_charge * 0)))
        for method in call.shop.shipping_methods.values()
    ]
    return store_page(call, "cart.html", cart=cart, methods=methods)


async def remove_item(call: Call) -> Answer:
    buyer = found(buyer_of(call), "buyer signed in")
    cart = carts.cart_of(call.world, site_of(call), buyer)
    cart.items = [item for item in cart.items if item.item_id != call.params["item"]]
    call.effect("cart-item-removed", cart=cart.cart_id)
    return see_other("/cart")


async def check_out(call: Call) -> Answer:
    buyer = found(buyer_of(call), "buyer signed in")
    fields = (await posted(call)).fields
    cart = carts.cart_of(call.world, site_of(call), buyer)
    try:
        order = await order_life.place(call.world, call.entry, _draft(call, cart, buyer, fields))
    except Refused as refusal:
        return store_page(call, "refused.html", 400, reason=str(refusal), back="/cart")
    cart.items = []
    call.world.save()
    return see_other(f"/complete/{order.number}")


async def complete_page(call: Call) -> Answer:
    """Also while the order waits on a page of pending carts, where it has no number yet."""
    number = call.params["n"]
    orders = call.shop.orders_under(number)
    return store_page(call, "complete.html", order=found(orders, f"order {number}")[-1])


async def my_orders(call: Call) -> Answer:
    buyer = buyer_of(call)
    if buyer is None:
        return see_other("/sign-in?back=/orders")
    mine = [order for order in call.shop.all_orders() if order.user_id == buyer.user_id]
    return store_page(call, "my_orders.html", orders=mine[::-1], stage=call.world.stage)


async def approvals(call: Call) -> Answer:
    """Items of this site that wait for a decision."""
    return store_page(call, "approvals.html", waiting=_waiting(call))


async def decide(call: Call) -> Answer:
    wanted = (call.params["n"], call.params["i"])
    pairs = [(o, i) for o, i in _waiting(call) if (str(o.number), str(i.number)) == wanted]
    order, item = found(pairs, "such item that waits")[0]
    decision = order_life.approve if call.params["decision"].lower() == "approve" else order_life.deny
    decision(call.world, call.entry, order, item)
    return see_other("/approvals")


def _waiting(call: Call) -> list[tuple[Order, OrderItem]]:
    site = site_of(call)
    return [
        (order, item)
        for order in call.shop.all_orders()
        for item in order.items
        if order.site_id == site.site_id and not item.is_approved and not item.is_denied
    ]


def _draft(call: Call, cart: Cart, buyer: User, fields: dict[str, str]) -> OrderDraft:
    address = _address(buyer, fields.get("address", ""))
    method = call.shop.shipping_methods.get(fields.get("method", ""))
    return OrderDraft(
        site=site_of(call),
        user=buyer,
        bill_to=_address(buyer, buyer.preferred_address_id or ""),
        items=_with_shipping(
            cart, carts.drafts(call.world, cart, address, method.name if method else None), method
        ),
        needs_approval=fields.get("approval") == "on",
        po_number=fields.get("poNumber") or None,
        notes=fields.get("notes") or None,
        requested_ship_date=_day(fields.get("shipDate", "")),
    )


def _with_shipping(
    cart: Cart, items: tuple[ItemDraft, ...], method: ShippingMethod | None
) -> tuple[ItemDraft, ...]:
    if method is None or not items:
        return items
    cost = cost_of(method, sum((item.weight for item in cart.items), start=method.min_charge * 0))
    shares = order_life.shares(cost, len(items))
    pairs = zip(items, shares, strict=True)
    return tuple(msgspec.structs.replace(item, shipping=share) for item, share in pairs)


def _address(buyer: User, key: str) -> Address:
    for address in buyer.addresses:
        if address.address_id == key:
            return address
    raise Refused("Please choose an address.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused("Please enter the date as YYYY-MM-DD.") from error


def _quantity(sent: Form) -> int:
    text = sent.fields.get("Q1", "")
    if not text.isdecimal() or int(text) < 1:
        raise Refused("Please enter a quantity.")
    return int(text)


def _options(sent: Form) -> list[dict[str, Any]]:
    """``Options[0].Key``, ``Options[0].Value``, ``Options[1].Key``…"""
    options, number = [], 0
    while f"Options[{number}].Key" in sent.fields:
        value = sent.fields.get(f"Options[{number}].Value", "")
        options.append({"Key": sent.fields[f"Options[{number}].Key"], "Value": value})
        number += 1
    return options


ENDPOINTS = (
    row("GET", "/sign-in", "Storefront: choose whom to be.", sign_in_page),
    row("POST", "/sign-in", "Storefront: sign in.", sign_in),
    row("GET", "/sign-out", "Storefront: sign out.", sign_out),
    row("POST", "/cart/add", "Storefront: add to the cart.", add_to_cart),
    row("GET", "/cart", "Storefront: the cart.", cart_page),
    row("POST", "/cart/remove/{item}", "Storefront: take out of the cart.", remove_item),
    row("POST", "/checkout", "Storefront: order.", check_out),
    row("GET", "/complete/{n}", "Storefront: the order was placed.", complete_page, Mark.SEEN),
    row("GET", "/orders", "Storefront: the buyer's orders.", my_orders),
    row("GET", "/approvals", "Storefront: what waits for approval.", approvals),
    row("POST", "/approvals/{n}/{i}/{decision}", "Storefront: approve or deny an item.", decide),
)
