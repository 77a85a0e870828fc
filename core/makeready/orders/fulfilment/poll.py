"""Following accepted orders in the MIS, so that the shop can be told of their status and their parcels.

Off unless a subscriber's rules say otherwise, or the MIS tells of refusals after its yes. Every look starts afresh with
what the MIS says, so that a missed event, a lost answer or a dead process costs delay only.
"""

from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence

import structlog
from makeready_hooks import Role
from makeready_hooks.errors import MakereadyError, NotSupported, OutcomeUnknown, RetryLater
from makeready_hooks.model.order import Order, OrderRef
from makeready_hooks.model.progress import OrderProgress, ProgressKind, Shipment, ShippedLine
from makeready_hooks.model.submission import AcceptedOrder
from makeready_hooks.names import same_name
from msgspec import Struct, structs

from makeready.connectors import Connectors
from makeready.contexts import FulfilmentContext
from makeready.engine.model import Flow, Schedule, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry, backoff_s
from makeready.orders.after_yes import follows, reject_accepted
from makeready.orders.fulfilment.model import (
    PROGRESS,
    LineProgress,
    ShipmentRow,
    ShipmentState,
    StatusRules,
    WatchedOrder,
)
from makeready.orders.fulfilment.rules import (
    contents_of,
    is_finished,
    kind_of,
    part_shipped,
    rejection,
    wanted_stage,
)
from makeready.orders.fulfilment.write_back import QUIET_S, ShopWriteBack
from makeready.orders.model import FarEnd
from makeready.orders.submission.far_end import far_ends
from makeready.subscribers.model import Subscriber
from makeready.times import from_seconds

ORDERS_AT_ONCE = 200
DAY_S = 86_400.0
SETTLED = (ShipmentState.WRITTEN, ShipmentState.REFUSED)

log = structlog.get_logger("makeready.progress")


