"""Choices of imports that were saved under a name, for one site each."""

from sqlite_utils import Database as Sqlite

from makeready.storage.part import StorePart


class Profiles(StorePart):
    """A profile is kept as JSON; what it holds is the importer's affair."""

    async def save(self, subscriber: str, site: str, name: str, wish: str) -> None:
        """Insert or replace."""
        row = {"subscriber": subscriber, "site": site, "name": name, "wish": wish}

        def change(db: Sqlite) -> None:
            db.table("import_profiles").upsert(row, pk=("subscriber", "site", "name"))

        await self._database.write(change)

    async def of_site(self, subscriber: str, site: str) -> dict[str, str]:
        """By name."""
        sql = "select name, wish from import_profiles where subscriber = ? and site = ? order by name"
        found = await self._rows(sql, [subscriber, site])
        return {row["name"]: row["wish"] for row in found}

    async def delete(self, subscriber: str, site: str, name: str) -> bool:
        """False if there is none of this name."""
        sql = "delete from import_profiles where subscriber = ? and site = ? and name = ?"
        return await self._execute(sql, [subscriber, site, name]) == 1
