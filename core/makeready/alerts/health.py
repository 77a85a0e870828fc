"""A subscriber at a glance: today, what waits, and whether both sides are well."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from makeready_hooks import Role
from makeready_hooks.errors import ConfigError
from msgspec import Struct

from makeready.alerts.attention_model import AttentionCounts
from makeready.alerts.rules import Alarm, AlertInputs, alarms
from makeready.alerts.watch import collect_inputs
from makeready.engine.model import FailingWork, WorkCount
from makeready.installation import Installation
from makeready.orders.model import RECONCILE
from makeready.outbound.usage import CallLoad, call_loads
from makeready.prices.usage import PriceSpeed, price_speed
from makeready.stock.model import StockAges
from makeready.subscribers.model import Subscriber
from makeready.times import from_seconds
from makeready.webhooks.model import Received

SHOWN_DAYS = 14
DAY_S = 86_400.0
NOON_S = 43_200.0
"""From midnight: a change of the clocks in these days moves no day."""


class Health(Struct, frozen=True, kw_only=True):
    """How the last regular calls of a connector went."""

    connector: str
    title: str
    ok: bool
    text: str
    at: float = 0.0
    """When it went well last, or since when it does not; 0 if that is not known."""


class Overview(Struct, frozen=True, kw_only=True):
    subscriber: Subscriber
    facts: AlertInputs
    waiting: AttentionCounts
    """For a person."""
    today: dict[str, int]
    """Lines that came into a state since midnight in the subscriber's time zone."""
    health: Sequence[Health]
    webhooks: Received
    """Of the last 24 hours."""
    prices: PriceSpeed
    loads: Sequence[CallLoad]
    stock: StockAges

    @property
    def last_webhook_at(self) -> float:
        return self.facts.last_webhook_at

    @property
    def last_placed_at(self) -> float:
        return self.facts.last_placed_at


class Day(Struct, frozen=True, kw_only=True):
    name: str
    """``02 Mar``."""
    counts: dict[str, int]
    """Lines by the state that they came into on this day; none for a state without any."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class Details(Struct, frozen=True, kw_only=True):
    alarms: Sequence[Alarm]
    work: Sequence[WorkCount]


async def overview(installation: Installation, subscriber: Subscriber) -> Overview:
    store, name = installation.store, subscriber.name
    facts = await collect_inputs(installation, subscriber)
    return Overview(
        subscriber=subscriber,
        facts=facts,
        waiting=await store.attention.counts(name),
        today=await store.overview.changed_since(name, midnight(subscriber, facts.now)),
        health=[_health(installation, one, facts) for one in subscriber.connectors],
        webhooks=await store.inbox.since(name, facts.now - DAY_S),
        prices=await price_speed(installation, subscriber),
        loads=await call_loads(installation, subscriber),
        stock=await store.stock.ages(name),
    )


async def details(installation: Installation, seen: Overview) -> Details:
    return Details(
        alarms=alarms(seen.subscriber, seen.facts),
        work=await installation.store.overview.work(seen.subscriber.name),
    )


async def last_days(installation: Installation, subscriber: Subscriber) -> list[Day]:
    """The last two weeks, the oldest day first."""
    start = midnight(subscriber, installation.clock(), days_ago=SHOWN_DAYS - 1)
    by_state = await installation.store.overview.by_day(subscriber.name, start, days=SHOWN_DAYS)
    first = from_seconds(start + NOON_S)
    return [
        Day(
            name=(first + timedelta(days=number)).strftime("%d %b"),
            counts={state: counts[number] for state, counts in by_state.items() if counts[number]},
        )
        for number in range(SHOWN_DAYS)
    ]


def midnight(subscriber: Subscriber, now: float, *, days_ago: int = 0) -> float:
    """The beginning of a day in the subscriber's time zone."""
    today = from_seconds(now).astimezone(ZoneInfo(subscriber.alerts.time_zone))
    start = today.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    return start.timestamp()


def _health(installation: Installation, name: str, facts: AlertInputs) -> Health:
    try:
        kind = installation.kind(name)
    except ConfigError as exc:
        return Health(connector=name, title=name, ok=False, text=str(exc))
    is_mis = kind.role is Role.MIS
    good_at = facts.last_accepted_at if is_mis else facts.compared_at
    went_well = "It took the last order that was sent." if is_mis else "Its orders were compared."
    troubles = [
        work
        for work in facts.failing
        if facts.concerns(work, kind.role) and _is_trouble(work, facts, good_at)
    ]
    if troubles:
        worst = troubles[0]
        return Health(connector=name, title=kind.title, ok=False, text=worst.error, at=worst.failing_since)
    text = went_well if good_at else "Nothing was asked of it yet."
    return Health(connector=name, title=kind.title, ok=True, text=text, at=good_at)


def _is_trouble(work: FailingWork, facts: AlertInputs, good_at: float) -> bool:
    """The connection's own, not that of one order: what a person has to change, the regular comparison, and
    orders that are not taken since others were.
    """
    if work.needs_person or work.kind == RECONCILE:
        return True
    return facts.is_outage(work, Role.MIS) and work.failing_since > good_at
