"""Order lines, submissions and attempts as Structs, and the states of a line. A subscriber's rules are in `settings`."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import msgspec
from makeready_hooks.model.order import Order
from makeready_hooks.model.submission import AcceptedLine, AcceptedOrder, OrderContents, Origin, ResolvedId
from msgspec import Struct

from makeready.orders.artwork.model import NewFile
from makeready.orders.corrections.model import Correction
from makeready.orders.settings import ShippingChoice

FETCH_ORDER = "fetch-order"
"""Read an order in the shop and judge its lines. Key: order number."""
SUBMIT = "submit"
"""Send a submission to the MIS. Key: the submission's."""
RESOLVE = "resolve"
"""Ask the MIS about a submission whose outcome is unknown. Key: the submission's."""
AMEND = "amend"
"""Have the MIS change or cancel an order that it has taken. Key: the submission's."""
MARK = "mark"
"""Write the MIS's number on the shop's items. Key: the submission's."""
RECONCILE = "reconcile"
"""Compare the shop's orders with the ledger, again and again. One row per subscriber."""

UNREADABLE = "unreadable"
"""What people read as the state of an `UnreadableOrder`, where those of lines stand."""

REJECTED_LATER = "rejected_later"
"""What people read as the state of a line that the MIS refused, or cancelled, after it had taken it."""

RECONCILE_OLDER = "reconcile-older"
"""Look for orders from before that period which would go now. One row per subscriber."""

SYSTEM_ACTOR = "makeready"


class LineRow(Struct, frozen=True, kw_only=True):
    """An order line in the ledger."""

    subscriber: str
    order_number: str
    line: int
    site: str
    product_id: str
    description: str
    quantity: int
    state: str
    reason: str
    submission: str
    updated_at: float
    notice: str = ""
    """What changed in the shop after the line was sent; the MIS does not know it."""
    decided_by_person: bool = False
    """A person has decided; a look does not change it."""
    ambiguous: bool = False
    """The shop shows another order under the same number."""
    mis: str = ""
    """The connector of the MIS for which it left; empty before."""
    mis_id: str = ""
    mis_number: str = ""
    customer: str = ""
    """Who ordered, for people: a name, with the company; empty if the shop did not say."""
    placed_at: float = 0.0
    net: Decimal | None = None
    """Price of the line without tax, as of its last change before it left; None if the shop tells none."""
    currency: str = ""
    required_on: date | None = None
    """The date for which the buyer asks."""

    @property
    def rejected_later(self) -> bool:
        """The MIS had taken it, and does not make it after all."""
        return self.state == LineState.REFUSED and bool(self.mis_id)

    @property
    def shown_state(self) -> str:
        """As people read it."""
        return REJECTED_LATER if self.rejected_later else self.state


class UnreadableOrder(Struct, frozen=True, kw_only=True):
    """What the shop tells of an order, which cannot be understood: no lines are known of it."""

    subscriber: str
    order_number: str
    site: str
    problem: str
    """For people."""
    document: bytes
    """As it came, at most 64 kB."""
    since: float
    looked_at: float


class FarEnd(Struct, frozen=True):
    """Where submissions go: which MIS, which of its two environments, and which server or account of it."""

    connector: str
    environment: str
    address: str
    """By the connector; see `ConnectorType.far_end`."""

    def __str__(self) -> str:
        at = f" at {self.address}" if self.address else ""
        return f"{self.connector}{at} ({self.environment})"


