"""A buyer's cart on one site."""

from typing import Any

from makeready_pressero_emulator.shop import prices
from makeready_pressero_emulator.shop.order_life import FileDraft, ItemDraft, Refused
from makeready_pressero_emulator.state.journal import Entry
from makeready_pressero_emulator.state.records import Address, Cart, CartItem, Product, Site, StoredFile, User
from makeready_pressero_emulator.world import World


def cart_of(world: World, site: Site, user: User) -> Cart:
    """The buyer's cart; a new one if he has none."""
    for cart in world.shop.carts.values():
        if (cart.site_id, cart.user_id) == (site.site_id, user.user_id):
            return cart
    cart = Cart(cart_id=world.ids.new(), site_id=site.site_id, user_id=user.user_id)
    world.shop.carts[cart.cart_id] = cart
    return cart


async def add(
    world: World,
    entry: Entry,
    cart: Cart,
    product: Product,
    quantity: int,
    chosen: list[dict[str, Any]],
    **more: Any,
) -> CartItem:
    """Price and add. Raises Refused if there is no price.

    ``more``: ``name``, ``notes``, ``ship_to`` (id of an address), ``shipping_method``.
    """
    user = world.shop.users[cart.user_id]
    priced = await prices.price(world, product, quantity, chosen, user)
    if priced.error:
        raise Refused(priced.error)
    item = CartItem(
        item_id=world.ids.new(),
        product_id=product.product_id,
        name=more.pop("name", None) or product.name,
        quantity=quantity,
        options=chosen,
        price=priced.cost,
        weight=priced.weight,
        **more,
    )
    cart.items.append(item)
    world.changed(entry, "cart-item-added", cart=cart.cart_id, product=product.part_number, quantity=quantity)
    return item


def attach(world: World, entry: Entry, item: CartItem, file_name: str, content: bytes) -> None:
    file = StoredFile(file_name=file_name, url="", content=content, available_at=world.clock.now())
    item.files.append(file)
    world.changed(entry, "cart-file-added", item=item.item_id, file=file_name, bytes=len(content))


def drafts(world: World, cart: Cart, ship_to: Address, shipping_method: str | None) -> tuple[ItemDraft, ...]:
    """What is ordered when the buyer checks out; the shop asks the price once more."""
    return tuple(
        ItemDraft(
            product=world.shop.products[item.product_id],
            quantity=item.quantity,
            ship_to=ship_to,
            name=item.name,
            options=tuple(item.options),
            notes=item.notes,
            shipping_method=item.shipping_method or shipping_method,
            files=tuple(FileDraft(file_name=f.file_name, content=f.content) for f in item.files),
        )
        for item in cart.items
    )
