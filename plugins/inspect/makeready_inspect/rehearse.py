"""A rehearsal: what would happen with each order of a period under the settings of today. It only reads."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated

from makeready.connectors import Connectors
from makeready.contexts import PreviewContext
from makeready.orders.contents.comparison import shown_otherwise
from makeready.orders.fetch import as_datetime, order_routes
from makeready.orders.model import FarEnd, KnownLine, LineDecision, LineRow, LineState
from makeready.orders.rules import NEW, decide_lines
from makeready.orders.submission.far_end import new_orders_end
from makeready.orders.submission.find import find_in_mis
from makeready.orders.submission.prepare import prepare
from makeready.subscribers.model import Subscriber
from makeready_hooks import Capability, Role
from makeready_hooks.errors import MakereadyError, Refused
from makeready_hooks.model.order import Order, OrderRef
from makeready_hooks.model.submission import MisOrder, PreparedOrder
from msgspec import Meta, Struct

WOULD_GO = "would be sent"
IN_MIS = "already in the MIS"
BEFORE = "before our time"
SENT = "sent before"
UNMAPPED = "cannot be sent"


class Rehearsed(Struct, frozen=True, kw_only=True):
    """What would become of one line, or of lines that go together."""

    order: str
    site: str
    lines: tuple[int, ...]
    key: Annotated[str, Meta(description="Of its submission; empty if it would not be sent.")] = ""
    outcome: str
    reason: str = ""
    payload: Annotated[bytes, Meta(description="What would be sent, as the MIS takes it.")] = b""
    mis_number: Annotated[str, Meta(description="Of the order that the MIS has under this key.")] = ""
    differences: Annotated[
        tuple[str, ...], Meta(description="What the MIS's order is not as it would be sent.")
    ] = ()
    money: Annotated[
        tuple[str, ...], Meta(description="What the buyer saw, the shop's lines and the MIS do not agree on.")
    ] = ()


class Rehearsal(Struct, frozen=True, kw_only=True):
    orders: int
    lines: tuple[Rehearsed, ...]
    asked_mis: Annotated[bool, Meta(description="Whether the MIS can be asked what it has.")]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(one.outcome for one in self.lines))


async def rehearse(
    context: PreviewContext, subscriber: Subscriber, start: datetime, end: datetime
) -> Rehearsal:
    """Orders placed in a period, with the real accounts. Raises RetryLater or Refused if they cannot be read."""
    connectors = await context.connectors(subscriber)
    return await _rehearse(context, subscriber, connectors, connectors.order_pages(start, end))


async def rehearse_known(
    context: PreviewContext, subscriber: Subscriber, lines: Sequence[LineRow]
) -> Rehearsal:
    """Orders of which these lines are known. Raises as `rehearse`."""
    connectors = await context.connectors(subscriber)
    numbers = list(dict.fromkeys(line.order_number for line in lines))
    placed = await context.store.ledger.placed_at(subscriber.name, numbers)
    refs = tuple(OrderRef(number=one, placed_at=as_datetime(placed.get(one))) for one in numbers)

    async def pages() -> AsyncIterator[tuple[Order, ...]]:
        if refs:
            yield await connectors.read_orders(refs)

    return await _rehearse(context, subscriber, connectors, pages())


async def _rehearse(
    context: PreviewContext,
    subscriber: Subscriber,
    connectors: Connectors,
    pages: AsyncIterator[tuple[Order, ...]],
) -> Rehearsal:
    stage = _Stage(context, subscriber, connectors)
    found: list[Rehearsed] = []
    count = 0
    async for orders in pages:
        count += len(orders)
        found += [one for order in orders for one in await stage.play(order)]
    return Rehearsal(orders=count, lines=tuple(found), asked_mis=stage.asks)


class _Stage:
    """One rehearsal with one subscriber's accounts."""

    def __init__(self, context: PreviewContext, subscriber: Subscriber, connectors: Connectors) -> None:
        self._context = context
        self._subscriber = subscriber
        self._connectors = connectors
        self.asks = connectors.any_can(Role.MIS, Capability.FIND_SUBMITTED_ORDER)

    async def play(self, order: Order) -> list[Rehearsed]:
        if order.problem:
            return [self._of(order, (), UNMAPPED, order.problem)]
        known = await self._context.store.ledger.known(self._subscriber.name, order.number)
        played: list[Rehearsed] = []
        together: dict[str, list[LineDecision]] = {}
        routes = await order_routes(self._context, self._subscriber, order)
        for decision in decide_lines(self._subscriber, order, known, routes):
            if known.get(decision.line, NEW).left:
                key = known[decision.line].submission
                played.append(self._of(order, (decision.line,), SENT, f"as {key}", key))
            elif key := _key(
                self._subscriber.orders.reference(order.number), decision, known.get(decision.line)
            ):
                together.setdefault(key, []).append(decision)
            else:
                played.append(self._of(order, (decision.line,), _outcome(decision), decision.reason))
        return played + [await self._map(order, key, decisions) for key, decisions in together.items()]

    async def _map(self, order: Order, key: str, decisions: Sequence[LineDecision]) -> Rehearsed:
        lines = tuple(decision.line for decision in decisions)
        outcome, reason = _outcome(decisions[0]), decisions[0].unfit or decisions[0].reason
        if decisions[0].unfit:
            return self._of(order, lines, UNMAPPED, reason, key)
        given = (self._context, self._subscriber, self._connectors)
        try:
            end = new_orders_end(*given, decisions[0].mis)
            prepared, shown = await prepare(*given, end.connector, key, order, lines)
        except Refused as exc:
            return self._of(order, lines, UNMAPPED, str(exc), key)
        has = await self._ask(end, prepared)
        return Rehearsed(
            order=order.number,
            site=order.site,
            lines=lines,
            key=key,
            outcome=IN_MIS if has else outcome,
            reason=reason,
            payload=prepared.payload,
            mis_number=has.label if has else "",
            differences=tuple(shown_otherwise(prepared.contents, has.contents)) if has else (),
            money=shown.differences,
        )

    async def _ask(self, end: FarEnd, prepared: PreparedOrder) -> MisOrder | None:
        if not self.asks:
            return None
        try:
            found = await find_in_mis(self._context, self._subscriber, self._connectors, end, prepared)
        except MakereadyError:
            self.asks = False
            return None
        return found.order

    @staticmethod
    def _of(order: Order, lines: tuple[int, ...], outcome: str, reason: str, key: str = "") -> Rehearsed:
        return Rehearsed(
            order=order.number, site=order.site, lines=lines, key=key, outcome=outcome, reason=reason
        )


def _key(reference: str, decision: LineDecision, known: KnownLine | None) -> str:
    """Under which a line would go, or has gone; of one from before our time, that under which it would."""
    if decision.submission or (known is not None and known.submission):
        return decision.submission or (known.submission if known else "")
    return f"{reference}-{decision.line}" if decision.state is LineState.BEFORE_START else ""


def _outcome(decision: LineDecision) -> str:
    match decision.state:
        case LineState.READY:
            return WOULD_GO
        case LineState.BEFORE_START:
            return BEFORE
        case _:
            return decision.state.value
