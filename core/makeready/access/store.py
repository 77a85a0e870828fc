"""SQL of the audit log, as it is written, and of the tokens of the JSON API."""

from sqlite_utils import Database as Sqlite

from makeready.access.model import AuditRow, Token
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, rows, structs


class Audit(StorePart):
    """Appended to, never changed, but for what came of it."""

    async def begin(self, row: AuditRow) -> int:
        """Keep that somebody is about to do something; return its number."""

        def change(db: Sqlite) -> int:
            insert(db, "audit", row, without={"id"})
            return int(rows(db, "select last_insert_rowid() as id")[0]["id"])

        return await self._database.write(change)

    async def end(self, number: int, outcome: str) -> None:
        sql = "update audit set outcome = ? where id = ? and outcome = ''"
        await self._execute(sql, [outcome, number])


class Tokens(StorePart):
    async def add(self, token: Token) -> bool:
        """False if the name is taken."""
        return await self._database.write(lambda db: insert(db, "tokens", token))

    async def get(self, name: str) -> Token | None:
        sql = "select * from tokens where name = ?"
        return await self._first(Token, sql, [name])

    async def all(self) -> list[Token]:
        return await self._database.read(lambda db: structs(Token, db, "select * from tokens order by name"))

    async def remove(self, name: str) -> bool:
        """With the answers that were kept for it. False if there is none of this name."""

        def change(db: Sqlite) -> bool:
            db.execute("delete from api_answers where token = ?", [name])
            return bool(db.execute("delete from tokens where name = ?", [name]).rowcount)

        return await self._database.write(change)
