"""What a submission was before a person said that it is in the MIS, so that this can be taken back."""

from sqlite_utils import Database as Sqlite

from makeready.orders.model import Cause, LineState, Submission
from makeready.orders.store.transitions import move_lines
from makeready.storage.rows import rows

KEY = "where subscriber = ? and key = ?"


def reason_of(db: Sqlite, submission: Submission) -> str:
    sql = "select reason from order_lines where subscriber = ? and submission = ? limit 1"
    found = rows(db, sql, [submission.subscriber, submission.key])
    return str(found[0]["reason"]) if found else ""


def remember(db: Sqlite, submission: Submission, before: LineState, reason: str) -> None:
    """A refusal is one again when it is taken back. From anywhere else it becomes *parked*: it may be in the MIS."""
    after = before if before is LineState.REFUSED else LineState.PARKED
    key = [submission.subscriber, submission.key]
    found = rows(
        db, f"select mis_id, mis_number, connector, environment, far_end from submissions {KEY}", key
    )
    end = list(found[0].values()) if found else [""] * 5
    db.execute(
        """insert or replace into accepted_by_hand
            (subscriber, key, state, reason, mis_id, mis_number, connector, environment, far_end)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [*key, after.value, reason, *end],
    )


def forget(db: Sqlite, submission: Submission) -> None:
    db.execute(f"delete from accepted_by_hand {KEY}", [submission.subscriber, submission.key])


def take_back(db: Sqlite, submission: Submission, mark: str, cause: Cause) -> bool:
    """Everything is as before the person said so; ``mark`` is to be taken off. False if it was not, or is elsewhere."""
    key = [submission.subscriber, submission.key]
    found = rows(db, f"select * from accepted_by_hand {KEY} and mark = ''", key)
    if not found:
        return False
    before = found[0]
    told = cause.with_reason(before["reason"])
    if not move_lines(db, submission, LineState.ACCEPTED, LineState(before["state"]), told):
        return False
    db.execute(
        f"""update submissions set mis_id = ?, mis_number = ?, connector = ?, environment = ?, far_end = ?, marked = 0
            {KEY}""",
        [*(before[one] for one in ("mis_id", "mis_number", "connector", "environment", "far_end")), *key],
    )
    progress = "update progress set status = '', finished = 0 where subscriber = ? and order_number = ?"
    db.execute(progress, [submission.subscriber, submission.order_number])
    db.execute(f"update accepted_by_hand set mark = ? {KEY}", [mark, *key])
    return True
