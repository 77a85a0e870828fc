"""Changes and cancellations in the MIS of what it has taken, in the ledger: state first, then the call."""

import hashlib
from collections.abc import Sequence

from msgspec import json
from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork, Work
from makeready.engine.store import end_work, enqueue
from makeready.orders.model import Cause, LineState, OrderAsSent, Submission
from makeready.orders.store.known import KnownOrders
from makeready.orders.store.transitions import end_attempt, move_lines, note_on_lines
from makeready.storage.rows import rows


class Amendments(KnownOrders):
    async def note(
        self,
        submission: Submission,
        cause: Cause,
        work: Sequence[NewWork],
        *,
        attempts: int | None = None,
        done: Work | None = None,
    ) -> bool:
        """What came of the last attempt, and what else is to be done; ``done``: what is not any more. False if there are
        not so many ``attempts``."""

        def change(db: Sqlite) -> bool:
            counted = "select count(*) as n from attempts where subscriber = ? and key = ?"
            [found] = rows(db, counted, [submission.subscriber, submission.key])
            if attempts not in (None, found["n"]):
                return False
            end_attempt(db, submission, cause)
            note_on_lines(db, submission.subscriber, [submission.key], cause)
            if done:
                end_work(db, done)
            enqueue(db, *work)
            return True

        return await self._database.write(change)

    async def begin_amendment(self, submission: Submission, payload: bytes, at: float, attempts: int) -> bool:
        """Commit the intent. False if it is not accepted by now, or if there were not so many ``attempts``."""
        # company: of the first two
        sql = """insert into attempts (subscriber, key, payload, sent_at) select :s, :k, :payload, :at
            where exists (select 1 from order_lines where subscriber = :s and submission = :k and +state = 'accepted')
            and (select count(*) from attempts where subscriber = :s and key = :k) = :attempts"""
        values = {
            "s": submission.subscriber,
            "k": submission.key,
            "payload": payload,
            "at": at,
            "attempts": attempts,
        }
        return bool(await self._database.write(lambda db: db.execute(sql, values).rowcount))

    async def amended(
        self,
        submission: Submission,
        payload: bytes,
        sent: OrderAsSent | None,
        cause: Cause,
        look: NewWork,
        done: Work,
    ) -> None:
        """The MIS has it so: what was changed is what was ``sent``; None: its lines are cancelled."""
        key = [submission.subscriber, submission.key]

        def change(db: Sqlite) -> None:
            end_work(db, done)
            end_attempt(db, submission, cause)
            db.execute("update order_lines set notice = '' where subscriber = ? and submission = ?", key)
            if sent is None:
                before, after = LineState.ACCEPTED, LineState.CANCELLED
                move_lines(db, submission, before, after, cause, decided_by_person=True)
                return
            sql = """update submissions set payload = ?, payload_hash = ?, sent_order = ?,
                    attempts = (select count(*) from attempts a where a.subscriber = ? and a.key = ?)
                where subscriber = ? and key = ?"""
            shown = [payload, hashlib.sha256(payload).hexdigest(), json.encode(sent)]
            db.execute(sql, [*shown, *key, *key])
            sql = "update order_lines set quantity = ? where subscriber = ? and submission = ? and line = ?"
            for line in sent.order.lines:
                db.execute(sql, [line.pieces, *key, line.number])
            note_on_lines(db, submission.subscriber, [submission.key], cause)
            enqueue(db, look)

        await self._database.write(change)
