"""The last 24 hours by the hour: how fast prices were answered, and how near calls came to vendors' limits."""

from collections.abc import Sequence
from math import ceil

from makeready.installation import Installation
from makeready.prices.model import PriceCount
from makeready.subscribers.model import Subscriber
from makeready.times import HOUR_S, SHOWN_HOURS, first_hour
from makeready_inspect.price_speed import PriceSpeed, speed_of
from msgspec import Struct

from makeready_admin.home.loads import CallLoad
from makeready_admin.home.store import CallPeak, traffic_of


class PriceHour(Struct, frozen=True, kw_only=True):
    at: float
    """When the hour began."""
    speed: PriceSpeed


async def price_hours(installation: Installation, subscriber: Subscriber) -> list[PriceHour]:
    """Each of the last 24 hours, the oldest first."""
    first = first_hour(installation.clock())
    by_hour: dict[int, list[PriceCount]] = {hour: [] for hour in range(first, first + SHOWN_HOURS)}
    for count in await traffic_of(installation).prices(subscriber.name, first):
        by_hour.setdefault(count.hour, []).append(count)
    return [PriceHour(at=hour * HOUR_S, speed=speed_of(counts)) for hour, counts in by_hour.items()]


class LimitHour(Struct, frozen=True, kw_only=True):
    at: float
    peak: int
    """The most calls that left within one window; 0 in an hour without any."""
    percent: int
    """Of the limit of that hour, rounded up: a setting may have changed it since."""


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


async def limit_uses(
    installation: Installation, subscriber: Subscriber, loads: Sequence[CallLoad]
) -> list[LimitUse]:
    """Of the hosts of these loads, over the last 24 hours; none for a host without a limit."""
    first = first_hour(installation.clock())
    connectors = {load.host: load.connector for load in loads if load.connector in subscriber.connectors}
    by_host: dict[str, dict[int, CallPeak]] = {}
    for peak in await traffic_of(installation).peaks(list(connectors), first):
        by_host.setdefault(peak.host, {})[peak.hour] = peak
    return [_use(connectors[host], peaks, first) for host, peaks in sorted(by_host.items())]


def _use(connector: str, peaks: dict[int, CallPeak], first: int) -> LimitUse:
    latest = peaks[max(peaks)]
    hours = [
        LimitHour(
            at=hour * HOUR_S,
            peak=peaks[hour].peak if hour in peaks else 0,
            percent=ceil(100 * peaks[hour].peak / peaks[hour].most) if hour in peaks else 0,
        )
        for hour in range(first, first + SHOWN_HOURS)
    ]
    return LimitUse(
        connector=connector, host=latest.host, most=latest.most, per_s=int(latest.per_s), hours=hours
    )
