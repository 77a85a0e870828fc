"""Order lines, submissions, files, and what is known of their progress."""

import msgspec
from msgspec import Struct


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
    held: bool = False
    """A person has decided; a look does not change it."""
    mis_id: str = ""
    mis_number: str = ""
    customer: str = ""
    """Who ordered, for people: a name, with the company; empty if the shop did not say."""


class FarEnd(Struct, frozen=True):
    """Where submissions go: which MIS, which of its two environments, and which server or account of it."""

    connector: str
    environment: str
    address: str
    """By the connector; see `makeready_hooks.ConnectorType.far_end`."""

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
    marked: bool = False
    marked_at: float = 0.0
    """When the shop's items were given the MIS's number last."""
    lines: tuple[int, ...] = ()
    state: str = ""
    """The state of its lines: they move together."""
    placed_at: float = 0.0
    """When the order was placed; 0 if that is not known."""

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
    """Taken from the file before the shop was asked; see `makeready.store.readings`."""
    content: str
    """A digest of what it showed."""


class Departure(Struct, frozen=True, kw_only=True):
    """An attempt that is about to leave."""

    payload: bytes
    payload_hash: str
    far_end: FarEnd
    settings_version: int
    """Of the subscriber's settings that led there."""
    reading: ReadingKey
    """Of the order, from which the payload was made."""
    quiet_until: float
    at: float


class Attempt(Struct, frozen=True, kw_only=True):
    """One time that a submission left."""

    payload: bytes
    sent_at: float
    outcome: str
    """What came of it, in the other side's words; empty if nobody knows yet."""
    answer: bytes = b""
    """What the other side answered, as it came, at most 64 kB; empty if no answer came."""


class FileRow(Struct, frozen=True, kw_only=True):
    """A file of a submission."""

    line: int
    name: str
    url: str
    state: str
    error: str = ""
    size: int | None = None
    """In bytes, if it is known."""
    content_type: str = ""
    attempts: int = 0


class BadFile(Struct, frozen=True, kw_only=True):
    """A file that a person has to look after."""

    subscriber: str
    submission: str
    line: int
    name: str
    url: str
    state: str
    error: str
    updated_at: float


class LineProgress(Struct, frozen=True, kw_only=True):
    """What is known of a line's progress in the MIS, and what the shop was told of it."""

    line: int
    status: str = ""
    """The MIS's, as it was read last."""
    stage: str = ""
    """The stage that the shop's item has reached, by our doing or a person's; empty if we did nothing yet."""
    moving_to: str = ""
    """The stage of a move that may have happened; empty if no move is open."""
    quiet_until: float = 0.0
    """Before this, an open move may still take effect."""
    refused: str = ""
    """The stage that cannot be reached; ``notice`` says why."""
    notice: str = ""
    finished: bool = False
    """It is not looked at on schedule any more."""


class ShipmentRow(Struct, frozen=True, kw_only=True):
    """A parcel of an order of the MIS, and how writing it in the shop fares."""

    submission: str
    tracking: str
    carrier: str
    shipped_at: float
    state: str
    error: str = ""
    quiet_until: float = 0.0
    """While it is being written: before this, the call may still take effect."""


class WatchedOrder(Struct, frozen=True, kw_only=True):
    """An order of the MIS whose progress is followed, with its lines."""

    subscriber: str
    key: str
    environment: str
    """Which of the two it was sent to; empty if a person entered it."""
    order_number: str
    placed_at: float
    mis_id: str
    mis_number: str
    lines: tuple[LineProgress, ...]


class HistoryRow(Struct, frozen=True, kw_only=True):
    line: int
    at: float
    from_state: str
    to_state: str
    cause: str
    actor: str
