"""The ledger of order lines and submissions: state first, then the call.

Every change of state is one commit together with its history and the work that it causes. The
database refuses moves that `makeready.orders.model` does not list.
"""

from collections.abc import Callable, Iterable, Sequence

from makeready_hooks.model.order import Order
from makeready_hooks.model.submission import AcceptedOrder
from msgspec import json
from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork
from makeready.engine.observers.store import NEEDS_PERSON, tell_order
from makeready.engine.store import enqueue, make_due
from makeready.orders.corrections.model import Correction
from makeready.orders.corrections.store import keep_corrections
from makeready.orders.life.model import Life
from makeready.orders.life.store import depart
from makeready.orders.model import (
    Cause,
    Departure,
    FarEnd,
    LineDecision,
    LineKey,
    LineState,
    NewEnds,
    OrderIdentity,
    ReadingKey,
    SeenOrder,
    Submission,
)
from makeready.orders.store.attention import end_unreadable, keep_unreadable
from makeready.orders.store.beginnings import include_lines, set_tests_aside
from makeready.orders.store.by_hand import forget, reason_of, remember, take_back
from makeready.orders.store.doubts import check_doubts
from makeready.orders.store.identities import identify, number_here, stop_all, stopped
from makeready.orders.store.observations import apply_observation, discard_payload
from makeready.orders.store.readings import is_newest, take_reading
from makeready.orders.store.transitions import end_attempt, move_lines, note_on_lines, tell_moved
from makeready.orders.submission.store import Amendments
from makeready.storage.database import Condition, TransactionStep
from makeready.storage.rows import rows

MAY_BE_THERE = (
    LineState.SUBMITTING,
    LineState.IN_DOUBT,
    LineState.PARKED,
    LineState.REFUSED,
    LineState.READY,
)
"""States in which an answer of acceptance can find us: it is a fact all the same."""
CHANGED = "the shop has changed it after it was sent"


