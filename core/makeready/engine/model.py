"""Work that is due, and the types of it, as Structs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from makeready_hooks import Role
from msgspec import Struct

from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry

MAX_PER_SUBSCRIBER = 4
MOST_FAILING = 1_000
"""That are told of each kind: in an outage everything fails."""


class Flow(StrEnum):
    """What a person can pause, of one company or of all."""

    ORDERS = "orders"
    """Orders and their artwork, to the MIS."""
    PRICES = "prices"
    """Answers to buyers who ask for a price."""
    PRODUCTS = "products"
    """Imports, into the shop."""
    STOCK = "stock"
    """Stock levels, into the shop."""
    WRITE_BACK = "write-back"
    """MIS numbers, stages and parcels, into the shop."""


TAKE_OVER = "Make sure that no other instance works on its twin, then: makeready ledger take-over"
"""What a person does when the state file came from elsewhere."""


class Pause(Struct, frozen=True, kw_only=True):
    """Something that does not flow for a while; what would flow waits and is kept."""

    subscriber: str
    """Empty: that of every company."""
    flow: Flow
    since: float
    until: float = 0.0
    """When it ends by itself; 0 if it does not."""
    reason: str
    actor: str
    by_ledger: bool = False
    """The state file may be a copy of one that is at work elsewhere: only a take-over ends it."""


class WorkCount(Struct, frozen=True, kw_only=True):
    """Work of one kind that is not done."""

    kind: str
    count: int
    failing: int
    next_at: float
    """When the first of it is due."""
    error: str
    """Of one that went wrong; empty if none did."""


class Work(Struct, frozen=True, kw_only=True):
    """One thing to be done, claimed for a while."""

    id: int
    subscriber: str
    kind: str
    key: str
    generation: int
    attempts: int
    hint: str = ""
    number: int = 0
    """By `WorkType.number`; 0 without."""


class Ended(Struct, frozen=True, kw_only=True):
    """What became of work that was claimed."""

    work: Work
    again_at: float | None = None
    """When it is to be done again; None if it is done."""
    error: str = ""
    needs_person: bool = False


class FailingWork(Struct, frozen=True, kw_only=True):
    """Work that went wrong and is tried again."""

    kind: str
    key: str
    failing_since: float
    error: str
    """What went wrong last time."""
    due_at: float
    needs_person: bool
    """It will go wrong until somebody changes something."""


class NewWork(Struct, frozen=True, kw_only=True):
    """Something to be done at or after ``due_at``. One row per subscriber, kind and key."""

    subscriber: str
    kind: str
    key: str
    due_at: float
    hint: str = ""


class Schedule(Struct, frozen=True, kw_only=True):
    """When a type of work runs again and again for a subscriber."""

    title: str
    """What people read: "Read stock in the MIS"."""
    every_s: Callable[[Any], float]
    """Seconds between two runs for this subscriber (`makeready.subscribers.model.Subscriber`); 0 if it is off."""
    name: str = ""
    """By which programs know it; the type's kind if it is empty."""
    next_at: Callable[[Any, float], float] | None = None
    """When it runs next, for one that is done on the way by work that runs more often."""


class WorkType(Struct, frozen=True, kw_only=True):
    """One type of durable work: who does it, how it is queued, and what people are told of it.

    It is declared once, beside its function; see `makeready.extensions.work_types`.
    """

    kind: str
    """As it stands in the queue."""
    run: Callable[[Any, str, Sequence[Work]], Awaitable[Mapping[int, Retry]]]
    """``run(installation, subscriber, works)`` does up to ``batch`` rows of one subscriber, at least once each. It
    returns what is to be done again, by the work's id; everything else is done. An error puts all of it back."""
    title: str = ""
    """What people read of a single run: "Read the order in the shop"."""
    side: Role | None = None
    """Whose trouble it is when it goes wrong."""
    flow: Flow | None = None
    """What it waits for while a person has paused it; None for what goes on."""
    outage: bool = False
    """If it goes on failing, that side takes or gives no orders."""
    waits: str = ""
    """What an order waits for while it is retried: "to be sent to the MIS". People are alerted of such work; of
    other work the next run tells enough."""
    batch: int = 1
    number: Callable[[Any], int] | None = None
    """Taken from the file (given) for each batch, in the change that claims it."""
    urgency: Urgency = Urgency.ORDER
    max_per_subscriber: int = MAX_PER_SUBSCRIBER
    """How many batches of one subscriber may run at the same time: a side that hangs holds no more. With 1, what
    comes meanwhile is gathered into the next batch."""
    retried_at_once: int = 0
    """Where what is asked for may not exist: what was never tried goes first, and of what is tried again so few rows make
    a batch. 0 for no difference."""
    schedules: tuple[Schedule, ...] = ()
    """The first is that of the subscriber's one row with an empty key."""
    after_settings_change: Callable[[Any, float], Sequence[NewWork]] | None = None
    """What is wanted when a subscriber's settings have changed, beside what is on schedule."""

    def scheduled(self, subscriber: Any) -> bool:
        """Whether it runs on a schedule for this subscriber."""
        return any(one.every_s(subscriber) for one in self.schedules if one.next_at is None)

    def wanted_by(self, subscriber: Any, now: float) -> list[NewWork]:
        """What is to be queued when the subscriber's settings have changed."""
        row = NewWork(subscriber=subscriber.name, kind=self.kind, key="", due_at=now)
        more = self.after_settings_change(subscriber, now) if self.after_settings_change else ()
        return [*([row] if self.scheduled(subscriber) else []), *more]
