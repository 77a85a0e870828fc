"""The states of an order line and the moves between them: the one table that code and database obey."""

from enum import StrEnum


class LineState(StrEnum):
    SEEN = "seen"
    """Known, not judged yet."""
    WAITING = "waiting"
    """For an approval or a stage; the reason says which."""
    READY = "ready"
    """To be sent."""
    SUBMITTING = "submitting"
    """The payload is committed; the call may be under way."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """The MIS said no. A person changes something and sends again."""
    IN_DOUBT = "in_doubt"
    """The call left and no answer came that could be understood."""
    PARKED = "parked"
    """Nobody but a person can decide."""
    IGNORED = "ignored"
    """Not for the MIS; the reason says why."""
    CANCELLED = "cancelled"
    """Withdrawn in the shop before it was sent."""


S = LineState
TRANSITIONS: dict[LineState, frozenset[LineState]] = {
    S.SEEN: frozenset({S.WAITING, S.READY, S.IGNORED, S.CANCELLED}),
    S.WAITING: frozenset({S.READY, S.IGNORED, S.CANCELLED}),
    S.READY: frozenset({S.WAITING, S.SUBMITTING, S.REFUSED, S.PARKED, S.IGNORED, S.CANCELLED}),
    S.SUBMITTING: frozenset({S.ACCEPTED, S.REFUSED, S.IN_DOUBT, S.READY}),
    S.IN_DOUBT: frozenset({S.ACCEPTED, S.READY, S.PARKED}),
    S.REFUSED: frozenset({S.READY, S.IGNORED, S.ACCEPTED, S.CANCELLED}),
    S.PARKED: frozenset({S.READY, S.IGNORED, S.ACCEPTED, S.CANCELLED}),
    S.IGNORED: frozenset({S.WAITING, S.READY}),
    S.CANCELLED: frozenset({S.WAITING, S.READY}),
    S.ACCEPTED: frozenset(),
}


class ItemAction(StrEnum):
    """What the plan of an import says of a product."""

    CREATE = "create"
    ADOPT = "adopt"
    """Bind a product that the shop has."""
    SKIP = "skip"


class ItemState(StrEnum):
    """The states of a product in an import."""

    PLANNED = "planned"
    CREATING = "creating"
    """A call may be under way."""
    IN_DOUBT = "in_doubt"
    """A create left and no answer came; the shop is asked before anything is made again."""
    CREATED = "created"
    ADOPTED = "adopted"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNSETTLED = (ItemState.PLANNED, ItemState.CREATING, ItemState.IN_DOUBT)


class JobState(StrEnum):
    """The states of an import."""

    PLANNED = "planned"
    """Does nothing until it is run."""
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class ShipmentState(StrEnum):
    """The states of a shipment on its way into the shop."""

    WRITING = "writing"
    """The intent is committed; the call may be under way, or may have been lost."""
    DUE = "due"
    """It certainly is not there: to be written again."""
    WRITTEN = "written"
    REFUSED = "refused"
    """The shop said no; the error says why."""


class FileState(StrEnum):
    """The states of a file of an order that was sent."""

    SENT = "sent"
    """Its address went with the order; not looked at yet."""
    UNCHECKED = "unchecked"
    """Its address went with the order; its host is not one that we look at."""
    CHECKED = "checked"
    """It was there when we looked."""
    LATE = "late"
    """It came after the order and is to be attached."""
    ATTACHED = "attached"
    IN_DOUBT = "in_doubt"
    """It may have been attached; a person looks."""
    FAILED = "failed"
    """A person gives it to the MIS; the error says why."""
