"""Prices of stock products: quantity breaks, and customers' own lists. Pure functions."""

from decimal import Decimal

from makeready_hooks.errors import NotPriced
from makeready_hooks.model.price import NoPriceCause, PriceQuery, Quote
from makeready_hooks.model.product import PriceBreak, ProductKind

from makeready_tharstern import wire
from makeready_tharstern.assumptions import Assumptions
from makeready_tharstern.products.mapping import kind_of, price_breaks


def quote_from(product: wire.Product, query: PriceQuery, names: Assumptions) -> Quote:
    """The price list's price for this quantity. Raises NotPriced if the list has none."""
    if kind_of(product, names) is not ProductKind.STOCK:
        raise NotPriced(f"Product {product.id} is not sold from a price list.", cause=NoPriceCause.ON_REQUEST)
    breaks, source = _list_of(product, query.customer)
    fitting = [one for one in breaks if one.from_quantity <= query.quantity]
    if query.quantity < 1 or not fitting or fitting[-1].unit_price <= 0:
        cause = NoPriceCause.QUANTITY if breaks else NoPriceCause.NO_PRICE
        raise NotPriced(f"Product {product.id} has no price for a quantity of {query.quantity}.", cause=cause)
    chosen = fitting[-1]
    return Quote(
        total=chosen.unit_price * query.quantity,
        weight_kg=(product.weight_kg or Decimal(0)) * query.quantity,
        source=source,
        unit_price=chosen.unit_price,
        from_quantity=chosen.from_quantity if len(breaks) > 1 else 0,
        breaks=tuple(breaks),
        customer=query.customer,
    )


def _list_of(product: wire.Product, customer: str) -> tuple[tuple[PriceBreak, ...], str]:
    """The customer's own list if the product carries one; else what was answered for the customer."""
    for own in product.customer_prices:
        if customer and own.customer.strip() == customer.strip():
            return price_breaks(own.price, own.breaks), f"price list of {customer}"
    return price_breaks(product.price, product.breaks), "price list"
