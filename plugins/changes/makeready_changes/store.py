"""How far each vendor's changes were read."""

from makeready.installation import Installation
from makeready.storage.part import StorePart
from msgspec import Struct


class Cursor(Struct, frozen=True, kw_only=True):
    far_end: str
    """Which server or account it is of, and in which environment: another one does not know it."""
    latest: str = ""
    earlier: str = ""
    """From before the last reading: it is asked with once more."""


class Cursors(StorePart):
    async def of(self, subscriber: str, connector: str) -> Cursor | None:
        sql = "select far_end, latest, earlier from change_cursors where subscriber = ? and connector = ?"
        found = await self._structs(Cursor, sql, [subscriber, connector])
        return found[0] if found else None

    async def keep(self, subscriber: str, connector: str, cursor: Cursor, *, at: float) -> None:
        sql = """insert or replace into change_cursors (subscriber, connector, far_end, latest, earlier, read_at)
            values (?, ?, ?, ?, ?, ?)"""
        given = [subscriber, connector, cursor.far_end, cursor.latest, cursor.earlier, at]
        await self._database.write(lambda db: db.execute(sql, given))


def cursors_of(installation: Installation) -> Cursors:
    return Cursors(installation.store.database)
