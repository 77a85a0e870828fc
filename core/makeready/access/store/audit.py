"""What people did: appended to, never changed, but for what came of it."""

from sqlite_utils import Database as Sqlite

from makeready.access.model import AuditFilter, AuditRow
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, rows

COLUMNS = "id, at, actor, via, address, subscriber, action, target, detail, outcome"


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

    async def find(self, wanted: AuditFilter, *, limit: int, before: int = 0) -> list[AuditRow]:
        """The newest first; after a page, those with smaller numbers than ``before``."""
        terms, values = ["id > 0"], []
        for term, given in (
            ("subscriber = ?", wanted.subscriber),
            ("actor = ?", wanted.actor),
            ("substr(action, 1, length(?)) = ?", wanted.action),
            ("id < ?", before),
        ):
            if given:
                terms.append(term)
                values += [given] * term.count("?")
        sql = f"select {COLUMNS} from audit where {' and '.join(terms)} order by id desc limit ?"
        return await self._structs(AuditRow, sql, [*values, limit])
