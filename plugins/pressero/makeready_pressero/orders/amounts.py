"""What an order costs: its totals, and the part of each item in them, in whole cents. Pure functions."""

from collections.abc import Sequence
from decimal import Decimal

from makeready_hooks.model.order import OrderTotals
from makeready_hooks.money import CENT, split, to_unit, whole_units

from makeready_pressero.assumptions import Assumptions
from makeready_pressero.orders.items import OrderItem
from makeready_pressero.wire import money

NOTHING = Decimal(0)


def totals_of(order: OrderItem) -> OrderTotals:
    """The order's own, which stand on each of its items."""
    return OrderTotals(
        subtotal=_rounded(order.order_subtotal),
        discount=_discount_of(order),
        shipping=_rounded(order.order_shipping),
        tax=_rounded(order.order_tax),
        total=_rounded(order.order_total),
    )


def _rounded(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else to_unit(amount)


def _discount_of(order: OrderItem) -> Decimal | None:
    """Not below zero, whichever sign it is shown with."""
    return None if order.order_discount is None else abs(to_unit(order.order_discount))


def amounts_of(items: Sequence[OrderItem], names: Assumptions) -> list[dict[str, Decimal | None]]:
    """Of each item as members of an `OrderLine`; together they hold all of the order's shipping, tax and discount.

    An account may give either for the order only. Then it is shared among the items by their prices; a tax beyond
    that of the items is the shipping's, shared like the shipping. An item without a price, or with one below zero, has
    no part in that.
    """
    order = items[0]
    nets = _nets(items)
    prices = [max(net or NOTHING, NOTHING) for net in nets]
    shipping = _own_or_shared([item.shipping for item in items], order.order_shipping, prices)
    taxes = _own_or_shared([item.item_tax for item in items], order.order_tax, prices)
    rest = max(to_unit(order.order_tax or NOTHING) - sum(taxes), NOTHING)
    weights = [max(net, NOTHING) for net in shipping] if any(shipping) else prices
    rows = zip(nets, taxes, shipping, split(rest, weights), _discounts(items, prices, names), strict=True)
    return [
        {"net": net, "tax": tax, "shipping_net": cost, "shipping_tax": cost_tax, "discount": discount}
        for net, tax, cost, cost_tax, discount in rows
    ]


def _nets(items: Sequence[OrderItem]) -> list[Decimal | None]:
    rounded = iter(whole_units([item.price for item in items if item.price is not None]))
    return [None if item.price is None else next(rounded) for item in items]


def _own_or_shared(
    own: Sequence[Decimal], of_order: Decimal | None, prices: Sequence[Decimal]
) -> tuple[Decimal, ...]:
    if any(own) or of_order is None or of_order <= 0:
        return whole_units(own)
    return split(to_unit(of_order), prices)


def _discounts(
    items: Sequence[OrderItem], prices: Sequence[Decimal], names: Assumptions
) -> tuple[Decimal, ...]:
    """What is said of the items, and what the order has beyond that, by their prices; 0 where the subtotal is after it."""
    own = whole_units([abs(money(item.extra.get(names.item_discount_member))) for item in items])
    of_order = _discount_of(items[0]) or NOTHING
    if _is_in_subtotal(items[0], of_order):
        return tuple(NOTHING for _ in items)
    shared = split(max(of_order - sum(own), NOTHING), prices)
    return tuple(one + more for one, more in zip(own, shared, strict=True))


def _is_in_subtotal(order: OrderItem, discount: Decimal) -> bool:
    """The total tells: it is the sum of the others without the discount."""
    if order.order_subtotal is None or order.order_total is None or not discount:
        return False
    others = order.order_subtotal + (order.order_shipping or NOTHING) + (order.order_tax or NOTHING)
    return abs(others - order.order_total) < CENT
