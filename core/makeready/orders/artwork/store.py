"""Files of submissions: which went with the order, which came later, and how each fares."""

from collections.abc import Sequence

from msgspec import Struct
from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork
from makeready.engine.observers.store import NEEDS_PERSON, tell_order
from makeready.engine.store import enqueue
from makeready.orders.artwork.model import FileRow, FileState
from makeready.orders.model import Submission
from makeready.storage.part import StorePart
from makeready.storage.rows import rows, structs


class NewFile(Struct, frozen=True, kw_only=True):
    line: int
    name: str
    url: str
    state: FileState


BAD = "from files where subscriber = ? and state in ('failed', 'in_doubt') and seen = 0"


class FilesOfOrders(StorePart):
    async def count_bad(self, subscriber: str) -> int:
        """Those that a person has to look after."""
        sql = f"select count(*) as n {BAD}"
        [found] = await self._database.read(lambda db: rows(db, sql, [subscriber]))
        return int(found["n"])

    async def add(
        self, submission: Submission, files: Sequence[NewFile], *, now: float, work: NewWork | None
    ) -> int:
        """Keep files that are not known yet, and ask for ``work`` if there are any; return how many."""

        def change(db: Sqlite) -> int:
            added = sum(_insert(db, submission, file, now) for file in files)
            if added and work is not None:
                enqueue(db, work)
            return added

        return await self._database.write(change)

    async def of(self, subscriber: str, submission: str) -> list[FileRow]:
        sql = """select line, name, url, state, error, size, content_type, attempts from files
            where subscriber = ? and submission = ? order by line, rowid"""
        return await self._database.read(lambda db: structs(FileRow, db, sql, [subscriber, submission]))

    async def move(
        self,
        submission: Submission,
        file: FileRow,
        state: FileState,
        *,
        now: float,
        error: str = "",
        size: int | None = None,
        content_type: str = "",
        work: Sequence[NewWork] = (),
    ) -> None:
        """Note how a file fares, and ask for ``work``; an error counts as an attempt."""
        sql = """update files set state = ?, error = ?, size = coalesce(?, size), content_type = ?,
            attempts = attempts + (? != ''), notified = '', seen = 0, updated_at = ?
            where subscriber = ? and submission = ? and line = ? and url = ?"""
        key = [submission.subscriber, submission.key, file.line, file.url]
        values = [state.value, error, size, content_type, error, now, *key]

        def change(db: Sqlite) -> None:
            db.execute(sql, values)
            if work:
                reason = f"{file.name}: {error}"
                number = submission.order_number
                tell_order(db, submission.subscriber, NEEDS_PERSON, number, [file.line], now, reason=reason)
            enqueue(db, *work)

        await self._database.write(change)


def _insert(db: Sqlite, submission: Submission, file: NewFile, now: float) -> int:
    cursor = db.execute(
        """insert into files (subscriber, submission, line, url, name, state, error, size, content_type, attempts,
            updated_at) values (?, ?, ?, ?, ?, ?, '', null, '', 0, ?) on conflict do nothing""",
        [submission.subscriber, submission.key, file.line, file.url, file.name, file.state.value, now],
    )
    return int(cursor.rowcount)
