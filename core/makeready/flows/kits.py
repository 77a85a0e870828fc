"""A kit is one item of the shop that stands for several products. Its parts are the lines of its MIS order. Pure."""

from decimal import Decimal

from makeready_hooks.model.order import OrderLine, OrderPart
from makeready_hooks.money import split
from msgspec import structs

from makeready.flows.numbers import product_of_part_number
from makeready.records import Subscriber


def mis_lines(subscriber: Subscriber, line: OrderLine) -> tuple[OrderLine, ...]:
    """What an item of the shop is in the MIS: itself or, for a kit that the MIS does not make as such, a line
    for each of its parts that is wanted and that the MIS makes. Empty if nothing is the MIS's.

    The parts share the item's price and tax; its files and its shipping go with the first. Without a price of
    the item they have none.
    """
    if product_of_part_number(subscriber, line.part_number):
        return (line,)
    wanted = [part for part in line.parts if part.quantity > 0]
    if not wanted:
        return ()
    weights = _weights(wanted)
    prices = [None] * len(wanted) if line.net is None else split(line.net, weights)
    shared = zip(wanted, prices, split(line.tax, weights), strict=True)
    of_mis = [one for one in shared if product_of_part_number(subscriber, one[0].part_number)]
    return tuple(
        _part_as_line(line, part, net, tax, first=place == 0) for place, (part, net, tax) in enumerate(of_mis)
    )


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
        net=net,
        tax=tax,
        parts=(),
    )
    return own if first else structs.replace(own, shipping_net=Decimal(0), shipping_tax=Decimal(0), files=())
