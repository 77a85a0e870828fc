"""Moves of order lines from state to state, each with its history."""

import json
from collections.abc import Sequence

from sqlite_utils import Database as Sqlite

from makeready.engine.observers.store import NEEDS_PERSON, tell_order
from makeready.orders.model import Cause, LineKey, LineState, Submission
from makeready.storage.rows import rows

ON_ITS_WAY = frozenset({LineState.READY, LineState.SUBMITTING, LineState.ACCEPTED})
"""States that need no reason to be shown."""
TOLD = {
    LineState.SEEN: ("order_received",),
    LineState.REFUSED: ("order_refused", NEEDS_PERSON),
    LineState.IN_DOUBT: ("order_in_doubt",),
    LineState.PARKED: (NEEDS_PERSON,),
}
"""What observers hear of lines that come into a state."""


def move_lines(
    db: Sqlite,
    submission: Submission,
    before: LineState,
    after: LineState,
    cause: Cause,
    decided_by_person: bool = False,
    mendable: bool = False,
    notice: str = "",
) -> bool:
    """Move the submission's lines that are in ``before``; False if there is none. ``notice``: what people should know
    beside the state.
    """
    moved = rows(
        db,
        """update order_lines set state = ?, reason = ?, decided_by_person = ?, mendable = ?, notified = '',
            seen = 0, updated_at = ?, notice = coalesce(nullif(?, ''), notice)
        where subscriber = ? and submission = ? and +state = ? returning line""",  # +: by the submission
        [
            *(after.value, "" if after in ON_ITS_WAY else cause.text, int(decided_by_person), int(mendable)),
            *(cause.at, notice, submission.subscriber, submission.key, before.value),
        ],
    )
    for row in moved:
        note(db, LineKey(submission.subscriber, submission.order_number, row["line"]), before, after, cause)
    tell_moved(
        db, submission.subscriber, submission.order_number, [row["line"] for row in moved], after, cause
    )
    return bool(moved)


def tell_moved(
    db: Sqlite, subscriber: str, order_number: str, lines: Sequence[int], after: LineState, cause: Cause
) -> None:
    """Observers hear of it. Of an acceptance its own change tells, with the MIS's number."""
    for hook in TOLD.get(after, ()) if lines else ():
        tell_order(db, subscriber, hook, order_number, lines, cause.at, reason=cause.text)


def note(db: Sqlite, key: LineKey, before: str, after: str, cause: Cause) -> None:
    """Append to the history."""
    db.execute(
        """insert into history (subscriber, order_number, line, at, from_state, to_state, cause, actor)
        values (?, ?, ?, ?, ?, ?, ?, ?)""",
        [*key, cause.at, str(before), str(after), cause.text, cause.actor],
    )


def note_on_lines(db: Sqlite, subscriber: str, keys: Sequence[str], cause: Cause) -> None:
    """Append to the history of the lines of these orders and submissions; their states stay."""
    db.execute(
        """insert into history (subscriber, order_number, line, at, from_state, to_state, cause, actor)
        select subscriber, order_number, line, :at, state, state, :cause, :actor from order_lines where rowid in (
            select l.rowid from json_each(:keys) cross join order_lines l
                on l.subscriber = :subscriber and l.order_number = value
            union select l.rowid from json_each(:keys) cross join order_lines l
                on l.subscriber = :subscriber and l.submission = value)""",
        {"subscriber": subscriber, "keys": json.dumps(list(keys))}
        | {"at": cause.at, "cause": cause.text, "actor": cause.actor},
    )


def end_attempt(db: Sqlite, submission: Submission, cause: Cause, answer: bytes = b"") -> None:
    """Note what came of the last attempt, if that is not known yet, with the ``answer`` as it came."""
    db.execute(
        """update attempts set outcome = ?1, answer = iif(length(?2) > 0, ?2, answer) where outcome = '' and id = (
            select max(id) from attempts where subscriber = ?3 and key = ?4)""",
        [cause.text, answer, submission.subscriber, submission.key],
    )
