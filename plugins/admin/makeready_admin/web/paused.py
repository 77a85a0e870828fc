"""What every page tells of pauses: those that came together are told together."""

from itertools import groupby

from makeready.engine.model import Pause
from makeready.installation import Installation
from msgspec import Struct


class ShownPause(Struct, frozen=True, kw_only=True):
    flows: tuple[str, ...]
    all_companies: bool
    since: float
    until: float
    """0 if it does not end by itself."""
    reason: str
    actor: str
    by_ledger: bool
    """The state file came from elsewhere: only a take-over ends it."""


async def shown_pauses(installation: Installation, subscriber: str) -> list[ShownPause]:
    """Of a company and of all companies, a stopped ledger first; without a company those of all."""
    found = await installation.store.pauses.of(subscriber, installation.clock())
    return [_together(list(alike)) for _, alike in groupby(sorted(found, key=_alike), _alike)]


def _alike(one: Pause) -> tuple[bool, str, float, float, str, str]:
    return not one.by_ledger, one.subscriber, one.since, one.until, one.reason, one.actor


def _together(alike: list[Pause]) -> ShownPause:
    first = alike[0]
    return ShownPause(
        flows=tuple(one.flow.value for one in alike),
        all_companies=not first.subscriber,
        since=first.since,
        until=first.until,
        reason=first.reason,
        actor=first.actor,
        by_ledger=first.by_ledger,
    )
