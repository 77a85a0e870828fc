"""The ledger of order lines and submissions: state first, then the call.

Every change of state is one commit together with its history and the work that it causes. The
database refuses moves that `makeready.store.states` does not list.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import Struct
from sqlite_utils import Database as Sqlite

from makeready.records import HistoryRow, LineRow, Submission
from makeready.store.database import Database
from makeready.store.rows import rows, structs
from makeready.store.states import TRANSITIONS, LineState
from makeready.store.work import NewWork, enqueue


class LineVerdict(Struct, frozen=True, kw_only=True):
    """What looking at a line in the shop says about it."""

    line: int
    product_id: str
    description: str
    quantity: int
    state: LineState
    reason: str = ""
    submission: str = ""
    """The key under which it will be sent, for lines that are ready."""


UNSENT = frozenset(
    {LineState.SEEN, LineState.WAITING, LineState.READY, LineState.IGNORED, LineState.CANCELLED}
)
"""States that a look may change. Everything else belongs to the submission, or to a person."""

MAY_BE_THERE = (LineState.SUBMITTING, LineState.IN_DOUBT, LineState.PARKED)
"""States in which the MIS may have the order without our knowing."""

ON_ITS_WAY = frozenset({LineState.READY, LineState.SUBMITTING, LineState.ACCEPTED})
"""States that need no reason to be shown."""


class Ledger:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def record_look(
        self,
        subscriber: str,
        order_number: str,
        site: str,
        verdicts: Sequence[LineVerdict],
        *,
        cause: str,
        now: float,
        submit_kind: str,
    ) -> None:
        """Take in what was seen of an order; ask for the submission of lines that became ready."""

        def change(db: Sqlite) -> None:
            for verdict in verdicts:
                key = _LineKey(subscriber, order_number, verdict.line)
                moved = _take_in(db, key, site, verdict, cause, now)
                if moved and verdict.state is LineState.READY:
                    enqueue(
                        db,
                        NewWork(subscriber=subscriber, kind=submit_kind, key=verdict.submission, due_at=now),
                    )

        await self._database.write(change)

    async def submission(self, subscriber: str, key: str) -> Submission | None:
        """A submission with its lines, or None if no line has this key."""
        return await self._database.read(lambda db: _submission(db, subscriber, key))

    async def begin(
        self, submission: Submission, *, payload: bytes, payload_hash: str, environment: str, now: float
    ) -> bool:
        """Commit the intent: the exact payload is about to leave. False if the lines are not ready any more.

        A resend leaves the payload of the first attempt as it is.
        """

        def change(db: Sqlite) -> bool:
            if not _move(
                db,
                submission,
                LineState.READY,
                LineState.SUBMITTING,
                "the payload is about to leave",
                "makeready",
                now,
            ):
                return False
            db.execute(
                """insert into submissions (subscriber, key, order_number, environment, payload, payload_hash,
                    attempts, sent_at, mis_id, mis_number, marked) values (?, ?, ?, ?, ?, ?, 1, ?, '', '', 0)
                on conflict (subscriber, key) do update set attempts = attempts + 1, sent_at = excluded.sent_at""",
                [
                    submission.subscriber,
                    submission.key,
                    submission.order_number,
                    environment,
                    payload,
                    payload_hash,
                    now,
                ],
            )
            return True

        return await self._database.write(change)

    async def accept(
        self,
        submission: Submission,
        *,
        mis_id: str,
        mis_number: str,
        cause: str,
        now: float,
        mark_kind: str,
    ) -> None:
        """The MIS has it, a fact in whatever state its answer finds us. The shop's item is to be marked."""

        def change(db: Sqlite) -> None:
            moves = (
                _move(db, submission, one, LineState.ACCEPTED, cause, "makeready", now)
                for one in MAY_BE_THERE
            )
            if any(moves):
                db.execute(
                    "update submissions set mis_id = ?, mis_number = ? where subscriber = ? and key = ?",
                    [mis_id, mis_number, submission.subscriber, submission.key],
                )
                enqueue(
                    db,
                    NewWork(subscriber=submission.subscriber, kind=mark_kind, key=submission.key, due_at=now),
                )

        await self._database.write(change)

    async def move(
        self,
        submission: Submission,
        from_state: LineState,
        to_state: LineState,
        *,
        cause: str,
        now: float,
        work: NewWork | None = None,
        actor: str = "makeready",
    ) -> bool:
        """Move all lines of a submission and ask for ``work``; False if they are elsewhere by now."""

        def change(db: Sqlite) -> bool:
            moved = _move(db, submission, from_state, to_state, cause, actor, now)
            if moved and work is not None:
                enqueue(db, work)
            return moved

        return await self._database.write(change)

    async def marked(self, submission: Submission) -> None:
        """The shop's items carry the MIS's number."""
        sql = "update submissions set marked = 1 where subscriber = ? and key = ?"
        await self._database.write(lambda db: db.execute(sql, [submission.subscriber, submission.key]))

    async def lines(
        self, subscriber: str, *, order_number: str = "", state: str = "", limit: int = 100
    ) -> list[LineRow]:
        """Lines, the most recently changed first."""
        sql = """select l.*, coalesce(s.mis_id, '') as mis_id, coalesce(s.mis_number, '') as mis_number
            from order_lines l left join submissions s on s.subscriber = l.subscriber and s.key = l.submission
            where l.subscriber = ? and (? = '' or l.order_number = ?) and (? = '' or l.state = ?)
            order by l.updated_at desc, l.line limit ?"""
        values = [subscriber, order_number, order_number, state, state, limit]
        return await self._database.read(lambda db: structs(LineRow, db, sql, values))

    async def history(self, subscriber: str, order_number: str) -> list[HistoryRow]:
        """Every change of an order's lines, oldest first."""
        sql = """select line, at, from_state, to_state, cause, actor from history
            where subscriber = ? and order_number = ? order by id"""
        return await self._database.read(lambda db: structs(HistoryRow, db, sql, [subscriber, order_number]))

    async def counts(self, subscriber: str) -> dict[str, int]:
        """Lines by state."""
        sql = "select state, count(*) as n from order_lines where subscriber = ? group by state"
        found = await self._database.read(lambda db: rows(db, sql, [subscriber]))
        return {str(row["state"]): int(row["n"]) for row in found}