class Submission(Struct, frozen=True, kw_only=True):
    """One order of the MIS, before and after it is sent."""

    subscriber: str
    key: str
    order_number: str
    environment: str = ""
    connector: str = ""
    """Of the MIS for which the last attempt left; empty if none did, or if that was not kept yet."""
    far_end: str = ""
    payload: bytes = b""
    payload_hash: str = ""
    attempts: int = 0
    sent_at: float = 0.0
    """When the last attempt left; 0 if none did."""
    quiet_until: float = 0.0
    """Before this, an attempt without an answer may still take effect."""
    mis_id: str = ""
    mis_number: str = ""
    mis_lines: tuple[AcceptedLine, ...] = ()
    """As far as the MIS says which is which."""
    marked: bool = False
    marked_at: float = 0.0
    """When the shop's items were given the MIS's number last."""
    lines: tuple[int, ...] = ()
    state: str = ""
    """The state of its lines: they move together."""
    placed_at: float = 0.0
    """When the order was placed; 0 if that is not known."""
    ambiguous: bool = False
    """The shop shows another order under the same number: nothing can be written to it."""
    by_hand: bool = False
    """A person has said that it is in the MIS, and can take that back."""

    @property
    def accepted(self) -> AcceptedOrder:
        """As the MIS has it, with every line that it was sent with."""
        told = {one.number: one for one in reversed(self.mis_lines)}
        lines = tuple(told.get(number, AcceptedLine(number=number)) for number in self.lines)
        return AcceptedOrder(id=self.mis_id, number=self.mis_number, lines=lines)

    @property
    def has_left(self) -> bool:
        """It may be in the MIS for which it left, or is to be sent to it again as it was."""
        return bool(self.payload)

    def is_for(self, end: FarEnd) -> bool:
        """Whether it left for this one. Of an attempt before connectors were kept, only the environment is known."""
        left_for = FarEnd(self.connector or end.connector, self.environment, self.far_end)
        return left_for == (end if self.connector else msgspec.structs.replace(end, address=""))


class ReadingKey(Struct, frozen=True):
    """A reading of an order: which of several is the newest, and whether two showed the same."""

    number: int
    """Taken from the file before the shop was asked; see `makeready.orders.store.readings`."""
    content: str
    """A digest of what it showed."""


class Departure(Struct, frozen=True, kw_only=True):
    """An attempt that is about to leave."""

    payload: bytes
    payload_hash: str
    order: bytes
    """The `OrderAsSent` that it was made from, as JSON; empty for the bytes of the attempt before."""
    far_end: FarEnd
    reading: ReadingKey
    """Of the order, from which the payload was made."""
    quiet_until: float
    at: float
    text: str = "the payload is about to leave"


class OrderAsSent(Struct, frozen=True, kw_only=True):
    """What the shop showed of an order when a submission of its lines left. Later looks are compared with it."""

    order: Order
    """With the submission's lines."""
    contents: OrderContents = OrderContents()
    """What the MIS was given."""
    shipping: tuple[ShippingChoice, ...] = ()
    differences: tuple[str, ...] = ()
    """What was shortened for the MIS; what the buyer saw, the shop's lines and the MIS's payload did not agree on. For
    people."""
    resolved: tuple[ResolvedId, ...] = ()
    """Under which ids of the MIS's own."""
    origins: tuple[Origin, ...] = ()
    """Of `PreparedOrder.origins`."""
    files: tuple[NewFile, ...] = ()
    """What becomes of each of its files."""


class Attempt(Struct, frozen=True, kw_only=True):
    """One time that a submission left, or that the MIS was asked to change or cancel it."""

    payload: bytes
    """Empty to cancel it."""
    sent_at: float
    outcome: str
    """What came of it, in the other side's words; empty if nobody knows yet."""
    answer: bytes = b""
    """What the other side answered, as it came, at most 64 kB; empty if no answer came."""


class HistoryRow(Struct, frozen=True, kw_only=True):
    line: int
    at: float
    from_state: str
    to_state: str
    cause: str
    actor: str


class KnownLine(Struct, frozen=True, kw_only=True):
    """What earlier looks and people made of a line."""

    submission: str = ""
    """The key of the submission that it was given to; empty if it was given to none."""
    left: bool = False
    """That submission may have been sent: it stays as it is, and no other line joins it."""
    decided_by_person: bool = False
    """A person has decided; a look does not change it."""
    included_at: float = 0.0
    """When a person said that it goes although it may be from before our time; 0 if nobody did."""
    unready_at: float = 0.0
    """When it was last seen without an approval, or not at the stage; 0 if it never was."""
    sent_order: bytes = b""
    """What the shop showed when that submission left, as JSON; empty if it did not leave from here."""
    amended: str = ""
    """What came of the last attempt to have it changed in the MIS, unless that was done."""
    led_to: str = ""
    """The stage of the shop to which the MIS's statuses have led its item, or are leading it."""
    corrections: tuple[Correction, ...] = ()
    """What people have corrected of it, and of the whole order."""


class LineState(StrEnum):
    SEEN = "seen"
    """Known, not judged yet."""
    WAITING = "waiting"
    """For an approval or a stage; the reason says which."""
    BEFORE_START = "before_start"
    """Another system may have sent it before our time began: a person includes it or dismisses it."""
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
    """Withdrawn in the shop before it was sent, or cancelled in the MIS because a person asked for it here."""


