"""Lines from before our time: put there, and included or dismissed by a person, one, some or all."""

import json
from typing import Any

from msgspec import Struct
from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork
from makeready.engine.store import enqueue
from makeready.orders.model import FETCH_ORDER, Cause, LineKey, LineRow, LineState, Submission
from makeready.orders.store.search import IN_STATE
from makeready.orders.store.transitions import note
from makeready.storage.part import StorePart
from makeready.storage.rows import rows

CHOSEN = """subscriber = ? and state = 'before_start'
    and (? = '' or order_number in (select value from json_each(?))) and instr(reason, ?) > 0"""
FORGOTTEN = {
    "progress": "order_number = ? and line = ?",
    "shipments": "submission = ?",
    "files": "submission = ?",
}
"""What is known of a test's order beside its line."""


class Chosen(Struct, frozen=True, kw_only=True):
    """Which undecided lines from before our time."""

    subscriber: str
    orders: tuple[str, ...] = ()
    """Numbers; empty for all."""
    reason: str = ""
    """What the lines' reasons hold."""


class Beginnings(StorePart):
    async def lines(self, chosen: Chosen, *, limit: int, skip: int = 0) -> list[LineRow]:
        """Undecided, the newest change first."""
        # company: the condition names it
        sql = f"""{IN_STATE} where l.subscriber = ? and l.state = 'before_start'
            and l.id in (select id from order_lines where {CHOSEN})
            order by l.updated_at desc, l.order_number, l.line limit ? offset ?"""
        return await self._structs(LineRow, sql, [chosen.subscriber, *_values(chosen), limit, skip])

    async def count(self, chosen: Chosen) -> int:
        """How many lines wait for a decision."""
        sql = f"select count(*) as n from order_lines where {CHOSEN}"
        found = await self._rows(sql, _values(chosen))
        return int(found[0]["n"])

    async def include(self, chosen: Chosen, cause: Cause) -> int:
        """Let lines go as any other. Returns how many; their orders are read again."""

        def change(db: Sqlite) -> int:
            included = _update(db, "included_at = ?", [cause.at], chosen)
            for key in included:
                note(db, key, LineState.BEFORE_START, LineState.BEFORE_START, cause)
            for number in dict.fromkeys(key.order_number for key in included):
                enqueue(
                    db, NewWork(subscriber=chosen.subscriber, kind=FETCH_ORDER, key=number, due_at=cause.at)
                )
            return len(included)

        return await self._database.write(change)

    async def dismiss(self, chosen: Chosen, cause: Cause) -> int:
        """Lines are not ours to send. Returns how many."""

        def change(db: Sqlite) -> int:
            change = "state = 'ignored', decided_by_person = 1, reason = ?, updated_at = ?"
            dismissed = _update(db, change, [cause.text, cause.at], chosen)
            for key in dismissed:
                note(db, key, LineState.BEFORE_START, LineState.IGNORED, cause)
            return len(dismissed)

        return await self._database.write(change)


def _values(chosen: Chosen) -> list[str]:
    """For the conditions of CHOSEN."""
    numbers = json.dumps(chosen.orders) if chosen.orders else ""
    return [chosen.subscriber, numbers, numbers or "[]", chosen.reason]


def _update(db: Sqlite, change: str, values: list[Any], chosen: Chosen) -> list[LineKey]:
    sql = f"update order_lines set {change} where {CHOSEN} returning order_number, line"
    changed = rows(db, sql, [*values, *_values(chosen)])
    return [LineKey(chosen.subscriber, row["order_number"], row["line"]) for row in changed]


def include_lines(db: Sqlite, submission: Submission, at: float) -> None:
    """A person says of a submission that it goes, whoever may have sent it before."""
    sql = "update order_lines set included_at = ? where subscriber = ? and submission = ?"
    db.execute(sql, [at, submission.subscriber, submission.key])


def set_tests_aside(db: Sqlite, subscriber: str, at: float) -> None:
    """What went to a test MIS is unknown to *live*: its lines wait as from before our time, with keys to be used again.

    Its attempts and its history stay.
    """
    tested = rows(
        db,
        """select l.order_number, l.line, l.state, l.submission, s.mis_id, s.mis_number from order_lines l
        join submissions s on s.subscriber = l.subscriber and s.key = l.submission
        where l.subscriber = ? and s.environment = 'test' and l.state in ('accepted', 'refused', 'parked')""",
        [subscriber],
    )
    for row in tested:
        _set_aside(db, LineKey(subscriber, row["order_number"], row["line"]), row, at)


def _set_aside(db: Sqlite, key: LineKey, row: dict[str, Any], at: float) -> None:
    number = row["mis_number"] or row["mis_id"]
    text = f"a test{f': {number} in the test MIS' if number else ''}"
    db.execute(
        """update order_lines set state = 'before_start', reason = ?, submission = '', notice = '', mendable = 0,
            included_at = 0, updated_at = ? where subscriber = ? and order_number = ? and line = ?""",
        [text, at, *key],
    )
    note(db, key, row["state"], LineState.BEFORE_START, Cause(text, at))
    db.execute(
        """update submissions set payload = x'', payload_hash = '', mis_id = '', mis_number = '', marked = 0,
            marks_repaired = 0 where subscriber = ? and key = ?""",
        [key.subscriber, row["submission"]],
    )
    for table, which in FORGOTTEN.items():
        values = key[1:] if table == "progress" else (row["submission"],)
        db.execute(f"delete from {table} where subscriber = ? and {which}", [key.subscriber, *values])
