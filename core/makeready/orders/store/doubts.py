"""Submissions that may be in the MIS without our knowing: only the far end that they left for can be asked."""

from msgspec import convert
from sqlite_utils import Database as Sqlite

from makeready.orders.model import NewEnds, Orphaned, Submission
from makeready.storage.rows import rows


def check_doubts(db: Sqlite, ends: NewEnds) -> None:
    """Raises Orphaned if submissions that can be asked about now could not be any more."""
    orphans = [
        one
        for one in _open(db, ends.subscriber)
        if (ends.before is None or any(map(one.is_for, ends.before))) and not any(map(one.is_for, ends.after))
    ]
    if orphans:
        raise Orphaned(orphans)


def _open(db: Sqlite, subscriber: str) -> list[Submission]:
    """On their way, in doubt, or to be sent again as they were."""
    sql = """select distinct s.subscriber, s.key, s.order_number, s.environment, s.connector, s.far_end,
            plain(s.payload) as payload
        from order_lines l indexed by lines_by_state
        join submissions s on s.subscriber = l.subscriber and s.key = l.submission
        where l.subscriber = ? and l.state in ('submitting', 'in_doubt', 'ready') and length(s.payload) > 0
        order by s.key"""
    return [convert(row, Submission, strict=False) for row in rows(db, sql, [subscriber])]
