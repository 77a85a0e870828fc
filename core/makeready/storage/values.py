"""Single values of the installation, and moments of a subscriber that work goes by, by their names."""

from collections.abc import Mapping

from sqlite_utils import Database as Sqlite

from makeready.storage.part import StorePart
from makeready.storage.rows import rows

KEEP = """insert into installation (name, value) values (?, ?)
    on conflict (name) do update set value = excluded.value where value is not excluded.value"""
READ = "select value from installation where name = ?"


class Values(StorePart):
    async def get(self, name: str) -> str:
        """Empty if there is none."""
        found = await self._database.read(lambda db: rows(db, READ, [name]))
        return str(found[0]["value"]) if found else ""

    async def keep(self, name: str, value: str) -> None:
        await self._database.write(lambda db: keep(db, name, value))

    async def keep_first(self, name: str, value: str) -> str:
        """Keep a value if there is none yet; return the one that is kept."""

        def change(db: Sqlite) -> str:
            db.execute(
                "insert into installation (name, value) values (?, ?) on conflict do nothing", [name, value]
            )
            return str(rows(db, READ, [name])[0]["value"])

        return await self._database.write(change)


def keep(db: Sqlite, name: str, value: str) -> bool:
    """Inside another change. False if it was kept before."""
    return bool(db.execute(KEEP, [name, value]).rowcount)


class Checkpoints(StorePart):
    """When something was done or seen last."""

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
