"""One order, end to end: what the buyer saw, what was read, what the MIS is sent and what it shows. Pure.

A difference is told, and stops nothing: what cannot be sent at all is said by `makeready.orders.rules`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from makeready_hooks.model.order import Order, OrderLine
from makeready_hooks.model.submission import OrderContents, OrderRequest, PreparedOrder
from makeready_hooks.money import CENT
from makeready_hooks.names import same_name

NOTHING = Decimal(0)


def compare(order: Order, request: OrderRequest, prepared: PreparedOrder) -> tuple[str, ...]:
    """``order``: whole, as the shop shows it; ``request``: what the MIS's mapping was given of it."""
    numbers = {line.number for line in request.order.lines}
    lines = [line for line in order.lines if line.number in numbers]
    return (*shown_and_read(order), *_read_and_sent(lines, request, prepared.contents))


def shown_and_read(order: Order) -> Iterator[str]:
    """What the buyer saw below the order, and what its lines add up to."""
    totals, lines = order.totals, order.lines
    net = _sum(line.net for line in lines)
    discount = _sum(line.discount for line in lines)
    if totals.subtotal is not None and not any(
        _same(totals.subtotal, one, lines) for one in (net, net - discount)
    ):
        yield f"The shop shows a subtotal of {totals.subtotal}; the lines add up to {net}."
    paid = net - discount + _shipping(lines) + _tax(lines)
    if totals.total is not None and not _same(totals.total, paid, lines):
        yield (
            f"The shop shows a total of {totals.total}; the lines, less the discount, with shipping and tax, add up to "
            f"{paid}."
        )


def _read_and_sent(lines: Sequence[OrderLine], request: OrderRequest, sent: OrderContents) -> Iterator[str]:
    pairs = (
        (
            "for these lines",
            _sum(line.net for line in lines) - _sum(line.discount for line in lines),
            sent.total,
        ),
        ("for their shipping", _shipping(lines), sent.shipping),
        ("of their tax, with that of the shipping", _tax(lines), sent.tax),
    )
    for what, paid, told in pairs:
        if told is not None and not _same(paid, told, lines):
            yield f"The buyer pays {paid} {what}; the MIS gets {told}."
    mapped = zip(request.order.lines, request.product_ids, strict=True)
    read = Counter((product_id, line.quantity) for line, product_id in mapped)
    if sent.lines is not None and read != _counts(sent):
        asked = ", ".join(f"{quantity} of {product_id}" for product_id, quantity in read.elements())
        yield f"The lines are {asked}; the MIS gets {_lines(sent)}."


def _sum(amounts: Iterator[Decimal | None]) -> Decimal:
    return sum((amount or NOTHING for amount in amounts), NOTHING)


def _shipping(lines: Sequence[OrderLine]) -> Decimal:
    return _sum(line.shipping_net for line in lines)


def _tax(lines: Sequence[OrderLine]) -> Decimal:
    return _sum(line.tax + line.shipping_tax for line in lines)


def _same(one: Decimal, other: Decimal, lines: Sequence[OrderLine]) -> bool:
    """Each side may have rounded each line."""
    return abs(one - other) <= CENT * len(lines)


def differences(ours: OrderContents, theirs: OrderContents) -> Iterator[str]:
    """What an order in the MIS is not as ours, for people; what either side does not tell is not compared."""
    if ours.customer and theirs.customer and ours.customer.strip() != theirs.customer.strip():
        yield f"customer {theirs.customer}, not {ours.customer}"
    if ours.lines is not None and theirs.lines is not None and _counts(ours) != _counts(theirs):
        yield f"lines {_lines(theirs)}, not {_lines(ours)}"
    if ours.total is not None and theirs.total is not None and ours.total != theirs.total:
        yield f"a total of {theirs.total}, not {ours.total}"


def shown_otherwise(ours: OrderContents, theirs: OrderContents) -> Iterator[str]:
    """The same, with what tells no two orders apart: an MIS may keep names and dates of its own."""
    yield from differences(ours, theirs)
    names = (ours.customer_name, theirs.customer_name)
    if all(names) and not same_name(*names):
        yield f"customer name {theirs.customer_name}, not {ours.customer_name}"
    if ours.required_on and theirs.required_on and ours.required_on != theirs.required_on:
        yield f"required date {theirs.required_on}, not {ours.required_on}"


def _counts(contents: OrderContents) -> Counter[tuple[str, int | Decimal]]:
    return Counter((line.product_id, line.quantity) for line in contents.lines or ())


def _lines(contents: OrderContents) -> str:
    return ", ".join(f"{line.quantity} of {line.product_id}" for line in contents.lines or ()) or "(none)"
