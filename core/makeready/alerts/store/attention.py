"""What waits for a person: lines, files, work that will go wrong until somebody changes something."""

from sqlite_utils import Database as Sqlite

from makeready.alerts.attention_model import AttentionCounts, NeedsAttention
from makeready.engine.model import FailingWork
from makeready.orders.artwork.model import BadFile
from makeready.orders.model import LineRow
from makeready.orders.store.search import IN_STATE
from makeready.storage.database import Storage
from makeready.storage.rows import structs

UNSEEN = "seen = 0"
NOTICED = f"""from order_lines indexed by lines_unseen
    where subscriber = ? and notice != '' and {UNSEEN} and state not in ('refused', 'parked')"""
BAD_FILES = f"from files where subscriber = ? and state in ('failed', 'in_doubt') and {UNSEEN}"
OLDEST = "order by updated_at limit ? offset ?"
STUCK = "from work where subscriber = ? and needs_person = 1"


class Attention:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def counts(self, subscriber: str) -> AttentionCounts:
        in_state = "(select count(*) from order_lines where subscriber = ? and state = '{}')"
        sql = f"""select {in_state.format("refused")} as refused, {in_state.format("parked")} as parked,
            (select count(*) {NOTICED}) as noticed,
            (select count(*) {BAD_FILES}) as files, (select count(*) {STUCK}) as work"""
        [found] = await self._database.read(lambda db: structs(AttentionCounts, db, sql, [subscriber] * 5))
        return found

    async def waiting(self, subscriber: str, limit: int, *, skip: int = 0) -> NeedsAttention:
        """At most ``limit`` of each kind, after the first ``skip``."""
        values = [subscriber, limit, skip]

        def read(db: Sqlite) -> NeedsAttention:
            lines = f"{IN_STATE} where l.subscriber = ? and l.state in ('refused', 'parked') {OLDEST}"
            return NeedsAttention(
                lines=structs(LineRow, db, lines, values),
                noticed=structs(LineRow, db, f"select * {NOTICED} {OLDEST}", values),
                files=structs(BadFile, db, f"select * {BAD_FILES} {OLDEST}", values),
                work=structs(
                    FailingWork, db, f"select * {STUCK} order by failing_since limit ? offset ?", values
                ),
            )

        return await self._database.read(read)

    async def line_seen(self, subscriber: str, order_number: str, line: int) -> bool:
        """Somebody has dealt with what changed after it was sent. False if nothing waits for it."""
        sql = f"""update order_lines set seen = 1
            where subscriber = ? and order_number = ? and line = ? and notice != '' and {UNSEEN}"""
        values = [subscriber, order_number, line]
        return await self._database.write(lambda db: db.execute(sql, values).rowcount == 1)

    async def file_seen(self, subscriber: str, submission: str, line: int, url: str) -> bool:
        """Somebody has given it to the MIS, or it is not needed. False if it does not wait for a person."""
        sql = f"""update files set seen = 1
            where subscriber = ? and submission = ? and line = ? and url = ?
            and state in ('failed', 'in_doubt') and {UNSEEN}"""
        values = [subscriber, submission, line, url]
        return await self._database.write(lambda db: db.execute(sql, values).rowcount == 1)
