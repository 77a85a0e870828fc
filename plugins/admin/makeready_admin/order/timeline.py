"""The story of an order as one list by time, for a page."""

import difflib
from collections.abc import Iterator, Sequence

from makeready.orders.model import SYSTEM_ACTOR, Attempt, HistoryRow, LineState
from makeready.orders.views.history import OrderStory, SentOrder
from msgspec import Struct

from makeready_admin.web.bodies import as_lines
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.words import state_words

ENDS = {
    LineState.ACCEPTED: "good",
    LineState.REFUSED: "bad",
    LineState.IN_DOUBT: "warn",
    LineState.READY: "warn",
    LineState.PARKED: "bad",
    LineState.CANCELLED: "good",
}
"""How an attempt is marked, by the state to which it led."""


class TimelineEntry(Struct, frozen=True, kw_only=True):
    at: float
    kind: str
    """``received``, ``decided``, ``person``, ``sent``."""
    title: str
    text: str = ""
    outcome: str = ""
    """``good``, ``bad``, ``warn``; empty if it was no attempt, or if nothing is known yet."""
    body: bytes = b""
    """What came or went, as it was."""
    answer: bytes = b""
    """What the other side answered to it, as it came."""
    diff: tuple[str, ...] = ()
    """Lines of the difference to the attempt before; empty if there was none, or nothing differs."""


def timeline(story: OrderStory) -> list[TimelineEntry]:
    """The newest first; of one moment, what was decided because of something before that."""
    found = [
        TimelineEntry(
            at=one.received_at,
            kind="received",
            title=_("Webhook %(event)s") % {"event": one.event},
            body=one.body,
        )
        for one in story.webhooks
    ]
    found += map(_decided, story.history)
    for sent in story.sent:
        found += _attempts(sent, story.history)
    return sorted(found, key=lambda one: one.at)[::-1]


def _decided(row: HistoryRow) -> TimelineEntry:
    by = "" if row.actor == SYSTEM_ACTOR else _(", by %(actor)s") % {"actor": row.actor}
    line = _("Line %(line)s") % {"line": row.line}
    title = f"{line}: {state_words(row.to_state)}" if row.from_state != row.to_state else line
    return TimelineEntry(at=row.at, kind="person" if by else "decided", title=title, text=f"{row.cause}{by}")


def _attempts(sent: SentOrder, history: Sequence[HistoryRow]) -> Iterator[TimelineEntry]:
    before: Attempt | None = None
    key, lines = sent.submission.key, set(sent.submission.lines)
    ends = [row for row in history if row.from_state == LineState.SUBMITTING and row.line in lines]
    for number, attempt in enumerate(sent.attempts, 1):
        title = (
            _("Sent to the MIS as %(key)s, attempt %(number)s")
            if attempt.payload
            else _("The MIS is asked to cancel %(key)s")
        )
        led_to = next((row.to_state for row in ends if row.at >= attempt.sent_at), "")
        yield TimelineEntry(
            at=attempt.sent_at,
            kind="sent",
            title=title % {"key": key, "number": number},
            text=attempt.outcome or _("No answer yet."),
            outcome=ENDS.get(LineState(led_to), "") if led_to else "",
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
