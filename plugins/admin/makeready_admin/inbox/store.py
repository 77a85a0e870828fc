"""What waits for a person, as rows: orders, changes after they were sent, files, work that cannot go on."""

from collections.abc import Sequence

from makeready.engine.model import FailingWork
from makeready.orders.artwork.model import FileRow
from makeready.orders.model import LineRow, UnreadableOrder
from makeready.storage.part import StorePart
from makeready.stores import Store
from msgspec import Struct

# company: whoever adds the condition names it
LINES = """select l.*, coalesce(s.mis_id, '') as mis_id, coalesce(s.mis_number, '') as mis_number
    from order_lines l indexed by lines_by_state
    left join submissions s on s.subscriber = l.subscriber and s.key = l.submission"""
NOTICED = """from order_lines indexed by lines_unseen
    where subscriber = ? and notice != '' and seen = 0 and state not in ('refused', 'parked')"""
BAD = "from files where subscriber = ? and state in ('failed', 'in_doubt', 'withdrawn') and seen = 0"
MOST_ALIKE = 1000
"""So many rejected submissions are compared by their reasons."""
OLDEST = "order by updated_at limit ? offset ?"


class NeedsAttention(Struct, frozen=True, kw_only=True):
    """The oldest of each kind first."""

    lines: Sequence[LineRow]
    """Refused or parked."""
    unreadable: Sequence[UnreadableOrder]
    noticed: Sequence[LineRow]
    """Changed in the shop after they were sent."""
    files: Sequence[FileRow]
    work: Sequence[FailingWork]


class Waiting(StorePart):
    async def find(self, subscriber: str, limit: int, *, skip: int = 0) -> NeedsAttention:
        """At most ``limit`` of each kind, after the first ``skip``."""
        values = [subscriber, limit, skip]
        # company: the condition names it
        lines = f"{LINES} where l.subscriber = ? and l.state in ('refused', 'parked') {OLDEST}"
        work = "select * from work where subscriber = ? and needs_person = 1 order by failing_since limit ? offset ?"
        return NeedsAttention(
            lines=await self._structs(LineRow, lines, values),
            unreadable=await self._structs(
                UnreadableOrder,
                "select * from unreadable_orders where subscriber = ? order by since limit ? offset ?",
                values,
            ),
            noticed=await self._structs(LineRow, f"select * {NOTICED} {OLDEST}", values),
            files=await self._structs(FileRow, f"select * {BAD} {OLDEST}", values),
            work=await self._structs(FailingWork, work, values),
        )

    async def lines(self, subscriber: str, limit: int) -> list[LineRow]:
        """Rejected or unconfirmed ones, the oldest first."""
        sql = (
            f"{LINES} where l.subscriber = ? and l.state in ('refused', 'parked') order by updated_at limit ?"
        )
        return await self._structs(LineRow, sql, [subscriber, limit])

    async def reasons(self, subscriber: str) -> list[str]:
        """Why submissions were rejected, one of each."""
        sql = """select reason from order_lines indexed by lines_by_state
            where subscriber = ? and state = 'refused' group by submission limit ?"""
        return [str(row["reason"]) for row in await self._rows(sql, [subscriber, MOST_ALIKE])]

    async def line_seen(self, subscriber: str, order_number: str, line: int) -> bool:
        """Somebody has dealt with what changed after it was sent. False if nothing waits for it."""
        sql = """update order_lines set seen = 1
            where subscriber = ? and order_number = ? and line = ? and notice != '' and seen = 0"""
        return await self._execute(sql, [subscriber, order_number, line]) == 1

    async def file_seen(self, subscriber: str, submission: str, line: int, url: str) -> bool:
        """Somebody has given it to the MIS, or it is not needed. False if it does not wait for a person."""
        sql = """update files set seen = 1 where subscriber = ? and submission = ? and line = ? and url = ?
            and state in ('failed', 'in_doubt', 'withdrawn') and seen = 0"""
        return await self._execute(sql, [subscriber, submission, line, url]) == 1


def waiting_of(store: Store) -> Waiting:
    return Waiting(store.database)
