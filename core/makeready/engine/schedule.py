"""What goes on for a subscriber: what runs on a schedule, what is to be done, calls that were made."""

from msgspec import Struct

from makeready.alerts.channels import channels_of
from makeready.alerts.model import ALERT, WATCH
from makeready.alerts.watch import DIGEST, WATCH_EVERY_S
from makeready.alerts.working_hours import digest_time, last_occurrence
from makeready.engine.model import FailingWork
from makeready.installation import Installation
from makeready.orders.artwork.model import FILE, LATE_FILES
from makeready.orders.fulfilment.model import PROGRESS
from makeready.orders.model import LOOK, MARK, RECONCILE, RESOLVE, SUBMIT
from makeready.products.model import IMPORT
from makeready.stock.model import STOCK
from makeready.subscribers.model import Subscriber

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