async def poll_status(context: FulfilmentContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Look at every order that is not finished, and again after the subscriber's interval.

    Work with a submission's key looks at that order alone, finished or not.
    """
    subscriber = await context.subscriber(name)
    connectors = await context.connectors(subscriber)
    if not follows(subscriber, connectors):
        return {}
    following = _StatusPoll(context, subscriber, connectors, max(work.attempts for work in works))
    try:
        await following.run(await _orders(context, subscriber, works))
    except NotSupported as exc:
        log.error("progress cannot be followed", subscriber=name, error=str(exc))
    return {work.id: again for work in works if (again := following.again(work)) is not None}


async def _orders(
    context: FulfilmentContext, subscriber: Subscriber, works: Sequence[Work]
) -> list[WatchedOrder]:
    """Those that the MIS has to which the settings lead now: in another one their numbers mean other orders."""
    progress = context.store.progress
    found: dict[str, WatchedOrder] = {}
    if any(not work.key for work in works):
        since = context.clock() - subscriber.status.watch_days * DAY_S
        found = {order.key: order for order in await progress.watched(subscriber.name, since)}
    for key in [work.key for work in works if work.key]:
        if (order := await progress.of_key(subscriber.name, key)) is not None:
            found[key] = order
    ends = far_ends(context, subscriber) or ()
    return [order for order in found.values() if _is_here(order, subscriber, ends)]


def _is_here(order: WatchedOrder, subscriber: Subscriber, ends: Sequence[FarEnd]) -> bool:
    if not order.connector:
        return order.environment in ("", subscriber.environment)
    return FarEnd(order.connector, order.environment, order.far_end) in ends


class _Seen(Struct, frozen=True, kw_only=True):
    """One order, its status in the MIS, and what of it the shop may have to be told."""

    order: WatchedOrder
    status: str
    kind: ProgressKind
    lines: tuple[LineProgress, ...]
    parcels: tuple[ShipmentRow, ...]


class _StatusPoll:
    """One look at some orders of one subscriber."""

    def __init__(
        self, context: FulfilmentContext, subscriber: Subscriber, connectors: Connectors, attempts: int
    ) -> None:
        self._context = context
        self._progress = context.store.progress
        self._subscriber = subscriber
        self._rules = subscriber.status
        self._connectors = connectors
        self._attempts = attempts
        self._early: dict[str, Retry] = {}
        """Orders that are to be looked at before their turn, by their keys."""

    async def run(self, orders: Sequence[WatchedOrder]) -> None:
        for start in range(0, len(orders), ORDERS_AT_ONCE):
            await self._look(orders[start : start + ORDERS_AT_ONCE])

    def again(self, work: Work) -> Retry | None:
        """When the work comes again: before its turn if one of its orders has to."""
        early = [again for key, again in self._early.items() if work.key in ("", key)]
        if work.key and not early:
            return None
        error = next((one.error for one in early if one.error), "")
        return Retry(error=error, after_s=min([self._rules.poll_every_s, *map(_after_s, early)]))

    async def _look(self, orders: Sequence[WatchedOrder]) -> None:
        """Read one batch from the MIS, and from the shop those of which it is to be told something."""
        found = await self._read_mis(orders)
        seen = [
            await self._take_in(order, found[order.key])
            for order in orders
            if order.key in found and not await self._ends(order, found[order.key])
        ]
        due = [one for one in seen if self._rules.enabled and (one.parcels or one.lines)]
        shop = await self._read_shop([one.order for one in due])
        for one in due:
            if one.order.order_number in shop:
                await self._tell(one, shop[one.order.order_number])
        for one in seen:
            await self._finish(one)

    async def _read_mis(self, orders: Sequence[WatchedOrder]) -> dict[str, OrderProgress]:
        """By our keys. Each MIS is asked for what it took: the numbers of two can be the same."""
        found: dict[str, OrderProgress] = {}
        of_mis: dict[str, list[WatchedOrder]] = {}
        for order in orders:
            of_mis.setdefault(order.connector or self._connectors.taker(), []).append(order)
        for mis, taken in of_mis.items():
            asked = tuple(dict.fromkeys(map(_accepted, taken)))
            told = {one.accepted: one for one in await self._connectors.read_order_progress(mis, asked)}
            found |= {one.key: told[_accepted(one)] for one in taken if _accepted(one) in told}
        return found

    async def _ends(self, order: WatchedOrder, progress: OrderProgress) -> bool:
        """The MIS does not make it after all: *accepted* was not the end."""
        if words := rejection(self._rules, progress):
            await reject_accepted(self._context, self._subscriber, order.key, words)
        return bool(words)

    async def _take_in(self, order: WatchedOrder, progress: OrderProgress) -> _Seen:
        """Keep the status; see which lines and which parcels ask for something."""
        if progress.status and any(line.status != progress.status for line in order.lines):
            await self._progress.see_status(order, progress.status, self._context.clock())
        parcels = await self._parcels(order, progress.shipments) if self._rules.ship else ()
        lines = tuple(line for line in order.lines if self._asks(order, progress.status, line))
        kind = kind_of(self._rules, progress)
        return _Seen(order=order, status=progress.status, kind=kind, lines=lines, parcels=parcels)

    async def _parcels(self, order: WatchedOrder, told: tuple[Shipment, ...]) -> tuple[ShipmentRow, ...]:
        if not told:
            return ()
        sent = await self._context.store.ledger.order_as_sent(order.subscriber, order.key)
        rows = {row.tracking: row for row in await self._progress.shipments(order.subscriber, order.key)}
        now, due = self._context.clock(), []
        for one in told:
            lines = contents_of(self._subscriber, sent.order.lines if sent else (), one.lines)
            row = rows.get(one.tracking) or _new_row(order, one, lines, now)
            if row.quiet_until > now:
                self._come_early(order, row.quiet_until - now)
            elif row.state not in SETTLED:
                due.append(row)
        return tuple(due)

    def _asks(self, order: WatchedOrder, status: str, line: LineProgress) -> bool:
        """Whether the shop has to be read for a line: to settle an open move, or to make one."""
        quiet_s = line.quiet_until - self._context.clock()
        if line.moving_to and quiet_s > 0:
            self._come_early(order, quiet_s)
            return False
        return bool(line.moving_to or wanted_stage(self._rules_of(order), status, line))

    def _rules_of(self, order: WatchedOrder) -> StatusRules:
        return self._rules.of_shop(self._connectors.ids.shop_of(order.order_number))

    async def _read_shop(self, orders: Sequence[WatchedOrder]) -> dict[str, Order]:
        found: list[Order] = []
        for of_shop in self._connectors.ids.by_shop(orders, lambda one: one.order_number).values():
            refs = {one.order_number: _ref(one) for one in of_shop}
            try:
                found += await self._connectors.read_orders(tuple(refs.values()))
            except MakereadyError as exc:  # another shop is told all the same
                for one in of_shop:
                    self._try_later(one, exc)
        for order in found:
            if order.problem:
                log.error("an order cannot be read", subscriber=self._subscriber.name, problem=order.problem)
        shown = Counter(order.number for order in found)
        return {one.number: one for one in found if shown[one.number] == 1 and not one.problem}

    async def _tell(self, seen: _Seen, order: Order) -> None:
        """Parcels first: a stage can send the buyer a message, and that may show the tracking number."""
        informing = ShopWriteBack(self._context, self._subscriber, self._connectors, seen.order, order)
        for parcel in seen.parcels:
            await self._try(seen.order, informing.ship(parcel))
        for line in seen.lines:
            await self._try(seen.order, informing.move(line, seen.status))

    async def _try(self, order: WatchedOrder, step: Awaitable[None]) -> None:
        """The trouble of one step does not hold up the others."""
        try:
            await step
        except OutcomeUnknown as exc:
            log.warning("it is not known whether the shop was told", order=order.key, error=str(exc))
            self._come_early(order, QUIET_S)
        except MakereadyError as exc:
            self._try_later(order, exc)
        except Exception:  # a defect that one order meets must not leave the others half done
            log.exception("the shop could not be told", order=order.key)
            self._come_early(order, backoff_s(self._attempts), "An internal error; see the log.")

    def _try_later(self, order: WatchedOrder, exc: MakereadyError) -> None:
        after_s = exc.after_s if isinstance(exc, RetryLater) else None
        self._come_early(order, after_s or backoff_s(self._attempts), str(exc))

    def _come_early(self, order: WatchedOrder, after_s: float, error: str = "") -> None:
        before = self._early.get(order.key, Retry(after_s=after_s))
        self._early[order.key] = Retry(error=error or before.error, after_s=min(after_s, _after_s(before)))

    async def _finish(self, seen: _Seen) -> None:
        """Look no more at what has nothing more to be told."""
        if seen.kind is ProgressKind.DONE and not self._rules.enabled:
            await self._progress.finish(seen.order)
        rules = self._rules_of(seen.order)
        if rules.way and not same_name(rules.stage_for(seen.status), rules.way[-1]):
            return
        order = await self._progress.of_key(self._subscriber.name, seen.order.key)
        parcels = await self._progress.shipments(self._subscriber.name, seen.order.key)
        sent = await self._context.store.ledger.order_as_sent(seen.order.subscriber, seen.order.key)
        counted = (
            part_shipped(sent.order.lines, parcels) if sent and seen.kind is ProgressKind.RUNNING else ()
        )
        if self._rules.ship and (counted or seen.kind is ProgressKind.PART_SHIPPED):  # more will come
            return
        settled = [row.state in SETTLED for row in parcels]
        if order is not None and is_finished(rules, order.lines, settled):
            await self._progress.finish(order)


def _accepted(order: WatchedOrder) -> AcceptedOrder:
    return AcceptedOrder(id=order.mis_id, number=order.mis_number)


def _ref(order: WatchedOrder) -> OrderRef:
    placed_at = from_seconds(order.placed_at) if order.placed_at else None
    return OrderRef(number=order.order_number, placed_at=placed_at)


def _new_row(
    order: WatchedOrder, shipment: Shipment, lines: tuple[ShippedLine, ...], now: float
) -> ShipmentRow:
    """A parcel that the MIS gives no date left when it was seen first."""
    told = structs.asdict(shipment) | {"lines": lines}
    left_at = shipment.shipped_at.timestamp() if shipment.shipped_at else now
    return ShipmentRow(**told | {"submission": order.key, "shipped_at": left_at, "state": ShipmentState.DUE})


def _after_s(again: Retry) -> float:
    return again.after_s or 0.0


STATUS_WORK = WorkType(
    kind=PROGRESS,
    run=poll_status,
    flow=Flow.WRITE_BACK,
    title="Ask the MIS how far it is, and tell the shop",
    side=Role.MIS,
    batch=100,  # orders that events tell of, asked for together
    urgency=Urgency.UPKEEP,
    max_per_subscriber=2,
    schedules=(
        Schedule(
            title="Ask the MIS how far orders are, and tell the shop",
            every_s=lambda one: one.status.poll_every_s if one.status.follows else 0.0,
        ),
    ),
)