class LineDecision(Struct, frozen=True, kw_only=True):
    """What looking at a line in the shop says about it."""

    line: int
    product_id: str
    description: str
    quantity: int
    net: Decimal | None = None
    required_on: date | None = None
    part_number: str = ""
    """The printer's: a line is found by it, too."""
    state: LineState
    reason: str = ""
    submission: str = ""
    """The key under which it will be sent, for lines that are ready."""
    mis: str = ""
    """The connector of the MIS that makes it; empty if nothing says which."""
    unfit: str = ""
    """Why that submission cannot be sent, for lines that are ready: what the shop gives of them makes no order."""
    unready: bool = False
    """It has no approval, or is not at the stage."""
    changes: tuple[str, ...] | None = None
    """What the shop has changed since it was sent, for people; None if it is not known what it showed then."""
    amended: str = ""
    """As of `KnownLine`."""
    withdrawn: str = ""
    """What the shop says of a line that it does not want any more, in whichever state that leaves the line: our
    own mark on the item does not hide it."""


class SeenOrder(Struct, frozen=True, kw_only=True):
    """What is kept of the order that a line belongs to."""

    site: str
    placed_at: float
    customer: str = ""
    """Who ordered, for people."""
    currency: str = ""
    found_by: str = ""
    """What else the customer is looked for by, such as an e-mail address."""
    also_found_by: str = ""
    """The purchase order number, and where the order goes."""


class OrderIdentity(NamedTuple):
    """Who an order of the shop is."""

    number: str
    """By which people call it, and by which a shop may be asked for it."""
    id: str
    """The shop's own; empty if it does not tell."""
    site: str
    reference_prefix: str = ""
    """Begins its keys."""


class LineKey(NamedTuple):
    subscriber: str
    order_number: str
    line: int


class Cause(NamedTuple):
    """Why a line moves, when, and who made it: us, or a person."""

    text: str
    at: float
    actor: str = SYSTEM_ACTOR

    def with_reason(self, reason: str) -> "Cause":
        return self._replace(text=f"{self.text}: {reason}") if reason else self


class NewEnds(Struct, frozen=True, kw_only=True):
    """Where a subscriber's settings lead to, and where they will after a change."""

    subscriber: str
    before: Sequence[FarEnd] | None
    """None if that cannot be told: then everything that is open counts."""
    after: Sequence[FarEnd]


class Orphaned(Exception):
    """A change of settings would leave submissions behind."""

    def __init__(self, submissions: Sequence[Submission]) -> None:
        super().__init__([one.key for one in submissions])
        self.submissions = submissions


UNSENT = frozenset(
    {
        LineState.SEEN,
        LineState.WAITING,
        LineState.BEFORE_START,
        LineState.READY,
        LineState.IGNORED,
        LineState.CANCELLED,
    }
)
"""States that a look may change. Everything else belongs to the submission, or to a person."""


S = LineState


TRANSITIONS: dict[LineState, frozenset[LineState]] = {
    S.SEEN: frozenset({S.WAITING, S.BEFORE_START, S.READY, S.PARKED, S.IGNORED, S.CANCELLED}),
    S.WAITING: frozenset({S.BEFORE_START, S.READY, S.PARKED, S.IGNORED, S.CANCELLED}),
    S.BEFORE_START: frozenset({S.WAITING, S.READY, S.PARKED, S.IGNORED, S.CANCELLED}),
    S.READY: frozenset(
        {S.WAITING, S.BEFORE_START, S.SUBMITTING, S.ACCEPTED, S.REFUSED, S.PARKED, S.IGNORED, S.CANCELLED}
    ),
    S.SUBMITTING: frozenset({S.ACCEPTED, S.REFUSED, S.IN_DOUBT, S.READY}),
    S.IN_DOUBT: frozenset({S.ACCEPTED, S.READY, S.PARKED}),
    S.REFUSED: frozenset({S.BEFORE_START, S.READY, S.IGNORED, S.ACCEPTED, S.CANCELLED}),
    S.PARKED: frozenset({S.BEFORE_START, S.READY, S.IGNORED, S.ACCEPTED, S.CANCELLED}),
    S.IGNORED: frozenset({S.WAITING, S.BEFORE_START, S.READY}),
    S.CANCELLED: frozenset({S.WAITING, S.BEFORE_START, S.READY}),
    S.ACCEPTED: frozenset({S.BEFORE_START, S.REFUSED, S.PARKED, S.CANCELLED}),
}
