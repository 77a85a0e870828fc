"""What people did: appended to, never changed, but for what came of it."""

from sqlite_utils import Database as Sqlite

from makeready.access.model import AuditRow
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, rows


class Audit(StorePart):
    async def begin(self, row: AuditRow) -> int:
        """Keep that somebody is about to do something; return its number."""

        def change(db: Sqlite) -> int:
            insert(db, "audit", row, without={"id"})
            return int(rows(db, "select last_insert_rowid() as id")[0]["id"])

        return await self._database.write(change)

    async def end(self, number: int, outcome: str) -> None:
        sql = "update audit set outcome = ? where id = ? and outcome = ''"
        await self._execute(sql, [outcome, number])
