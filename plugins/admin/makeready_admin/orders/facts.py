"""What a buyer told with an order, as people call it. Pure."""

from collections.abc import Iterable

from makeready_hooks.model.order import Order
from makeready_hooks.model.submission import ResolvedId


def facts_of(order: Order) -> list[tuple[str, str]]:
    """What the shop tells of it; what it does not tell is not there."""
    dates = sorted({line.required_on for line in order.lines if line.required_on})
    told = (
        ("PO number", order.po_number),
        ("order number in the shop", order.number),
        ("requested ship date", ", ".join(day.isoformat() for day in dates)),
        ("payment method", order.payment_method),
        ("cost centre", order.cost_centre),
    )
    return [(label, text) for label, text in told if text.strip()]


def ids_of(resolved: Iterable[ResolvedId]) -> list[tuple[str, str]]:
    """What went under the MIS's own ids, and how each was found."""
    return [(f"{one.kind} in the MIS", f"{one.id}, {one.text}") for one in resolved]
