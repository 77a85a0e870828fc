"""What an order in Tharstern is about, as far as the API shows it. Pure functions."""

from datetime import date
from typing import Any

from makeready_hooks.model.submission import MisLine, MisOrder, OrderContents

from makeready_tharstern import wire
from makeready_tharstern.assumptions import Assumptions

PRODUCT, QUANTITY = "StockItemID", "Quantity"
"""Members of a line, as a submission has them (seen); whether a list of orders shows them is not known."""


def mis_order(order: wire.SubmittedOrder, names: Assumptions) -> MisOrder:
    item = order.extra
    return MisOrder(
        id=str(order.id),
        number=order.number,
        key=_text(item.get(names.order_reference)),
        status=order.status,
        contents=OrderContents(
            customer=_text(item.get(names.order_customer)),
            customer_name=_text(item.get(names.order_customer_name)),
            required_on=_day(item.get(names.order_required)),
            lines=_lines(item.get(names.order_lines)),
        ),
    )


def sent_contents(order: wire.Order) -> OrderContents:
    """Of an order that is about to be sent."""
    return OrderContents(
        customer=order.invoice_customer.code,
        customer_name=order.invoice_customer.name,
        required_on=_day(order.required_date),
        lines=tuple(MisLine(product_id=one.stock_item_id, quantity=one.quantity) for one in order.items),
        total=sum((one.value.net for one in order.items), wire.ZERO),
        shipping=order.shipping.value.net,
        tax=sum((one.value.tax for one in order.items), order.shipping.value.tax),
    )


def _lines(listed: Any) -> tuple[MisLine, ...] | None:
    """None if they are not shown, or if one of them cannot be understood: then nothing can be compared."""
    if not isinstance(listed, list) or not listed:
        return None
    lines = []
    for row in listed:
        quantity = wire.whole_or_none(row.get(QUANTITY)) if isinstance(row, dict) else None
        product = _text(row.get(PRODUCT)) if isinstance(row, dict) else ""
        if quantity is None or not product:
            return None
        lines.append(MisLine(product_id=product, quantity=quantity))
    return tuple(lines)


def _text(value: Any) -> str:
    """A text, or a whole number as one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def _day(value: Any) -> date | None:
    """Of ``2021-11-15T00:00:00``; None of what is no date."""
    try:
        return date.fromisoformat(_text(value).partition("T")[0])
    except ValueError:
        return None
