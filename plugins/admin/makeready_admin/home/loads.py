"""Calls of the last hours, by connector and host."""

from typing import Annotated

from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.times import first_hour
from msgspec import Meta, Struct


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
        for one in await installation.store.calls.totals(subscriber.name, first_hour(installation.clock()))
    ]
