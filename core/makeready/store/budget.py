"""One budget of calls per vendor host, shared by all processes of an installation."""

from sqlite_utils import Database as Sqlite

from makeready.store.database import Storage
from makeready.store.rows import rows


class CallSlots:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def take(self, host: str, *, now: float, calls: int, per_s: float) -> float:
        """Reserve the next free moment for a call and return it: now, or a time to wait for.

        The budget never lets more than ``calls`` begin in any window of ``per_s`` seconds.
        """
        return await self._database.write(lambda db: _take(db, host, now, calls, per_s))


def _take(db: Sqlite, host: str, now: float, calls: int, per_s: float) -> float:
    db.execute("delete from call_slots where host = ? and at < ?", [host, now - per_s])
    newest_first = "select at from call_slots where host = ? order by at desc limit 1 offset ?"
    blocking = rows(db, newest_first, [host, calls - 1])
    at = max(now, float(blocking[0]["at"]) + per_s) if blocking else now
    db.execute("insert into call_slots (host, at) values (?, ?)", [host, at])
    return at
