"""A missed webhook costs delay only: shop, ledger and MIS are compared, again and again, and drift is repaired."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import structlog
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError, MakereadyError
from makeready_hooks.model.event import EventKind
from makeready_hooks.model.order import Order, OrderRef
from makeready_hooks.model.submission import PreparedOrder
from msgspec import Meta, Struct

from makeready.attention.model import COMPARED, UNANNOUNCED
from makeready.connectors import Connectors
from makeready.contexts import OrderContext
from makeready.engine.model import NewWork, Schedule, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.orders.contents.comparison import shown_otherwise
from makeready.orders.fetch import record_order, tell_apart
from makeready.orders.model import MARK, RECONCILE, RECONCILE_OLDER, LineRow, LineState
from makeready.orders.rules import TEST_MARK, decide_lines, mark_of
from makeready.orders.store.fetched import Reading
from makeready.orders.submission.far_end import far_end
from makeready.orders.submission.find import find_in_mis
from makeready.orders.submission.mark import marks_items
from makeready.subscribers.model import Subscriber

log = structlog.get_logger("makeready.orders")

OVERLAP = timedelta(hours=1)  # clocks differ, and a shop may show an order minutes late
SLICE = timedelta(days=7)  # of older orders: what is read at once stays small
WAITING_AT_ONCE = 10  # old orders that wait are looked at in turns: each may cost a call
RECORDED_TOGETHER = 100
MARK_SHOWS_S = 900.0
"""A shop may show a mark minutes after it was written."""
MARK_REPAIRS = 3


class Drift(Struct, frozen=True, kw_only=True):
    """Something that the shop, the ledger and the MIS do not agree on."""

    order: str
    line: Annotated[int, Meta(description="0 if it is about the whole order.")] = 0
    text: str
    repaired: Annotated[bool, Meta(description="It is being mended.")] = False


class Reconciled(Struct, frozen=True, kw_only=True):
    """What was compared, and what was found."""

    looked_at: int
    missing: tuple[str, ...]
    """Orders with lines of the MIS that no webhook had told us of."""
    drift: tuple[Drift, ...] = ()


async def reconcile(context: OrderContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Look now, and again after the subscriber's interval."""
    [work] = works
    subscriber = await context.subscriber(name)
    now = datetime.fromtimestamp(context.clock(), UTC)
    start = now - timedelta(days=subscriber.orders.reconcile_days)
    done = await compare(context, subscriber, start, now + OVERLAP)
    await _note_unannounced(context, subscriber, done)
    return {work.id: Retry(after_s=subscriber.orders.reconcile_every_s)}


