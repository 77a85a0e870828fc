"""How a subscriber's prices, calls and stock do: counts of the last hours, for people."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from makeready.installation import Installation
from makeready.prices.speed import quantile
from makeready.records import CallPeak, PriceCount, PriceOutcome, Subscriber

HOUR_S = 3600.0
SHOWN_HOURS = 24
"""The hour that is not over yet is the last of them."""


class PriceSpeed(Struct, frozen=True, kw_only=True):
    """How buyers' questions for a price were answered."""

    kept: int
    """From what was known: the MIS was not asked."""
    asked: int
    last_known: int
    """With the last known price, since the MIS gave none."""
    refused: int
    """With a reason why there is no price."""
    p50_ms: float | None
    """Half of the answers left within it; None without any."""
    p95_ms: float | None

    @property
    def total(self) -> int:
        return self.kept + self.asked + self.last_known + self.refused

    @property
    def kept_percent(self) -> int:
        return round(100 * self.kept / self.total) if self.total else 0


class PriceHour(Struct, frozen=True, kw_only=True):
    at: float
    """When the hour began."""
    speed: PriceSpeed


class CallLoad(Struct, frozen=True, kw_only=True):
    """Calls through one connector to one host."""

    connector: str
    host: str
    calls: int
    failed: int
    ms: float
    """On average."""


class LimitHour(Struct, frozen=True, kw_only=True):
    at: float
    peak: int
    """The most calls that left within one window; 0 in an hour without any."""


class LimitUse(Struct, frozen=True, kw_only=True):
    """How near all calls from this installation came to a host's limit."""

    connector: str
    host: str
    most: int
    """As many may leave within ``per_s`` seconds."""
    per_s: int
    hours: Sequence[LimitHour]

    @property
    def peak(self) -> int:
        return max(one.peak for one in self.hours)


async def price_speed(installation: Installation, subscriber: Subscriber) -> PriceSpeed:
    """Of the last 24 hours."""
    return _speed(await installation.store.price_counts.totals(subscriber.name, _first_hour(installation)))


async def price_hours(installation: Installation, subscriber: Subscriber) -> list[PriceHour]:
    """Each of the last 24 hours, the oldest first."""
    first = _first_hour(installation)
    by_hour: dict[int, list[PriceCount]] = {hour: [] for hour in range(first, first + SHOWN_HOURS)}
    for count in await installation.store.price_counts.since(subscriber.name, first):
        by_hour.setdefault(count.hour, []).append(count)
    return [PriceHour(at=hour * HOUR_S, speed=_speed(counts)) for hour, counts in by_hour.items()]


async def call_loads(installation: Installation, subscriber: Subscriber) -> list[CallLoad]:
    """Of the last 24 hours, by connector and host."""
    return [
        CallLoad(
            connector=one.connector,
            host=one.host,
            calls=one.calls,
            failed=one.failed,
            ms=one.ms / one.calls,
        )
        for one in await installation.store.calls.totals(subscriber.name, _first_hour(installation))
    ]


async def limit_uses(
    installation: Installation, subscriber: Subscriber, loads: Sequence[CallLoad]
) -> list[LimitUse]:
    """Of the hosts of these loads, over the last 24 hours; none for a host without a limit."""
    first = _first_hour(installation)
    connectors = {load.host: load.connector for load in loads if load.connector in subscriber.connectors}
    by_host: dict[str, dict[int, CallPeak]] = {}
    for peak in await installation.store.calls.peaks(list(connectors), first):
        by_host.setdefault(peak.host, {})[peak.hour] = peak
    return [_use(connectors[host], peaks, first) for host, peaks in sorted(by_host.items())]


def _first_hour(installation: Installation) -> int:
    return int(installation.clock() // HOUR_S) - SHOWN_HOURS + 1


def _speed(counts: Iterable[PriceCount]) -> PriceSpeed:
    outcomes: Counter[PriceOutcome] = Counter()
    buckets: Counter[int] = Counter()
    for count in counts:
        outcomes[count.outcome] += count.n
        buckets[count.bucket] += count.n
    return PriceSpeed(
        kept=outcomes[PriceOutcome.KEPT],
        asked=outcomes[PriceOutcome.ASKED],
        last_known=outcomes[PriceOutcome.LAST_KNOWN],
        refused=outcomes[PriceOutcome.REFUSED],
        p50_ms=quantile(buckets, 0.5),
        p95_ms=quantile(buckets, 0.95),
    )


def _use(connector: str, peaks: dict[int, CallPeak], first: int) -> LimitUse:
    latest = peaks[max(peaks)]
    hours = [
        LimitHour(at=hour * HOUR_S, peak=peaks[hour].peak if hour in peaks else 0)
        for hour in range(first, first + SHOWN_HOURS)
    ]
    return LimitUse(
        connector=connector, host=latest.host, most=latest.most, per_s=int(latest.per_s), hours=hours
    )
