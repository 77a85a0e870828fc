"""What would be sent, under the settings of today, without sending it."""

from makeready_hooks.errors import ConfigError, Refused
from makeready_hooks.model.order import Order, OrderRef
from makeready_hooks.model.submission import OrderContents
from msgspec import Struct, structs

from makeready.connectors import Connectors
from makeready.contexts import PreviewContext
from makeready.orders.fetch import order_routes
from makeready.orders.model import LineState
from makeready.orders.rules import decide_lines
from makeready.orders.settings import ShippingChoice
from makeready.orders.submission.prepare import prepare
from makeready.subscribers.model import Subscriber


class Preview(Struct, frozen=True, kw_only=True):
    """One MIS order, or lines that would not go."""

    key: str = ""
    mis: str = ""
    """The connector of the MIS that would get it."""
    shop: str = ""
    """The connector of the shop that has the order, where there are several."""
    lines: tuple[int, ...]
    payload: bytes = b""
    contents: OrderContents = OrderContents()
    """What the payload says."""
    reason: str = ""
    """Why the lines would not be sent, or why they cannot be mapped."""
    order: Order | None = None
    """As the shop shows it."""
    shipping: tuple[ShippingChoice, ...] = ()
    differences: tuple[str, ...] = ()
    """What the buyer saw, the shop's lines and the MIS do not agree on; files that it does not take."""


async def preview_order(context: PreviewContext, subscriber: Subscriber, number: str) -> list[Preview]:
    """Raises ConfigError if the shop has no such order; RetryLater or Refused if it cannot be asked."""
    connectors = await context.connectors(subscriber)
    order = await read_one(connectors, number)
    known = await context.store.ledger.known(subscriber.name, number)
    given = {line: one.submission for line, one in known.items() if one.submission}
    by_key: dict[str, list[int]] = {}
    previews = []
    decisions = decide_lines(subscriber, order, known, await order_routes(context, subscriber, order))
    makers = {one.submission or given.get(one.line, ""): one.mis for one in decisions}
    for decision in decisions:
        if decision.unfit:
            previews.append(Preview(key=decision.submission, lines=(decision.line,), reason=decision.unfit))
        elif decision.state is LineState.READY or decision.line in given:
            by_key.setdefault(decision.submission or given[decision.line], []).append(decision.line)
        else:
            previews.append(Preview(lines=(decision.line,), reason=f"{decision.state}: {decision.reason}"))
    mapped = [
        await _map(context, subscriber, connectors, makers[key], order, key, tuple(lines))
        for key, lines in by_key.items()
    ]
    shop = connectors.ids.named(number)
    return [structs.replace(one, order=order, shop=shop) for one in (*mapped, *previews)]


async def read_one(connectors: Connectors, number: str) -> Order:
    """As the shop shows it now. Raises as `preview_order`."""
    found = await connectors.read_orders((OrderRef(number=number),))
    if not found:
        raise ConfigError(f"The shop has no order {number}.", field="number", fix="Check the number.")
    if found[0].problem:
        raise Refused(found[0].problem)
    return found[0]


async def _map(
    context: PreviewContext,
    subscriber: Subscriber,
    connectors: Connectors,
    mis: str,
    order: Order,
    key: str,
    lines: tuple[int, ...],
) -> Preview:
    try:
        taker = connectors.taker(mis)
        prepared, shown = await prepare(context, subscriber, connectors, taker, key, order, lines)
    except Refused as exc:
        return Preview(key=key, lines=lines, reason=str(exc))
    left_behind = (f"Line {one.line}, {one.file_name}: {one.error}" for one in shown.files if one.error)
    return Preview(
        key=key,
        mis=taker,
        lines=lines,
        payload=prepared.payload,
        contents=prepared.contents,
        shipping=shown.shipping,
        differences=(*shown.differences, *left_behind),
    )
