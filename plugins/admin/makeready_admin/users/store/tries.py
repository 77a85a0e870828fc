"""Tries that count: one row for each key, whose level rises by one with each and falls with time."""

from collections.abc import Callable, Sequence

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import rows
from msgspec import Struct
from sqlite_utils import Database as Sqlite

MOST_KEYS = 10_000
"""Of more, those are forgotten that were tried longest ago."""


class Limit(Struct, frozen=True, kw_only=True):
    key: str
    most: float
    """Tries before the next has to wait."""
    per_s: float
    """By how much the level falls in a second."""


class Tries(StorePart):
    """Counted before a password is looked at, so that many tries at the same moment are counted as well."""

    async def count(
        self, limits: Callable[[float], Sequence[Limit]], pressed: Limit | None, *, now: float
    ) -> tuple[float, float]:
        """Count a try under each limit, or under none if one of them is reached.

        ``pressed`` never holds a try up: its level is what ``limits`` are made from. Returns the seconds until a
        try is allowed, 0 if this one is; and the level of ``pressed`` before it.
        """

        def change(db: Sqlite) -> tuple[float, float]:
            pressure = _level(db, pressed, now) if pressed else 0.0
            found = [(limit, _level(db, limit, now)) for limit in limits(pressure)]
            waits = [(level + 1 - limit.most) / limit.per_s for limit, level in found]
            if max(waits) > 0:
                return max(waits), pressure
            for limit, level in found:
                _put(db, limit.key, level + 1, now)
            if pressed:
                _put(db, pressed.key, min(pressure + 1, pressed.most), now)
            _forget_oldest(db)
            return 0.0, pressure

        return await self._database.write(change)

    async def take_back(self, forgotten: Sequence[str], one_less: Sequence[str]) -> None:
        """A try went well: all under some keys are forgotten, and this one under the others."""

        def change(db: Sqlite) -> None:
            for key in forgotten:
                db.execute("delete from tries where key = ?", [key])
            for key in one_less:
                db.execute("update tries set level = max(level - 1, 0) where key = ?", [key])

        await self._database.write(change)

    async def add_unwritten(self, key: str, *, now: float) -> None:
        """One more that has no row of its own in the audit log."""

        def change(db: Sqlite) -> None:
            _put(db, key, _kept(db, key)[0] + 1, now)
            _forget_oldest(db)

        await self._database.write(change)

    async def take_unwritten(self, key: str) -> int:
        sql = "delete from tries where key = ? returning level"
        found = await self._database.write(lambda db: rows(db, sql, [key]))
        return int(found[0]["level"]) if found else 0


def _kept(db: Sqlite, key: str) -> tuple[float, float]:
    found = rows(db, "select level, at from tries where key = ?", [key])
    return (float(found[0]["level"]), float(found[0]["at"])) if found else (0.0, 0.0)


def _level(db: Sqlite, limit: Limit, now: float) -> float:
    """As it has fallen since the last try. A clock that was set back does not make it rise."""
    level, at = _kept(db, limit.key)
    return max(0.0, level - max(0.0, now - at) * limit.per_s)


def _put(db: Sqlite, key: str, level: float, now: float) -> None:
    db.execute("insert or replace into tries (key, level, at) values (?, ?, ?)", [key, level, now])


def _forget_oldest(db: Sqlite) -> None:
    db.execute(
        """delete from tries where key in (select key from tries order by at limit
        max(0, (select count(*) from tries) - ?))""",
        [MOST_KEYS],
    )


def tries_of(installation: Installation) -> Tries:
    return Tries(installation.store.database)
