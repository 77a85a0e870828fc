"""One subscriber's figures, read from the state."""

from collections.abc import Sequence

from makeready.attention.model import AttentionCounts
from makeready.engine.model import WorkCount
from makeready.installation import Installation
from makeready.outbound.model import CallCount
from makeready.stock.model import StockAges
from makeready.subscribers.model import Subscriber
from makeready.times import first_hour, midnight
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_inspect.health import Health, health_of
from makeready_inspect.price_speed import PriceSpeed, price_speed
from msgspec import Struct

from makeready_metrics.store import lines_since


class Figures(Struct, frozen=True, kw_only=True):
    """One subscriber now. Moments are seconds since 1970, 0 for never."""

    subscriber: str
    waiting: AttentionCounts
    """For a person."""
    today: dict[str, int]
    """Lines that came into a state since midnight in the subscriber's time zone."""
    health: Sequence[Health]
    work: Sequence[WorkCount]
    prices: PriceSpeed
    """Of the last 24 hours, as the calls."""
    loads: Sequence[CallCount]
    stock: StockAges
    last_webhook_at: float
    last_placed_at: float


async def figures_of(installation: Installation, subscriber: Subscriber) -> Figures:
    store, name = installation.store, subscriber.name
    facts = await collect_inputs(installation, subscriber)
    today = midnight(subscriber.alerts.time_zone, facts.now)
    return Figures(
        subscriber=name,
        waiting=await store.attention.counts(name),
        today=await lines_since(store.database, name, today),
        health=health_of(installation, subscriber, facts),
        work=await store.work.by_kind(name),
        prices=await price_speed(installation, subscriber),
        loads=await store.calls.totals(name, first_hour(facts.now)),
        stock=await store.stock.ages(name),
        last_webhook_at=facts.last_webhook_at,
        last_placed_at=facts.last_placed_at,
    )