async def reconcile_older(context: OrderContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Orders that are older than `reconcile` looks, that nobody has told of, and that were approved only now."""
    [work] = works
    subscriber = await context.subscriber(name)
    rules, now = subscriber.orders, datetime.fromtimestamp(context.clock(), UTC)
    start, end = (now - timedelta(days=one) for one in (rules.older_days, rules.reconcile_days))
    while start < end:
        await compare(context, subscriber, start, min(start + SLICE, end), older=True)
        start += SLICE
    return {work.id: Retry(after_s=rules.older_every_s)} if rules.older_days else {}


async def _note_unannounced(context: OrderContext, subscriber: Subscriber, done: Reconciled) -> None:
    """Keep when orders came in while no webhook did, of a shop that tells of them. Not after a pause of ours: then webhooks
    met nobody.
    """
    now = context.clock()
    moments = await context.store.checkpoints.of(subscriber.name)
    compared_at = moments.get(COMPARED, 0.0)
    last_webhook_at = await context.store.inbox.last_received_at(subscriber.name, now)
    steady = now - compared_at <= 2 * subscriber.orders.reconcile_every_s
    ids = (await context.connectors(subscriber)).ids
    tells = any(EventKind.ORDER in context.kinds[ids.shop_of(one)].tells for one in done.missing)
    kept = {COMPARED: now}
    is_noted = moments.get(UNANNOUNCED, 0.0) > last_webhook_at
    if tells and steady and last_webhook_at < compared_at and not is_noted:
        kept[UNANNOUNCED] = now
    await context.store.checkpoints.save(subscriber.name, kept)


async def compare(
    context: OrderContext,
    subscriber: Subscriber,
    start: datetime,
    end: datetime,
    *,
    dry_run: bool = False,
    ask_mis: bool = False,
    older: bool = False,
) -> Reconciled:
    """Take in every order placed in a period, and some older ones that still wait; repair lost marks.

    ``older``: of those that are not known only what would go now, and nothing that waits elsewhere. ``dry_run`` only
    tells. ``ask_mis`` also asks the MIS for each order that it accepted: a call each.
    Raises RetryLater or Refused if the shop or the MIS could not be asked; what was read before is taken in.
    """
    connectors = await context.connectors(subscriber)
    comparison = _Comparison(context, subscriber, connectors, dry_run=dry_run, older=older, ask_mis=ask_mis)
    away: MakereadyError | None = None
    for shop in connectors.shops:
        try:
            await comparison.of_shop(shop, start, end)
        except MakereadyError as exc:
            exc.args = (f"{shop}: {exc}" if connectors.ids.names else str(exc),)
            away = away or exc  # the others are compared all the same
    if away:
        raise away
    if ask_mis:
        await comparison.ask_mis()
    return Reconciled(
        looked_at=comparison.looked_at,
        missing=tuple(sorted(comparison.missing, key=_by_number)),
        drift=tuple(sorted(comparison.drift, key=lambda one: (_by_number(one.order), one.line))),
    )


def _by_number(number: str) -> tuple[int, str]:
    """Sorts 999 before 1000."""
    return (int(number), "") if number.isdecimal() and len(number) < 19 else (0, number)


async def _still_waiting(
    context: OrderContext, subscriber: Subscriber, connectors: Connectors, shop: str, seen: set[str]
) -> tuple[Reading, ...]:
    ids = connectors.ids
    most = WAITING_AT_ONCE * (
        100 if ids.names else 1
    )  # those of another shop, which may be away, are among them
    numbers = await context.store.ledger.waiting_orders(subscriber.name, most + len(seen))
    refs = [OrderRef(number=one) for one in numbers if one not in seen and ids.shop_of(one) == shop]
    if not refs:
        return ()
    reading = await context.store.readings.begin()
    read = await connectors.read_orders(tuple(refs[:WAITING_AT_ONCE]))
    return tuple(Reading(order, reading) for order in read)


class _Comparison:
    """One comparison of the shop's orders with what is known of them."""

    def __init__(
        self,
        context: OrderContext,
        subscriber: Subscriber,
        connectors: Connectors,
        *,
        dry_run: bool,
        older: bool,
        ask_mis: bool,
    ) -> None:
        self._context = context
        self._ledger = context.store.ledger
        self._subscriber = subscriber
        self._connectors = connectors
        self._dry_run = dry_run
        self._older = older
        self._asks_mis = ask_mis
        self._accepted: dict[str, LineRow] = {}
        """A line of each submission that the MIS accepted, if it is asked for them."""
        self.looked_at = 0
        self.missing: list[str] = []
        self.drift: list[Drift] = []

    async def of_shop(self, shop: str, start: datetime, end: datetime) -> None:
        """All of a period, and some older ones. Raises as `compare`."""
        context, connectors = self._context, self._connectors
        reading = await context.store.readings.begin()
        listed: set[str] = set()
        async for orders in connectors.order_pages(start, end, shop):
            await self.take(tuple(Reading(order, reading) for order in orders))
            listed.update(order.number for order in orders)
        if not self._older:
            await self.take(await _still_waiting(context, self._subscriber, connectors, shop, listed))
        await self._find_gone(shop, listed, start, end)

    async def take(self, readings: tuple[Reading, ...]) -> None:
        """Compare them. Two orders under one number come together: they are told apart before one can be sent."""
        self.looked_at += len(readings)
        if not self._dry_run:
            orders = {one.order.id: one.order for one in readings}
            await tell_apart(self._context, self._subscriber, list(orders.values()))
        for first in range(0, len(readings), RECORDED_TOGETHER):
            together = readings[first : first + RECORDED_TOGETHER]
            known = await self._ledger.of_orders(
                self._subscriber.name, list({one.order.number for one in together})
            )
            settled = await self._settled(together, known)
            await asyncio.gather(*(self._compare(one, known[one.order.number], settled) for one in together))

    async def _settled(
        self, readings: Sequence[Reading], known: Mapping[str, list[LineRow]]
    ) -> frozenset[str]:
        """Orders that the MIS has with all their lines, and that the shop shows as before: of those nothing is new."""
        done = {
            one.order.number: one.key.content
            for one in readings
            if (lines := known[one.order.number])
            and len(lines) == len(one.order.lines)
            and all(line.state == LineState.ACCEPTED and not line.ambiguous for line in lines)
        }
        return await self._context.store.readings.as_before(self._subscriber.name, done)

    async def _compare(self, reading: Reading, known: list[LineRow], settled: Collection[str]) -> None:
        """Note what is missing or amiss about an order; and, but for a dry run, mend it."""
        order = reading.order
        if order.problem:
            self.drift.append(Drift(order=order.number, text=order.problem))
            if not self._dry_run:
                await record_order(self._context, self._subscriber, reading)
            return
        if not known and self._older and not _goes_now(self._subscriber, order):
            return
        if not known and _concerns_mis(self._subscriber, order):
            self.missing.append(order.number)
        if not self._dry_run and order.number not in settled:
            cause = "seen in the shop" if known else "found by comparing"
            await record_order(self._context, self._subscriber, reading, cause)
        await self._compare_marks(order, {row.line: row for row in known if not row.ambiguous})

    async def _compare_marks(self, order: Order, known: Mapping[int, LineRow]) -> None:
        for line in order.lines:
            row = known.get(line.number)
            if row is None or row.state != LineState.ACCEPTED:
                continue
            if self._asks_mis:
                self._accepted.setdefault(row.submission, row)
            shown = mark_of(self._subscriber, line).removeprefix(TEST_MARK)
            if not marks_items(self._connectors, order.number) or shown in (row.mis_number, row.mis_id):
                continue
            if shown:
                self._note(row, f"the shop's item carries {shown}, and the MIS has it as {_label(row)}")
            else:
                await self._mark_again(row)

    async def _mark_again(self, row: LineRow) -> None:
        """A mark that was written and is not there. What a shop never shows is not written for ever."""
        submission = await self._ledger.submission(row.subscriber, row.submission)
        now = self._context.clock()
        if submission is None or submission.ambiguous:
            return
        if not submission.marked or 0 <= now - submission.marked_at < MARK_SHOWS_S:
            return  # it is still to be written, or to be shown
        work = NewWork(subscriber=row.subscriber, kind=MARK, key=row.submission, due_at=now)
        repaired = not self._dry_run and await self._ledger.mark_again(submission, work, at_most=MARK_REPAIRS)
        self._note(row, f"the shop's item does not carry the MIS number {_label(row)}", repaired=repaired)

    async def _find_gone(self, shop: str, listed: set[str], start: datetime, end: datetime) -> None:
        """Orders of the period that are known here and that the shop does not show."""
        known = await self._ledger.orders_between(self._subscriber.name, start.timestamp(), end.timestamp())
        self.drift += [
            Drift(order=number, text="the shop does not show this order any more")
            for number in known
            if number not in listed and self._connectors.ids.shop_of(number) == shop
        ]

    async def ask_mis(self) -> None:
        """Is each order that was accepted there, once, and as what we know it?"""
        for key, row in self._accepted.items():
            submission = await self._ledger.submission(row.subscriber, key)
            if submission is None:
                continue
            try:
                end = far_end(self._context, self._subscriber, self._connectors, submission)
            except ConfigError:  # only the MIS that it left for can tell
                continue
            prepared = PreparedOrder(key=key, payload=submission.payload)
            found = await find_in_mis(self._context, self._subscriber, self._connectors, end, prepared)
            if found.order is None and found.certain:
                self._note(row, f"the MIS does not show {key}, which it accepted as {_label(row)}")
            elif found.others:
                labels = ", ".join(one.label for one in (found.order, *found.others) if one)
                self._note(row, f"the MIS has {key} more than once: {labels}")
            elif found.order is not None and found.order.id != row.mis_id:
                self._note(row, f"the MIS shows {key} as {found.order.label}, known here as {_label(row)}")
            elif found.order is not None and (sent := await self._ledger.order_as_sent(row.subscriber, key)):
                for text in shown_otherwise(sent.contents, found.order.contents):
                    self._note(row, f"the MIS shows {_label(row)} with {text}")

    def _note(self, row: LineRow, text: str, *, repaired: bool = False) -> None:
        self.drift.append(Drift(order=row.order_number, line=row.line, text=text, repaired=repaired))


def _label(row: LineRow) -> str:
    return row.mis_number or row.mis_id


def _concerns_mis(subscriber: Subscriber, order: Order) -> bool:
    return any(decision.state is not LineState.IGNORED for decision in decide_lines(subscriber, order, {}))


def _goes_now(subscriber: Subscriber, order: Order) -> bool:
    """Also what was placed before our time: then a person decides. What carries the MIS's number was sent."""
    return any(
        decision.state in (LineState.READY, LineState.BEFORE_START)
        and not decision.unready
        and not line.mis_number
        for line, decision in zip(order.lines, decide_lines(subscriber, order, {}), strict=True)
    )


RECONCILE_OLDER_WORK = WorkType(
    kind=RECONCILE_OLDER,
    run=reconcile_older,
    side=Role.STOREFRONT,
    urgency=Urgency.UPKEEP,
    max_per_subscriber=1,
    schedules=(
        Schedule(
            title="Look for older orders that would go now",
            every_s=lambda one: one.orders.older_every_s if one.connectors and one.orders.older_days else 0.0,
        ),
    ),
)
RECONCILE_WORK = WorkType(
    kind=RECONCILE,
    run=reconcile,
    side=Role.STOREFRONT,
    outage=True,
    waits="the shop's orders to be compared",
    urgency=Urgency.POLL,
    max_per_subscriber=1,
    schedules=(
        Schedule(
            title="Compare the shop's orders with ours",
            every_s=lambda one: one.orders.reconcile_every_s if one.connectors else 0.0,
        ),
    ),
)