def _submission(db: Sqlite, subscriber: str, key: str) -> Submission | None:
    sql = "select line, order_number, state from order_lines where subscriber = ? and submission = ? order by line"
    lines = rows(db, sql, [subscriber, key])
    if not lines:
        return None
    sent = rows(db, "select * from submissions where subscriber = ? and key = ?", [subscriber, key])
    values: dict[str, Any] = (
        sent[0] if sent else {"payload": b"", "payload_hash": "", "attempts": 0, "sent_at": 0.0}
    )
    values.update(
        subscriber=subscriber,
        key=key,
        order_number=lines[0]["order_number"],
        environment=values.get("environment", ""),
        marked=bool(values.get("marked")),
        lines=tuple(line["line"] for line in lines),
        state=lines[0]["state"],
    )
    return Submission(**values)


class _LineKey(NamedTuple):
    subscriber: str
    order_number: str
    line: int


def _take_in(db: Sqlite, key: _LineKey, site: str, verdict: LineVerdict, cause: str, now: float) -> bool:
    """Insert or change one line; True if its state changed."""
    inserted = db.execute(
        """insert into order_lines (subscriber, order_number, line, site, product_id, description, quantity,
            state, reason, submission, updated_at) values (?, ?, ?, ?, ?, ?, ?, 'seen', '', '', ?)
        on conflict do nothing""",
        [*key, site, verdict.product_id, verdict.description, verdict.quantity, now],
    )
    if inserted.rowcount:
        _note(db, key, "", LineState.SEEN, cause, "makeready", now)
    sql = "select state, reason from order_lines where subscriber = ? and order_number = ? and line = ?"
    [current] = rows(db, sql, key)
    state = LineState(current["state"])
    if state not in UNSENT or (state is verdict.state and current["reason"] == verdict.reason):
        return False
    if state is not verdict.state and verdict.state not in TRANSITIONS[state]:
        return False
    db.execute(
        """update order_lines set state = ?, reason = ?, submission = ?, quantity = ?, updated_at = ?
        where subscriber = ? and order_number = ? and line = ?""",
        [verdict.state.value, verdict.reason, verdict.submission, verdict.quantity, now, *key],
    )
    full_cause = f"{cause}: {verdict.reason}" if verdict.reason else cause
    _note(db, key, state, verdict.state, full_cause, "makeready", now)
    return state is not verdict.state


def _move(
    db: Sqlite,
    submission: Submission,
    from_state: LineState,
    to_state: LineState,
    cause: str,
    actor: str,
    now: float,
) -> bool:
    """Move the lines that are in ``from_state``; False if there is none."""
    moved = rows(
        db,
        """update order_lines set state = ?, reason = ?, updated_at = ?
        where subscriber = ? and submission = ? and state = ? returning line""",
        [
            to_state.value,
            "" if to_state in ON_ITS_WAY else cause,
            now,
            submission.subscriber,
            submission.key,
            from_state.value,
        ],
    )
    for row in moved:
        key = _LineKey(submission.subscriber, submission.order_number, row["line"])
        _note(db, key, from_state, to_state, cause, actor, now)
    return bool(moved)


def _note(db: Sqlite, key: _LineKey, before: str, after: str, cause: str, actor: str, now: float) -> None:
    db.execute(
        """insert into history (subscriber, order_number, line, at, from_state, to_state, cause, actor)
        values (?, ?, ?, ?, ?, ?, ?, ?)""",
        [*key, now, str(before), str(after), cause, actor],
    )
