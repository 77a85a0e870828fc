"""Due work, claimed and settled by hand, as a process of its own would."""

from collections.abc import Mapping, Sequence
from typing import Any

from makeready.engine.model import Ended, Work, WorkType
from makeready.engine.places import MAX_OF_KIND, Places
from makeready.engine.retry import Retry
from makeready.engine.store import WorkQueue


async def _nothing(installation: Any, subscriber: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    return {}


def work_type(kind: str, limit: int = 10) -> WorkType:
    return WorkType(kind=kind, run=_nothing, batch=limit)


async def claim(
    work: WorkQueue, *, now: float, owner: str, lease_s: float, limit: int = 10, kind: str = "fetch-order"
) -> list[Work]:
    """One batch, since all other places are taken; empty if nothing is due."""
    places = Places((kind, f"other-{number}") for number in range(MAX_OF_KIND - 1))
    batches = await work.claim([work_type(kind, limit)], places, now=now, owner=owner, lease_s=lease_s)
    return batches[0] if batches else []


async def finish(work: WorkQueue, *works: Work, owner: str, now: float) -> None:
    await work.settle([Ended(work=one) for one in works], owner=owner, now=now)


async def put_back(
    work: WorkQueue,
    one: Work,
    *,
    owner: str,
    now: float,
    due_at: float,
    error: str,
    needs_person: bool = False,
) -> None:
    ended = Ended(work=one, again_at=due_at, error=error, needs_person=needs_person)
    await work.settle([ended], owner=owner, now=now)
