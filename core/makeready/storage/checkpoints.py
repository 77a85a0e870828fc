"""Moments of a subscriber that work goes by, by their names: when something was done or seen last."""

from collections.abc import Mapping

from sqlite_utils import Database as Sqlite

from makeready.storage.part import StorePart


class Checkpoints(StorePart):
    async def of(self, subscriber: str) -> dict[str, float]:
        """Seconds since 1970."""
        sql = "select name, at from checkpoints where subscriber = ?"
        found = await self._rows(sql, [subscriber])
        return {str(row["name"]): float(row["at"]) for row in found}

    async def save(self, subscriber: str, moments: Mapping[str, float]) -> None:
        sql = "insert or replace into checkpoints (subscriber, name, at) values (?, ?, ?)"

        def change(db: Sqlite) -> None:
            for name, at in moments.items():
                db.execute(sql, [subscriber, name, at])

        await self._database.write(change)
