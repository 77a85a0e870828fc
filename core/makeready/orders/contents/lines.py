"""What the MIS gets of the shop's lines: kits taken apart, packs counted, discounts taken off. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from makeready_hooks.model.order import Carriage, Order, OrderLine, OrderPart
from makeready_hooks.model.submission import OrderRequest
from makeready_hooks.money import split
from msgspec import structs

from makeready.orders.contents.shipping import shipping_note
from makeready.orders.settings import ShippingChoice
from makeready.products.part_numbers import product_of_part_number
from makeready.subscribers.model import Subscriber

NO_COSTS = {"tax": Decimal(0), "shipping_net": Decimal(0), "shipping_tax": Decimal(0)}


def mis_lines(subscriber: Subscriber, line: OrderLine) -> tuple[OrderLine, ...]:
    """What an item of the shop is in the MIS: itself or, for a kit that the MIS does not make as such, a line
    for each of its parts that is wanted and that the MIS makes. Empty if nothing is the MIS's.

    Prices are after the discount where that is shared, quantities in what the MIS counts. The parts share the item's
    price and tax; its files and its shipping go with the first. Without a price of the item they have none.
    """
    rules = subscriber.orders
    net = line.net - line.discount if rules.discounts == "share" and line.net is not None else line.net
    line = structs.replace(line, net=net, discount=Decimal(0))
    if product_id := product_of_part_number(subscriber, line.part_number):
        quantity = line.pieces if rules.unit_of(product_id) == "pieces" else line.quantity
        return (structs.replace(line, quantity=quantity, pack_size=1),)
    wanted = [part for part in line.parts if part.quantity > 0]
    if not wanted:
        return ()
    weights = _weights(wanted)
    prices = [None] * len(wanted) if net is None else split(net, weights)
    shared = zip(wanted, prices, split(line.tax, weights), strict=True)
    of_mis = [one for one in shared if product_of_part_number(subscriber, one[0].part_number)]
    return tuple(
        _part_as_line(line, part, net, tax, first=place == 0) for place, (part, net, tax) in enumerate(of_mis)
    )


def lines_and_products(
    subscriber: Subscriber, lines: Sequence[OrderLine]
) -> tuple[tuple[OrderLine, ...], tuple[str, ...]]:
    """What items of the shop are in the MIS, and of each which product it is."""
    sent = tuple(one for line in lines for one in mis_lines(subscriber, line))
    return sent, tuple(product_of_part_number(subscriber, one.part_number) for one in sent)


def products_of(subscriber: Subscriber, order: Order) -> tuple[str, ...]:
    """The MIS's products that an order has."""
    return lines_and_products(subscriber, order.lines)[1]


def order_request(
    subscriber: Subscriber,
    key: str,
    order: Order,
    estimates: Sequence[str] = (),
    shipping: Sequence[ShippingChoice] = (),
) -> OrderRequest:
    """What the MIS's mapping is given of an order with these lines. ``estimates``: of what the lines are in the MIS."""
    lines, products = lines_and_products(subscriber, order.lines)
    discount = discount_line(subscriber, order.lines)
    carriages = {one.line: Carriage.of(one.mis) for one in shipping if one.mis}
    lines = tuple(structs.replace(one, carriage=carriages.get(one.number)) for one in lines)
    notes = _discount_note(subscriber, order.lines), shipping_note(subscriber.shipping, shipping)
    return OrderRequest(
        key=key,
        order=structs.replace(order, lines=lines + discount),
        product_ids=products + (subscriber.orders.discount_product_id.strip(),) * len(discount),
        estimates=(*estimates, *("" for _ in discount)) if any(estimates) else (),
        note=" ".join(filter(None, notes)),
    )


def discount_line(subscriber: Subscriber, lines: Sequence[OrderLine]) -> tuple[OrderLine, ...]:
    """What the shop took off these lines of its own, where the MIS gets it as a line: below zero."""
    discount = sum((line.discount for line in lines), Decimal(0))
    if not discount or subscriber.orders.discounts != "line":
        return ()
    bare = structs.replace(lines[0], parts=(), files=(), options="", chosen=(), notes="", **NO_COSTS)
    return (structs.replace(bare, description="Discount", quantity=1, pack_size=1, net=-discount),)


def _discount_note(subscriber: Subscriber, lines: Sequence[OrderLine]) -> str:
    """What the shop took off these lines, where the MIS is told of it; else ""."""
    discount = sum((line.discount for line in lines), Decimal(0))
    if not discount or subscriber.orders.discounts != "note":
        return ""
    return f"The shop gave a discount of {discount}. The prices of this order are before it."


def _weights(parts: list[OrderPart]) -> list[Decimal]:
    """By their own prices where the shop tells them, else by their quantities."""
    prices = [part.net for part in parts]
    return prices if all(price > 0 for price in prices) else [Decimal(part.quantity) for part in parts]


def _part_as_line(
    line: OrderLine, part: OrderPart, net: Decimal | None, tax: Decimal, *, first: bool
) -> OrderLine:
    own = structs.replace(
        line,
        part_number=part.part_number,
        description=part.description,
        quantity=part.quantity,
        pack_size=1,
        net=net,
        tax=tax,
        parts=(),
    )
    return own if first else structs.replace(own, files=(), **(NO_COSTS | {"tax": tax}))
