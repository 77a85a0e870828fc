"""Tokens of the JSON API, and what calls with an idempotency key were answered."""

from sqlite_utils import Database as Sqlite

from makeready.records import EarlierAnswer, Token
from makeready.store.database import Storage
from makeready.store.rows import rows, structs

KEPT_S = 86_400.0
UNDER_WAY_S = 300.0
"""A call that was begun longer ago and has no answer died with its process."""


class Tokens:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def add(self, token: Token) -> bool:
        """False if the name is taken."""
        sql = """insert into tokens (name, hash, subscriber, read_only, operator, created_at, expires_at)
            values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing"""
        values = [
            token.name,
            token.hash,
            token.subscriber,
            int(token.read_only),
            int(token.operator),
            token.created_at,
            token.expires_at,
        ]
        return await self._database.write(lambda db: db.execute(sql, values).rowcount == 1)

    async def get(self, name: str) -> Token | None:
        sql = "select * from tokens where name = ?"
        found = await self._database.read(lambda db: structs(Token, db, sql, [name]))
        return found[0] if found else None

    async def all(self) -> list[Token]:
        return await self._database.read(lambda db: structs(Token, db, "select * from tokens order by name"))

    async def remove(self, name: str) -> bool:
        """With the answers that were kept for it. False if there is none of this name."""

        def change(db: Sqlite) -> bool:
            db.execute("delete from api_answers where token = ?", [name])
            return bool(db.execute("delete from tokens where name = ?", [name]).rowcount)

        return await self._database.write(change)


class Answers:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def begin(self, token: str, key: str, fingerprint: str, *, now: float) -> EarlierAnswer | None:
        """None if the call may be made: it is under way from now on. Otherwise what came before it."""

        def change(db: Sqlite) -> EarlierAnswer | None:
            db.execute("delete from api_answers where created_at < ?", [now - KEPT_S])
            died = "delete from api_answers where token = ? and key = ? and status = 0 and created_at < ?"
            db.execute(died, [token, key, now - UNDER_WAY_S])
            begun = rows(
                db,
                """insert into api_answers (token, key, fingerprint, status, content_type, body, created_at)
                values (?, ?, ?, 0, '', x'', ?) on conflict do nothing returning key""",
                [token, key, fingerprint, now],
            )
            earlier = """select fingerprint, status, content_type, body from api_answers
                where token = ? and key = ?"""
            return None if begun else structs(EarlierAnswer, db, earlier, [token, key])[0]

        return await self._database.write(change)

    async def finish(self, token: str, key: str, *, status: int, content_type: str, body: bytes) -> None:
        sql = "update api_answers set status = ?, content_type = ?, body = ? where token = ? and key = ?"
        values = [status, content_type, body, token, key]
        await self._database.write(lambda db: db.execute(sql, values))

    async def forget(self, token: str, key: str) -> None:
        """It had no answer that is worth keeping: the same call may be made again."""
        sql = "delete from api_answers where token = ? and key = ?"
        await self._database.write(lambda db: db.execute(sql, [token, key]))
