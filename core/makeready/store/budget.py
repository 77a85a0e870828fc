"""One budget of calls per vendor host, shared by all processes of an installation."""

from sqlite_utils import Database as Sqlite

from makeready.store.database import Storage
from makeready.store.rows import rows

HOUR_S = 3600
MOST_AHEAD = 10
"""Windows. Places are reserved one by one as they come free: one that lies further ahead was reserved by a clock
that has been set back since.
"""


class CallSlots:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def take(self, host: str, *, now: float, calls: int, per_s: float) -> float:
        """Reserve the next free moment for a call and return it: now, or a time to wait for.

        The budget never lets more than ``calls`` begin in any window of ``per_s`` seconds. When the clock is set,
        what was reserved moves along; see `makeready.store.stepping`.
        """
        return await self._database.write(lambda db: _take(db, host, now, calls, per_s))


def _take(db: Sqlite, host: str, now: float, calls: int, per_s: float) -> float:
    db.execute("delete from call_slots where host = ? and at < ?", [host, now - per_s])
    stale = "update call_slots set at = ? where host = ? and at > ?"
    db.execute(stale, [now, host, now + MOST_AHEAD * per_s])
    newest_first = "select at from call_slots where host = ? order by at desc limit 1 offset ?"
    blocking = rows(db, newest_first, [host, calls - 1])
    at = max(now, float(blocking[0]["at"]) + per_s) if blocking else now
    db.execute("insert into call_slots (host, at) values (?, ?)", [host, at])
    _note_peak(db, host, at, calls, per_s)
    return at


def _note_peak(db: Sqlite, host: str, at: float, calls: int, per_s: float) -> None:
    """How full the window is that ends with this call, if it is the fullest of its hour."""
    db.execute(
        """insert into call_peaks (host, hour, peak, most, per_s)
        select ?, ?, count(*), ?, ? from call_slots where host = ? and at > ? and at <= ?
        on conflict do update set peak = excluded.peak, most = excluded.most, per_s = excluded.per_s
            where excluded.peak > peak or excluded.most != most""",
        [host, int(at // HOUR_S), calls, per_s, host, at - per_s, at],
    )
