"""Calls of the last hours, by connector and host, and how near they came to the limits."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from makeready.installation import Installation
from makeready.outbound.model import CallFilter, CallPeak, CallPosition, KeptCall
from makeready.subscribers.model import Subscriber

HOUR_S = 3600.0
SHOWN_HOURS = 24
"""The hour that is not over yet is the last of them."""


class Found(Struct, frozen=True, kw_only=True):
    calls: Sequence[KeptCall]
    next: CallPosition | None
    """Where the next page begins; None at the end."""


async def find_calls(
    installation: Installation,
    subscriber: Subscriber,
    wanted: CallFilter,
    *,
    limit: int,
    after: CallPosition | None = None,
) -> Found:
    """A page of the calls that were made, the newest first."""
    found = await installation.store.calls.find(subscriber.name, wanted, limit=limit + 1, after=after)
    shown = found[:limit]
    more = len(found) > limit
    return Found(calls=shown, next=CallPosition(shown[-1].at, shown[-1].id) if more else None)


class CallLoad(Struct, frozen=True, kw_only=True):
    """Calls through one connector to one host."""

    connector: str
    host: str
    calls: int
    failed: int
    ms: Annotated[float, Meta(description="On average.")]


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
        for one in await installation.store.calls.totals(subscriber.name, first_hour(installation))
    ]


async def limit_uses(
    installation: Installation, subscriber: Subscriber, loads: Sequence[CallLoad]
) -> list[LimitUse]:
    """Of the hosts of these loads, over the last 24 hours; none for a host without a limit."""
    first = first_hour(installation)
    connectors = {load.host: load.connector for load in loads if load.connector in subscriber.connectors}
    by_host: dict[str, dict[int, CallPeak]] = {}
    for peak in await installation.store.calls.peaks(list(connectors), first):
        by_host.setdefault(peak.host, {})[peak.hour] = peak
    return [_use(connectors[host], peaks, first) for host, peaks in sorted(by_host.items())]


def first_hour(installation: Installation) -> int:
    return int(installation.clock() // HOUR_S) - SHOWN_HOURS + 1


def _use(connector: str, peaks: dict[int, CallPeak], first: int) -> LimitUse:
    latest = peaks[max(peaks)]
    hours = [
        LimitHour(at=hour * HOUR_S, peak=peaks[hour].peak if hour in peaks else 0)
        for hour in range(first, first + SHOWN_HOURS)
    ]
    return LimitUse(
        connector=connector, host=latest.host, most=latest.most, per_s=int(latest.per_s), hours=hours
    )
