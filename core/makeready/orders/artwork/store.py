"""Files of submissions: which went with the order, which came later, and how each fares."""

from collections.abc import Sequence
from typing import Any

from msgspec import json
from msgspec import structs as of_struct
from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork
from makeready.engine.observers.store import NEEDS_PERSON, tell_order
from makeready.engine.store import enqueue
from makeready.orders.artwork.model import FileRow, FileState, NewFile
from makeready.orders.model import Submission
from makeready.storage.database import TransactionStep
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, rows, structs

BAD = "from files where subscriber = ? and state in ('failed', 'in_doubt', 'withdrawn') and seen = 0"
OF_SUBMISSION = "from files where subscriber = ? and submission = ?"


class FilesOfOrders(StorePart):
    async def count_bad(self, subscriber: str) -> int:
        """Those that a person has to look after."""
        sql = f"select count(*) as n {BAD}"
        [found] = await self._database.read(lambda db: rows(db, sql, [subscriber]))
        return int(found["n"])

    async def plan(self, submission: Submission, files: Sequence[NewFile], now: float) -> None:
        """Keep what becomes of an order's files, in the place of what was to become of them before."""
        await self._database.write(self.planned(submission, files, now))

    def planned(
        self, submission: Submission, files: Sequence[NewFile], now: float, *work: NewWork
    ) -> TransactionStep:
        """The same as a part of another change, which asks for ``work``, too."""

        def step(db: Sqlite) -> None:
            if files or submission.attempts:
                _plan(db, submission, files, now)
            enqueue(db, *work)

        return step

    async def add(self, submission: Submission, files: Sequence[NewFile], work: NewWork) -> None:
        """Keep files that are not known yet, and ask for ``work`` if there are any."""

        def change(db: Sqlite) -> None:
            if sum(_insert(db, submission, file, work.due_at) for file in files):
                enqueue(db, work)

        await self._database.write(change)

    async def of(self, subscriber: str, submission: str) -> list[FileRow]:
        sql = f"select * {OF_SUBMISSION} order by line, id"
        return await self._database.read(lambda db: structs(FileRow, db, sql, [subscriber, submission]))

    async def move(
        self,
        submission: Submission,
        file: FileRow,
        state: FileState,
        *,
        now: float,
        error: str = "",
        replaced: FileRow | None = None,
        work: Sequence[NewWork] = (),
    ) -> FileRow | None:
        """Note how a file fares, with its facts of now, and ask for ``work``; an error counts as an attempt. ``replaced``:
        the file whose place it has taken. None if somebody else has moved it meanwhile.
        """
        sql = """update files set state = ?, error = ?, size = ?, media_type = ?, sha256 = ?,
            attempts = attempts + (? != ''), notified = '', seen = 0, updated_at = ?
            where subscriber = ? and id = ? and state = ? and updated_at = ?"""
        facts = [file.size, file.media_type, file.sha256]
        is_it = [submission.subscriber, file.id, file.state.value, file.updated_at]

        def change(db: Sqlite) -> bool:
            if not db.execute(sql, [state.value, error, *facts, error, now, *is_it]).rowcount:
                return False
            if replaced:
                over = "update files set state = 'replaced', error = '', updated_at = ? where subscriber = ? and id = ?"
                db.execute(over, [now, submission.subscriber, replaced.id])
            if work:
                reason = f"{file.file_name}: {error}"
                number = submission.order_number
                tell_order(db, submission.subscriber, NEEDS_PERSON, number, [file.line], now, reason=reason)
            enqueue(db, *work)
            return True

        moved = of_struct.replace(file, state=state, error=error, updated_at=now)
        return moved if await self._database.write(change) else None


def _plan(db: Sqlite, submission: Submission, files: Sequence[NewFile], now: float) -> None:
    names = json.encode([f"{one.line} {one.url}" for one in files]).decode()
    sql = f"""delete {OF_SUBMISSION} and (went or state = 'not_taken')
        and line || ' ' || url not in (select value from json_each(?))"""
    db.execute(sql, [submission.subscriber, submission.key, names])
    for file in files:
        _insert(db, submission, file, now)


def _insert(db: Sqlite, submission: Submission, new: NewFile, now: float) -> bool:
    """``version`` stays as the shop told it: another content at the same address is another file."""
    of: Any = {"subscriber": submission.subscriber, "submission": submission.key, "updated_at": now}
    return insert(db, "files", new, version=new.sha256, went=new.state is FileState.SENT, attempts=0, **of)
