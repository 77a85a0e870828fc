"""Single values of the installation, by their names."""

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
