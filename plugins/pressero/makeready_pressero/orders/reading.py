"""Orders by their numbers, with few calls; one whose answer alone is malformed does not hold up the others."""

from datetime import datetime

from makeready_hooks.errors import ListChanged
from makeready_hooks.model.order import Order, OrderRef

from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.mapping import orders_from, unreadable_order
from makeready_pressero.session import MalformedAnswer, Row
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import text

NO_ORDER = "0"
"""A number that none has."""


async def read_orders(
    client: PresseroClient, refs: tuple[OrderRef, ...], settings: PresseroSettings
) -> tuple[Order, ...]:
    """One search for a whole period if the dates are known and it has few others, else one per order.

    What a search of its whole period has just not shown is not searched for singly.
    """
    singly = {ref.number for ref in refs}
    rows: list[Row] = []
    dated = {ref.number: ref.placed_at for ref in refs if ref.placed_at}
    if len(dated) > 1:
        first, last = min(dated.values()), max(dated.values())
        period, complete = await _period(client, first, last, calls=len(dated))
        rows += [row for row in period if text(row.get("OrderNumber")) in singly]
        singly -= set(dated) if complete else set()
    malformed = []
    for number in sorted(singly - {text(row.get("OrderNumber")) for row in rows}):
        try:
            rows += await client.order_items(number)
        except MalformedAnswer as exc:
            await client.order_items(NO_ORDER)  # malformed, too: then it is the shop's trouble
            why = "Pressero's answer about it is not JSON"
            malformed.append(unreadable_order(number, why, exc.body, settings))
    return (*orders_from(rows, settings), *malformed)


async def _period(
    client: PresseroClient, first: datetime, last: datetime, calls: int
) -> tuple[list[Row], bool]:
    """What a period shows, and whether that is all of it."""
    try:
        rows = await client.order_items_if_few(first, last, calls=calls)
    except ListChanged as exc:
        return list(exc.read), False
    return rows or [], rows is not None


async def list_orders(
    client: PresseroClient, start: datetime, end: datetime, settings: PresseroSettings
) -> tuple[Order, ...]:
    """Of a period. Raises ListChanged with those that were read."""
    try:
        return orders_from(await client.order_items_between(start, end), settings)
    except ListChanged as exc:
        read = orders_from(exc.read, settings)
        raise ListChanged(exc.message, read=read, after_s=exc.after_s) from None