class Ledger(Amendments):
    def check_doubts(self, ends: NewEnds) -> TransactionStep:
        """Raises Orphaned if submissions that can be asked about now could not be any more."""
        return lambda db: check_doubts(db, ends)

    def knows_orders(self, subscriber: str) -> Condition:
        return lambda db: bool(
            rows(db, "select 1 from order_lines where subscriber = ? limit 1", [subscriber])
        )

    def set_tests_aside(self, subscriber: str, at: float) -> TransactionStep:
        """What a test MIS took is unknown to *live*: it waits as from before our time."""
        return lambda db: set_tests_aside(db, subscriber, at)

    async def retry(self, subscriber: str, keys: Sequence[str] | None, cause: Cause) -> int:
        """Try at once what went wrong: that of these orders and submissions, or all. Returns how much it is."""

        def change(db: Sqlite) -> int:
            changed = make_due(db, subscriber, keys, cause.at)
            note_on_lines(db, subscriber, changed, cause)
            return len(changed)

        return await self._database.write(change)

    async def tell_apart(self, subscriber: str, orders: Sequence[OrderIdentity]) -> None:
        """Orders of one number, in one reading: all are known before any of them is taken in, and could go."""
        await self._database.write(lambda db: [identify(db, subscriber, one) for one in orders])

    async def record_observation(
        self,
        subscriber: str,
        order: OrderIdentity,
        seen: SeenOrder,
        decisions: Sequence[LineDecision],
        *,
        reading: ReadingKey,
        cause: Cause,
        submit_kind: str,
        attention: Callable[[], Sequence[NewWork]] = tuple,
    ) -> bool:
        """Take in what was seen of an order; ask for the submission of lines that became ready, and for the work of
        ``attention`` if one that was sent has changed.

        An order that is not the only one of its number waits for a person: see `makeready.orders.store.identities`.
        False, and nothing is changed, if a newer ``reading`` was taken in before.
        """

        def change(db: Sqlite) -> bool:
            known_as, sites = identify(db, subscriber, order)
            if not take_reading(db, subscriber, known_as, reading):
                return False
            end_unreadable(db, subscriber, order)
            needs_attention = False
            new = []
            for decision in decisions:
                key = LineKey(subscriber, known_as, decision.line)
                decision = stopped(decision, f"{order.reference_prefix}{known_as}", sites)
                taken = apply_observation(db, key, seen, decision, cause)
                new += [decision.line] if taken.is_new else []
                if taken.noticed:
                    tell_order(
                        db, subscriber, NEEDS_PERSON, known_as, [decision.line], cause.at, reason=CHANGED
                    )
                elif taken.moved:
                    reasoned = cause._replace(text=decision.reason)
                    tell_moved(db, subscriber, known_as, [decision.line], decision.state, reasoned)
                needs_attention |= taken.noticed or (taken.moved and decision.state is LineState.PARKED)
                if taken.moved and decision.state is LineState.READY:
                    work = NewWork(
                        subscriber=subscriber, kind=submit_kind, key=decision.submission, due_at=cause.at
                    )
                    enqueue(db, work)
            tell_moved(db, subscriber, known_as, new, LineState.SEEN, cause)
            if sites:
                needs_attention |= stop_all(db, subscriber, order.number, sites, cause)
            enqueue(db, *(attention() if needs_attention else ()))
            return True

        return await self._database.write(change)

    async def record_unreadable(
        self,
        subscriber: str,
        order: Order,
        reading: ReadingKey,
        at: float,
        attention: Callable[[], Sequence[NewWork]],
    ) -> None:
        """Keep an order with a problem, unless a newer ``reading`` was taken in before. Its lines, if any are known,
        stay as they are.
        """

        def change(db: Sqlite) -> None:
            known_as = number_here(db, subscriber, OrderIdentity(order.number, order.id, order.site))
            if not take_reading(db, subscriber, known_as, reading):
                return
            if keep_unreadable(db, subscriber, order, at):
                tell_order(db, subscriber, NEEDS_PERSON, known_as, (), at, reason=order.problem)
                enqueue(db, *attention())

        await self._database.write(change)

    async def begin(
        self,
        submission: Submission,
        departure: Departure,
        still: Condition = lambda db: True,
        also: TransactionStep = lambda db: None,
    ) -> Life | None:
        """Commit the intent: the exact payload is about to leave. Returns the ledger's life, for its witness.
        ``also``: what is kept with it.

        None if not exactly the lines that it was made from are ready, if the order has changed since, or if it does
        not ``still`` hold what it was made from: then nothing is changed.
        """
        cause = Cause(departure.text, departure.at)

        def change(db: Sqlite) -> Life | None:
            # +: by the submission, since a backlog has many lines in a state
            ready = (
                "select line from order_lines where subscriber = ? and submission = ? and +state = 'ready'"
            )
            lines = {row["line"] for row in rows(db, ready, [submission.subscriber, submission.key])}
            if lines != set(submission.lines):
                return None
            if not is_newest(db, submission.subscriber, submission.order_number, departure.reading):
                return None
            if not still(db):
                return None
            move_lines(db, submission, LineState.READY, LineState.SUBMITTING, cause)
            key, end = [submission.subscriber, submission.key], departure.far_end
            sent = [
                departure.payload,
                departure.payload_hash,
                departure.order,
                departure.at,
                departure.quiet_until,
            ]
            db.execute(
                """insert into submissions (subscriber, key, order_number, environment, connector, far_end, payload,
                    payload_hash, sent_order, attempts, sent_at, quiet_until, mis_id, mis_number, marked)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, '', '', 0)
                on conflict (subscriber, key) do update set attempts = attempts + 1, sent_at = excluded.sent_at,
                    quiet_until = excluded.quiet_until, environment = excluded.environment,
                    connector = excluded.connector, far_end = excluded.far_end,
                    payload = excluded.payload, payload_hash = excluded.payload_hash,
                    sent_order = iif(length(excluded.sent_order) > 0, excluded.sent_order, sent_order)""",
                [*key, submission.order_number, end.environment, end.connector, end.address, *sent],
            )
            db.execute(
                "insert into attempts (subscriber, key, payload, sent_at) values (?, ?, ?, ?)",
                [*key, departure.payload, departure.at],
            )
            also(db)
            return depart(db)

        return await self._database.write(change)

    async def accept(
        self,
        submission: Submission,
        *,
        accepted: AcceptedOrder,
        cause: Cause,
        next_kinds: Sequence[str],
        far_end: FarEnd | None = None,
        follow: NewWork | None = None,
        is_by_hand: bool = False,
        answer: bytes = b"",
    ) -> bool:
        """The MIS has it; what comes next is asked for. False if it was settled otherwise before.

        ``far_end``: where it is, of an order that did not leave from here. ``follow``: what looks after it from now on.
        ``answer``: as it came.
        ``is_by_hand``: as a person says, who can
        take that back.
        """

        name, key, number = submission.subscriber, submission.key, submission.order_number
        lines = json.encode(accepted.lines).decode()

        def change(db: Sqlite) -> bool:
            reason = reason_of(db, submission)
            moved = (
                one for one in MAY_BE_THERE if move_lines(db, submission, one, LineState.ACCEPTED, cause)
            )
            if (before := next(moved, None)) is None:
                return False
            if is_by_hand:
                remember(db, submission, before, reason)
            else:
                forget(db, submission)
            db.execute(
                """insert into submissions (subscriber, key, order_number, environment, payload, payload_hash,
                    attempts, sent_at, quiet_until, mis_id, mis_number, mis_lines, marked)
                values (?, ?, ?, '', x'', '', 0, 0, 0, ?, ?, ?, 0) on conflict (subscriber, key)
                do update set mis_id = excluded.mis_id, mis_number = excluded.mis_number, mis_lines = excluded.mis_lines""",
                [name, key, number, accepted.id, accepted.number, lines],
            )
            if far_end is not None:
                sql = "update submissions set connector = ?, environment = ?, far_end = ? where subscriber = ? and key = ?"
                end = [far_end.connector, far_end.environment, far_end.address]
                db.execute(sql, [*end, name, key])
            end_attempt(db, submission, cause, answer)
            told = {"mis_id": accepted.id, "mis_number": accepted.number}
            tell_order(db, name, "order_accepted", number, submission.lines, cause.at, **told)
            enqueue(
                db, *(NewWork(subscriber=name, kind=kind, key=key, due_at=cause.at) for kind in next_kinds)
            )
            enqueue(db, *([follow] if follow else ()))
            return True

        return await self._database.write(change)

    async def take_back(
        self, submission: Submission, mark: str, cause: Cause, work: Sequence[NewWork]
    ) -> bool:
        """A person was wrong to say that it is in the MIS. False if none did, or if it is not accepted by now.
        ``mark``: what the shop's items may carry.
        """

        def change(db: Sqlite) -> bool:
            if not take_back(db, submission, mark, cause):
                return False
            enqueue(db, *work)
            return True

        return await self._database.write(change)

    async def mark_to_clear(self, submission: Submission) -> str:
        """What is still to be taken off the shop's items; "" if nothing is."""
        sql = "select mark from accepted_by_hand where subscriber = ? and key = ?"
        found = await self._rows(sql, [submission.subscriber, submission.key])
        return str(found[0]["mark"]) if found else ""

    async def mark_cleared(self, submission: Submission, cause: Cause) -> None:
        def change(db: Sqlite) -> None:
            forget(db, submission)
            note_on_lines(db, submission.subscriber, [submission.key], cause)

        await self._database.write(change)

    async def move(
        self,
        submission: Submission,
        before: Iterable[LineState],
        after: LineState,
        cause: Cause,
        *,
        work: Sequence[NewWork] = (),
        decided_by_person: bool = False,
        mendable: bool = False,
        map_anew: bool = False,
        included: bool = False,
        reading: ReadingKey | None = None,
        notice: str = "",
        corrections: Sequence[Correction] = (),
    ) -> bool:
        """Move the lines of a submission that are in one of the states ``before``, and ask for ``work``.

        False if they are elsewhere by now, or if the ``reading`` that it is about is not the
        newest. ``decided_by_person`` keeps looks from changing what a person decided.
        ``mendable`` lets a look go on with what never left, once the shop gives of it what can be sent.
        ``map_anew`` forgets the payload, for what certainly was not taken; the attempts keep it.
        ``included``: a person says that it goes, whoever may have sent it before. ``notice``: what people should
        know beside the state. ``corrections``: what a person has corrected of the order.
        """

        def change(db: Sqlite) -> bool:
            one = submission
            if reading is not None and not is_newest(db, one.subscriber, one.order_number, reading):
                return False
            told = (decided_by_person, mendable, notice)
            if not any(move_lines(db, submission, one, after, cause, *told) for one in before):
                return False
            end_attempt(db, submission, cause)
            if included:
                include_lines(db, submission, cause.at)
            if map_anew:
                discard_payload(db, submission.subscriber, submission.key)
            keep_corrections(db, submission.subscriber, submission.order_number, corrections)
            enqueue(db, *work)
            return True

        return await self._database.write(change)

    async def send_anew(
        self,
        submission: Submission,
        key: str,
        cause: Cause,
        work: NewWork,
        corrections: Sequence[Correction] = (),
    ) -> bool:
        """Give its lines another key, under which they are sent as another order. False if they are elsewhere by now."""

        def change(db: Sqlite) -> bool:
            if not move_lines(db, submission, LineState.REFUSED, LineState.READY, cause):
                return False
            include_lines(db, submission, cause.at)
            db.execute(
                "update order_lines set submission = ? where subscriber = ? and submission = ?",
                [key, submission.subscriber, submission.key],
            )
            db.execute(
                """update progress set status = '', finished = 0 where subscriber = ? and order_number = ?""",
                [submission.subscriber, submission.order_number],
            )
            keep_corrections(db, submission.subscriber, submission.order_number, corrections)
            enqueue(db, work)
            return True

        return await self._database.write(change)

    async def marked(self, submission: Submission, *, at: float) -> None:
        """The shop's items carry the MIS's number, unless a person has taken that back meanwhile."""
        sql = (
            "update submissions set marked = 1, marked_at = ? where subscriber = ? and key = ? and mis_id = ?"
        )
        await self._execute(sql, [at, submission.subscriber, submission.key, submission.mis_id])

    async def mark_again(self, submission: Submission, work: NewWork, *, at_most: int) -> bool:
        """Ask for the mark once more, ``at_most`` so many times in a submission's life. False if not asked."""
        sql = """update submissions set marked = 0, marks_repaired = marks_repaired + 1
            where subscriber = ? and key = ? and marked = 1 and marks_repaired < ?"""

        def change(db: Sqlite) -> bool:
            if not db.execute(sql, [submission.subscriber, submission.key, at_most]).rowcount:
                return False
            enqueue(db, work)
            return True

        return await self._database.write(change)

    async def keep_answer(self, submission: Submission, answer: bytes) -> None:
        """To the last attempt. It decides nothing: it is there to be read."""
        sql = """update attempts set answer = ? where id = (
            select max(id) from attempts where subscriber = ? and key = ?)"""
        values = [answer, submission.subscriber, submission.key]
        await self._database.write(lambda db: db.execute(sql, values))
