"""The story of an order as one list by time, for a page."""

import difflib
from collections.abc import Iterator

from makeready.orders.model import SYSTEM_ACTOR, Attempt, HistoryRow
from makeready.orders.views.history import OrderStory, SentOrder
from msgspec import Struct

from makeready_admin.web.bodies import as_lines


class TimelineEntry(Struct, frozen=True, kw_only=True):
    at: float
    kind: str
    """``received``, ``decided``, ``person``, ``sent``."""
    title: str
    text: str = ""
    body: bytes = b""
    """What came or went, as it was."""
    answer: bytes = b""
    """What the other side answered to it, as it came."""
    diff: tuple[str, ...] = ()
    """Lines of the difference to the attempt before; empty if there was none, or nothing differs."""


def timeline(story: OrderStory) -> list[TimelineEntry]:
    """The oldest first."""
    found = [
        TimelineEntry(at=one.received_at, kind="received", title=f"Webhook {one.event}", body=one.body)
        for one in story.webhooks
    ]
    found += map(_decided, story.history)
    for sent in story.sent:
        found += _attempts(sent)
    return sorted(found, key=lambda one: one.at)


def _decided(row: HistoryRow) -> TimelineEntry:
    by = "" if row.actor == SYSTEM_ACTOR else f", by {row.actor}"
    became = row.to_state.replace("_", " ")
    title = f"Line {row.line} is {became}" if row.from_state != row.to_state else f"Line {row.line}"
    return TimelineEntry(at=row.at, kind="person" if by else "decided", title=title, text=f"{row.cause}{by}")


def _attempts(sent: SentOrder) -> Iterator[TimelineEntry]:
    before: Attempt | None = None
    for number, attempt in enumerate(sent.attempts, 1):
        yield TimelineEntry(
            at=attempt.sent_at,
            kind="sent",
            title=f"Sent to the MIS as {sent.submission.key}, attempt {number}"
            if attempt.payload
            else f"The MIS is asked to cancel {sent.submission.key}",
            text=attempt.outcome or "No answer yet.",
            body=attempt.payload,
            answer=attempt.answer,
            diff=tuple(_difference(before, attempt)) if before and attempt.payload else (),
        )
        before = attempt


def _difference(before: Attempt, after: Attempt) -> Iterator[str]:
    lines = difflib.unified_diff(
        as_lines(before.payload).splitlines(), as_lines(after.payload).splitlines(), lineterm="", n=1
    )
    return (line for line in lines if not line.startswith(("---", "+++", "@@")))
