"""Calls of the last hours, by connector and host, and how near they came to the limits."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from makeready.installation import Installation
from makeready.outbound.model import CallFilter, CallPosition, KeptCall
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


def first_hour(installation: Installation) -> int:
    return int(installation.clock() // HOUR_S) - SHOWN_HOURS + 1
