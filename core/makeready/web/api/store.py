"""Answers of the API that are kept for the same call made again."""

from msgspec import Struct
from sqlite_utils import Database as Sqlite

from makeready.storage.part import StorePart
from makeready.storage.rows import rows, structs

KEPT_S = 86_400.0
UNDER_WAY_S = 300.0
"""A call that was begun longer ago and has no answer died with its process."""


class EarlierAnswer(Struct, frozen=True, kw_only=True):
    """What a call with the same idempotency key was answered."""

    fingerprint: str
    """Of the call."""
    status: int
    """0 while it is under way."""
    content_type: str
    body: bytes


class Answers(StorePart):
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
        await self._execute(sql, values)

    async def forget(self, token: str, key: str) -> None:
        """It had no answer that is worth keeping: the same call may be made again."""
        sql = "delete from api_answers where token = ? and key = ?"
        await self._execute(sql, [token, key])
