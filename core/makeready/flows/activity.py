"""What goes on for a subscriber: what runs on a schedule, what is to be done, calls that were made."""

from collections.abc import Sequence

from msgspec import Struct

from makeready.flows.kinds import (
    ALERT,
    FILE,
    IMPORT,
    LATE_FILES,
    LOOK,
    MARK,
    PROGRESS,
    RECONCILE,
    RESOLVE,
    STOCK,
    SUBMIT,
    WATCH,
)
from makeready.flows.telling import channels_of
from makeready.flows.watching import DIGEST, WATCH_EVERY_S
from makeready.installation import Installation
from makeready.records import FailingWork, Subscriber
from makeready.store.calls import CallFilter, CallPosition, KeptCall
from makeready.working_time import digest_time, last_occurrence

DAY_S = 86_400.0
SCHEDULES = {
    RECONCILE: "Compare the shop's orders with ours",
    PROGRESS: "Ask the MIS how far orders are, and tell the shop",
    STOCK: "Read stock in the MIS",
    WATCH: "Look for what people should know of",
    DIGEST: "Tell people once a day what is being tried again",
}
JOBS = {
    LOOK: "Read the order in the shop",
    SUBMIT: "Send it to the MIS",
    RESOLVE: "Look for it in the MIS: the answer was lost",
    MARK: "Write the MIS's number in the shop",
    IMPORT: "Make the product in the shop",
    FILE: "Check its files, and give late ones to the MIS",
    LATE_FILES: "Look for files that the shop made later",
    PROGRESS: "Ask the MIS how far it is, and tell the shop",
    ALERT: "Tell people what needs one",
    STOCK: "Read its stock in the MIS",
}


class Schedule(Struct, frozen=True, kw_only=True):
    """Something that is done again and again."""

    kind: str
    title: str
    every_s: float
    """0 if it is off."""
    next_at: float
    """0 if it is off, or not planned yet."""
    error: str = ""
    """What went wrong last time."""


class Job(Struct, frozen=True, kw_only=True):
    """Something that is to be done once."""

    title: str
    work: FailingWork


class Found(Struct, frozen=True, kw_only=True):
    calls: Sequence[KeptCall]
    next: CallPosition | None
    """Where the next page begins; None at the end."""


async def schedules(installation: Installation, subscriber: Subscriber) -> list[Schedule]:
    """All there are, with those that are off."""
    planned = {
        work.kind: work for work in await installation.store.work.scheduled(subscriber.name, list(SCHEDULES))
    }
    made = [
        Schedule(
            kind=kind,
            title=SCHEDULES[kind],
            every_s=every_s,
            next_at=planned[kind].due_at if every_s and kind in planned else 0.0,
            error=planned[kind].error if every_s and kind in planned else "",
        )
        for kind, every_s in _periods(subscriber).items()
    ]
    return [*made, _digest(subscriber, installation.clock())]


async def jobs(installation: Installation, subscriber: Subscriber, limit: int) -> list[Job]:
    """What is to be done once, the soonest first."""
    found = await installation.store.work.due(subscriber.name, limit, unscheduled=list(SCHEDULES))
    return [Job(title=JOBS.get(work.kind, work.kind), work=work) for work in found]


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


def _periods(subscriber: Subscriber) -> dict[str, float]:
    return {
        RECONCILE: subscriber.orders.reconcile_every_s,
        PROGRESS: subscriber.status.poll_every_s if subscriber.status.enabled else 0.0,
        STOCK: subscriber.stock.poll_every_s if subscriber.stock.enabled else 0.0,
        WATCH: WATCH_EVERY_S if channels_of(subscriber.alerts) else 0.0,
    }


def _digest(subscriber: Subscriber, now: float) -> Schedule:
    clock = digest_time(subscriber.alerts) if channels_of(subscriber.alerts) else None
    return Schedule(
        kind=DIGEST,
        title=SCHEDULES[DIGEST],
        every_s=DAY_S if clock else 0.0,
        next_at=last_occurrence(clock, now) + DAY_S if clock else 0.0,
    )
