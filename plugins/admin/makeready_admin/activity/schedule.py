"""What runs on a schedule for a subscriber, and what is to be done once."""

from collections.abc import Iterator

from makeready.engine.model import FailingWork
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from msgspec import Struct

from makeready_admin.activity.store import activity_of


class ScheduledRun(Struct, frozen=True, kw_only=True):
    """Something that is done again and again."""

    kind: str
    title: str
    every_s: float
    """0 if it is off."""
    next_at: float
    """0 if it is not planned. What is off in the settings can be wanted for a while all the same."""
    error: str = ""
    """What went wrong last time."""


class Job(Struct, frozen=True, kw_only=True):
    """Something that is to be done once."""

    title: str
    work: FailingWork


async def schedules(installation: Installation, subscriber: Subscriber) -> list[ScheduledRun]:
    """All there are, with those that are off."""
    rows = await activity_of(installation).scheduled(subscriber.name, _scheduled_kinds())
    return list(_runs(subscriber, {row.kind: row for row in rows}, installation.clock()))


async def jobs(installation: Installation, subscriber: Subscriber, limit: int) -> list[Job]:
    """What is to be done once, the soonest first."""
    found = await activity_of(installation).due(subscriber.name, limit, unscheduled=_scheduled_kinds())
    return [Job(title=titles().get(work.kind, work.kind), work=work) for work in found]


def titles() -> dict[str, str]:
    """What people read of each kind of work: of a single run, or of the schedule of work that only has one."""
    types = installed().work_types.values()
    return {one.kind: one.title or one.schedules[0].title for one in types if one.title or one.schedules}


def _scheduled_kinds() -> list[str]:
    return [one.kind for one in installed().work_types.values() if one.schedules]


def _runs(subscriber: Subscriber, rows: dict[str, FailingWork], now: float) -> Iterator[ScheduledRun]:
    for work_type in installed().work_types.values():
        for schedule in work_type.schedules:
            every_s, row = schedule.every_s(subscriber), rows.get(work_type.kind)
            if schedule.next_at is not None:
                next_at = schedule.next_at(subscriber, now) if every_s else 0.0
            else:
                next_at = row.due_at if row else 0.0
            yield ScheduledRun(
                kind=schedule.name or work_type.kind,
                title=schedule.title,
                every_s=every_s,
                next_at=next_at,
                error=row.error if row and schedule.next_at is None else "",
            )
