"""A subscriber at a glance: today, what waits, and whether both sides are well."""

from collections.abc import Sequence
from datetime import timedelta

from makeready.attention.model import AttentionCounts
from makeready.engine.model import WorkCount
from makeready.installation import Installation
from makeready.stock.model import StockAges
from makeready.subscribers.model import Subscriber
from makeready.times import from_seconds, midnight
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_inspect.alarms import Alarm, AlertInputs, alarms
from makeready_inspect.health import Health, health_of
from makeready_inspect.price_speed import PriceSpeed, price_speed
from msgspec import Struct

from makeready_admin.home.loads import CallLoad, call_loads
from makeready_admin.home.store import Received, lines_of, traffic_of
from makeready_admin.languages.formats import short_day

SHOWN_DAYS = 14
DAY_S = 86_400.0
NOON_S = 43_200.0
"""From midnight: a change of the clocks in these days moves no day."""


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
    facts, counts = await collect_inputs(installation, subscriber), lines_of(installation)
    return Overview(
        subscriber=subscriber,
        facts=facts,
        waiting=await store.attention.counts(name),
        today=await counts.changed_since(name, midnight(subscriber.alerts.time_zone, facts.now)),
        health=health_of(installation, subscriber, facts),
        webhooks=await traffic_of(installation).webhooks(name, facts.now - DAY_S),
        prices=await price_speed(installation, subscriber),
        loads=await call_loads(installation, subscriber),
        stock=await store.stock.ages(name),
    )


async def details(installation: Installation, seen: Overview) -> Details:
    return Details(
        alarms=alarms(seen.subscriber, seen.facts),
        work=await installation.store.work.by_kind(seen.subscriber.name),
    )


async def last_days(installation: Installation, subscriber: Subscriber) -> list[Day]:
    """The last two weeks, the oldest day first."""
    start = midnight(subscriber.alerts.time_zone, installation.clock(), days_ago=SHOWN_DAYS - 1)
    by_state = await lines_of(installation).by_day(subscriber.name, start, days=SHOWN_DAYS)
    first = from_seconds(start + NOON_S)
    return [
        Day(
            name=short_day(first + timedelta(days=number)),
            counts={state: counts[number] for state, counts in by_state.items() if counts[number]},
        )
        for number in range(SHOWN_DAYS)
    ]
