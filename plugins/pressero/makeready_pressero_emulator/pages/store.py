"""The storefront: its products, and a product page that prices as the buyer chooses."""

from decimal import Decimal
from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Mark
from makeready_pressero_emulator.pages.render import (
    buyer_of,
    found,
    page,
    row,
    see_other,
    site_of,
    store_page,
)
from makeready_pressero_emulator.shop import money, prices
from makeready_pressero_emulator.shop.pricing_engine import PluginFailed
from makeready_pressero_emulator.state.records import Product
from makeready_pressero_emulator.wire.answers import Answer, json_answer
from makeready_pressero_emulator.wire.members import squashed


class Chosen(Struct, frozen=True, rename=squashed):
    key: str
    value: str | int | float | None = None


class Parameters(Struct, frozen=True, rename=squashed):
    """``pricingParameters``; of the quantities only the first is priced."""

    q1: int | str | None = None
    options: list[Chosen] = []


class Question(Struct, frozen=True, rename=squashed):
    pricing_parameters: Parameters = Parameters()

    def quantity(self) -> int:
        text = str(self.pricing_parameters.q1 or "").strip()
        return int(text) if text.isdecimal() else 0

    def chosen(self) -> list[dict[str, Any]]:
        return [{"Key": one.key, "Value": one.value} for one in self.pricing_parameters.options]


async def home(call: Call) -> Answer:
    if "site" in call.query:
        return see_other("/", site=site_of(call).site_id)
    site, buyer = site_of(call), buyer_of(call)
    categories = [c for c in call.shop.categories.values() if c.site_id == site.site_id]
    wanted = call.query.get("category", "")
    products = [
        product
        for product in call.shop.products.values()
        if _offered(call, product)
        and (not wanted or any(call.shop.categories[k].url_name == wanted for k in product.category_ids))
    ]
    return store_page(
        call,
        "home.html",
        products=products[:200],
        hidden=max(0, len(products) - 200),
        categories=categories,
        wanted=wanted,
        welcome=buyer.first_name if buyer else "",
    )


async def product_page(call: Call) -> Answer:
    product = _product(call)
    offered, error = await _options(call, product, [])
    return store_page(call, "product.html", product=product, error=error, **_drawn(offered, []))


async def options_html(call: Call) -> Answer:
    """The HTML that the page puts into ``#pricingEngineArea`` (seen), drawn again after each price."""
    product, question = _product(call), call.body_as(Question)
    offered, error = await _options(call, product, question.chosen())
    return page(call, "options.html", error=error, **_drawn(offered, question.chosen()))


async def page_price(call: Call) -> Answer:
    """The page's own call (seen). An error is text for ``#priceErrorMessage``."""
    product, question = _product(call), call.body_as(Question)
    quantity, culture = question.quantity(), site_of(call).culture
    if quantity < 1:
        return json_answer(_no_price("Please enter a quantity."))
    priced = await prices.price(call.world, product, quantity, question.chosen(), buyer_of(call))
    if priced.error:
        return json_answer(_no_price(priced.error))
    return json_answer(
        {
            "Cost": priced.cost,
            "Weight": priced.weight,
            "FormattedCost": money.shown(priced.cost, culture),
            "FormattedPerUnitCost": money.shown(priced.cost / quantity, culture),
            "ErrorMessage": None,
            "Attributes": [],
        }
    )


def _no_price(reason: str) -> dict[str, Any]:
    return {
        "Cost": Decimal(0),
        "Weight": Decimal(0),
        "FormattedCost": "",
        "FormattedPerUnitCost": "",
        "ErrorMessage": reason,
        "Attributes": [],
    }


async def _options(
    call: Call, product: Product, chosen: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], str]:
    try:
        return await prices.options(call.world, product, chosen, buyer_of(call)), ""
    except PluginFailed as failure:
        return [], str(failure)


def _drawn(offered: list[dict[str, Any]], chosen: list[dict[str, Any]]) -> dict[str, Any]:
    """Options with the value each has now: the buyer's if it is still offered, else the first."""
    values = {one["Key"]: str(one["Value"] or "") for one in chosen}
    drawn = []
    for first, option in zip(prices.first_choices(offered), offered, strict=True):
        allowed = [one["Value"] for one in option["Options"]]
        value = values.get(option["ID"], first["Value"])
        if allowed and value not in allowed:
            value = first["Value"]
        drawn.append({**option, "Values": option["Options"], "Value": value})
    return {"options": drawn}


def _offered(call: Call, product: Product) -> bool:
    """Whether this visitor may see it."""
    mine = product.site_id == site_of(call).site_id and product.is_active and not product.is_deleted
    return mine and prices.pairing_for(call.world, product, buyer_of(call)) is not None


def _product(call: Call) -> Product:
    name = call.params["url_name"].lower()
    products = [p for p in call.shop.products.values() if p.url_name.lower() == name and _offered(call, p)]
    return found(products, f"product {name!r}")[0]


ENDPOINTS = (
    row("GET", "/", "Storefront: its products; ``?site=`` chooses one.", home),
    row("GET", "/product/{url_name}", "Storefront: a product.", product_page, Mark.SEEN),
    row("POST", "/product/{url_name}/pricing", "The product page asks a price.", page_price, Mark.SEEN),
    row(
        "POST",
        "/product/{url_name}/options/{order_item}",
        "The product page draws its options.",
        options_html,
        Mark.SEEN,
    ),
)
