"""What a product costs a buyer: the engine of his group says a price, the product's mark-up is added."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.assumed import PRICE_FAILED
from makeready_pressero_emulator.shop import pricing_engine
from makeready_pressero_emulator.shop.pricing_engine import PluginFailed
from makeready_pressero_emulator.state.records import Calculator, Pairing, Product, User
from makeready_pressero_emulator.world import World

CENT = Decimal("0.01")


class Priced(Struct, frozen=True, kw_only=True):
    cost: Decimal = Decimal(0)
    """What the buyer pays for the whole quantity, mark-up included. 0 if there is an error."""
    non_markup: Decimal = Decimal(0)
    """What the engine said."""
    weight: Decimal = Decimal(0)
    """Of the whole quantity, in the account's unit."""
    error: str = ""
    options: tuple[dict[str, Any], ...] = ()
    """The choices that were priced: ``{"Key", "Value"}``."""


def pairing_for(world: World, product: Product, user: User | None) -> Pairing | None:
    """The first pairing, in order of priority, with a group of the user; anyone is in "Everyone".

    Without a user: the one for "Everyone", else simply the first.
    """
    ordered = sorted(product.pairings, key=lambda pair: pair.priority)
    mine = [pair for pair in ordered if _belongs(world, user, pair.group_id)]
    if mine:
        return mine[0]
    return ordered[0] if ordered and user is None else None


def engine_of(world: World, pairing: Pairing) -> Calculator:
    return world.shop.calculators[pairing.calculator_id]


async def options(
    world: World, product: Product, chosen: list[dict[str, Any]], user: User | None
) -> list[dict[str, Any]]:
    """What can be chosen: ``[{"ID", "Label", "Options": [{"Key", "Value"}]}]``; nothing for built-in engines.

    Raises:
        PluginFailed: the external engine gave no answer that can be used.
    """
    pairing = pairing_for(world, product, user)
    if pairing is None or not engine_of(world, pairing).url:
        return []
    return await pricing_engine.options(
        world, engine_of(world, pairing), _mis_product_id(product, pairing), chosen
    )


async def price(
    world: World, product: Product, quantity: int, chosen: list[dict[str, Any]], user: User | None
) -> Priced:
    """Price one configured product. An error is part of the answer, as on the product page."""
    pairing = pairing_for(world, product, user)
    if pairing is None:
        return Priced(error=f"{product.name} is not offered to this user.")
    engine = engine_of(world, pairing)
    if not engine.url:
        return _by_breaks(engine, product, quantity, chosen)
    try:
        said = await pricing_engine.price(
            world, engine, _mis_product_id(product, pairing), chosen, quantity=quantity, user=user
        )
    except PluginFailed as failure:
        return Priced(error=str(failure))
    return _marked_up(product, quantity, said.price, said.weight, chosen)


async def price_as_page_does(world: World, product: Product, quantity: int, user: User | None) -> Priced:
    """Ask for options, take the first value of each until nothing new turns up, then ask for the price."""
    chosen: list[dict[str, Any]] = []
    try:
        for _ in range(5):
            choices = first_choices(await options(world, product, chosen, user))
            if choices == chosen:
                break
            chosen = choices
    except PluginFailed as failure:
        return Priced(error=str(failure))
    return await price(world, product, quantity, chosen, user)


def first_choices(offered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a page has selected before the buyer touches it; a free input is empty."""
    return [
        {"Key": option["ID"], "Value": option["Options"][0]["Value"] if option["Options"] else ""}
        for option in offered
    ]


def _by_breaks(engine: Calculator, product: Product, quantity: int, chosen: list[dict[str, Any]]) -> Priced:
    for step in engine.breaks:
        if step.min_qty <= quantity <= step.max_qty:
            weight = engine.unit_weight * quantity
            return _marked_up(product, quantity, step.unit_price * quantity, weight, chosen)
    return Priced(error=f"{PRICE_FAILED} No price for a quantity of {quantity}.")


def _marked_up(
    product: Product, quantity: int, said: Decimal, weight: Decimal, chosen: list[dict[str, Any]]
) -> Priced:
    percent = next((m.markup for m in product.markups if m.min_qty <= quantity <= m.max_qty), Decimal(0))
    cost = (said * (100 + percent) / 100).quantize(CENT, ROUND_HALF_UP)
    return Priced(cost=cost, non_markup=said, weight=weight, options=tuple(chosen))


def _mis_product_id(product: Product, pairing: Pairing) -> str:
    """The pair's setting if it is text, else the product's integration id, else its part number (assumed)."""
    if isinstance(pairing.configuration, str) and pairing.configuration:
        return pairing.configuration
    return product.mis_id or product.part_number


def _belongs(world: World, user: User | None, group_id: str) -> bool:
    group = world.shop.groups.get(group_id)
    if group is None:
        return False
    return group.everyone or (user is not None and group_id in user.group_ids)
