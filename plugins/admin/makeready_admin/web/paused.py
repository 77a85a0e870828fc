"""What every page tells of pauses: those that came together are told together."""

from collections.abc import Mapping
from itertools import groupby

from makeready.engine.model import Flow, Pause
from makeready.extensions import installed
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
    waiting: int
    """Pieces of work of the company that wait for it now."""
    by_ledger: bool
    """The state file came from elsewhere: only a take-over ends it."""


async def shown_pauses(installation: Installation, subscriber: str) -> list[ShownPause]:
    """Of a company and of all companies, a stopped ledger first; without a company those of all."""
    found = await installation.store.pauses.of(subscriber, installation.clock())
    waiting = await _waiting(installation, subscriber) if found and subscriber else {}
    return [_together(list(alike), waiting) for _, alike in groupby(sorted(found, key=_alike), _alike)]


async def _waiting(installation: Installation, subscriber: str) -> dict[Flow, int]:
    types, counts = installed().work_types, await installation.store.work.by_kind(subscriber)
    found: dict[Flow, int] = {}
    for one in counts:
        kind = types.get(one.kind)
        if kind is not None and kind.flow is not None and not kind.schedules:
            found[kind.flow] = found.get(kind.flow, 0) + one.count
    return found


def _alike(one: Pause) -> tuple[bool, str, float, float, str, str]:
    return not one.by_ledger, one.subscriber, one.since, one.until, one.reason, one.actor


def _together(alike: list[Pause], waiting: Mapping[Flow, int]) -> ShownPause:
    first = alike[0]
    return ShownPause(
        flows=tuple(one.flow.value for one in alike),
        all_companies=not first.subscriber,
        since=first.since,
        until=first.until,
        reason=first.reason,
        actor=first.actor,
        waiting=sum(waiting.get(one.flow, 0) for one in alike),
        by_ledger=first.by_ledger,
    )
