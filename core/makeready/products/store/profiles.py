"""Choices of imports that were saved under a name, for one site each."""

from sqlite_utils import Database as Sqlite

from makeready.storage.database import Storage
from makeready.storage.rows import rows


class Profiles:
    """A profile is kept as JSON; what it holds is the importer's affair."""

    def __init__(self, database: Storage) -> None:
        self._database = database

    async def save(self, subscriber: str, site: str, name: str, wish: str) -> None:
        """Insert or replace."""
        row = {"subscriber": subscriber, "site": site, "name": name, "wish": wish}

        def change(db: Sqlite) -> None:
            db.table("import_profiles").upsert(row, pk=("subscriber", "site", "name"))

        await self._database.write(change)

    async def of_site(self, subscriber: str, site: str) -> dict[str, str]:
        """By name."""
        sql = "select name, wish from import_profiles where subscriber = ? and site = ? order by name"
        found = await self._database.read(lambda db: rows(db, sql, [subscriber, site]))
        return {row["name"]: row["wish"] for row in found}

    async def delete(self, subscriber: str, site: str, name: str) -> bool:
        """False if there is none of this name."""
        sql = "delete from import_profiles where subscriber = ? and site = ? and name = ?"
        return await self._database.write(lambda db: db.execute(sql, [subscriber, site, name]).rowcount == 1)
