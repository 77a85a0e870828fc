"""Tokens of the JSON API, and what calls with an idempotency key were answered."""

from sqlite_utils import Database as Sqlite

from makeready.access.model import Token
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, structs


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
