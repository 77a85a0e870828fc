"""How buyers' questions were answered in the last hours."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from makeready.contexts import PriceContext
from makeready.prices.model import PriceCount, PriceOutcome
from makeready.subscribers.model import Subscriber
from makeready.times import first_hour
from makeready_prices.latency import quantile
from msgspec import Meta, Struct


class PriceSpeed(Struct, frozen=True, kw_only=True):
    """How buyers' questions for a price were answered."""

    kept: Annotated[int, Meta(description="From what was known: the MIS was not asked.")]
    asked: int
    last_known: Annotated[int, Meta(description="With the last known price, since the MIS gave none.")]
    over_budget: Annotated[
        int, Meta(description="The same, or with a reason, since more was asked than the budget allows.")
    ]
    refused: Annotated[int, Meta(description="With a reason why there is no price.")]
    p50_ms: Annotated[float | None, Meta(description="Half of the answers left within it; None without any.")]
    p95_ms: float | None

    @property
    def total(self) -> int:
        return self.kept + self.asked + self.last_known + self.over_budget + self.refused

    @property
    def kept_percent(self) -> int:
        return round(100 * self.kept / self.total) if self.total else 0


async def price_speed(context: PriceContext, subscriber: Subscriber) -> PriceSpeed:
    """Of the last 24 hours."""
    since = first_hour(context.clock())
    return speed_of(await context.store.price_counts.totals(subscriber.name, since))


def speed_of(counts: Iterable[PriceCount]) -> PriceSpeed:
    outcomes: Counter[PriceOutcome] = Counter()
    buckets: Counter[int] = Counter()
    for count in counts:
        outcomes[count.outcome] += count.n
        buckets[count.bucket] += count.n
    return PriceSpeed(
        kept=outcomes[PriceOutcome.KEPT],
        asked=outcomes[PriceOutcome.ASKED],
        last_known=outcomes[PriceOutcome.LAST_KNOWN],
        over_budget=outcomes[PriceOutcome.OVER_BUDGET],
        refused=outcomes[PriceOutcome.REFUSED],
        p50_ms=quantile(buckets, 0.5),
        p95_ms=quantile(buckets, 0.95),
    )
