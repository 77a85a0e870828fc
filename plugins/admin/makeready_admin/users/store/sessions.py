"""Who is signed in."""

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, structs
from sqlite_utils import Database as Sqlite

from makeready_admin.users.model import Session


class Sessions(StorePart):
    async def begin(self, session: Session, *, forget_before: float) -> None:
        """And forget those that began before a moment."""

        def change(db: Sqlite) -> None:
            db.execute("delete from sessions where begun_at < ?", [forget_before])
            insert(db, "sessions", session)

        await self._database.write(change)

    async def get(self, key: str) -> Session | None:
        sql = "select * from sessions where id = ?"
        found = await self._database.read(lambda db: structs(Session, db, sql, [key]))
        return found[0] if found else None

    async def seen(self, key: str, *, now: float) -> None:
        sql = "update sessions set seen_at = ? where id = ?"
        await self._database.write(lambda db: db.execute(sql, [now, key]))

    async def note(self, key: str, notice: str) -> None:
        """What the next page tells; empty when it was told."""
        sql = "update sessions set notice = ? where id = ?"
        await self._database.write(lambda db: db.execute(sql, [notice, key]))

    async def end(self, key: str) -> None:
        await self._database.write(lambda db: db.execute("delete from sessions where id = ?", [key]))


def sessions_of(installation: Installation) -> Sessions:
    return Sessions(installation.store.database)
