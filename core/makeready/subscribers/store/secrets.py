"""Sealed secrets, wherever in the state they stand."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

from makeready.storage.part import StorePart
from makeready.storage.rows import rows

PLACES = (
    ("subscribers", "rules"),
    ("connectors", "settings"),
    ("connectors", "signing_key"),
    ("installation", "value"),
)
"""Tables and columns of texts that hold some, alone or within JSON; an extension's are in columns called ``sealed``."""
SEALED = re.compile(r"sealed:[A-Za-z0-9_=-]+")


class Secrets(StorePart):
    async def reencrypt(self, renew: Callable[[str], str]) -> int:
        """Change every sealed secret, all or none; return how many there are."""

        def change(db: Sqlite) -> int:
            # company: every one's, the key is the installation's
            db.execute(
                "update subscribers set version = version + 1"
            )  # what was read of them is sealed otherwise
            return sum(_renew(db, table, column, renew) for table, column in _places(db))

        return await self._database.write(change)


def holds_sealed(path: Path) -> bool:
    """Whether there is any in this state file, asked outside of a running store."""
    with closing(sqlite.connect(path)) as connection:
        db = Sqlite(connection)
        # company: every one's, the key is the installation's
        looks = [f"select 1 from {table} where {column} like '%sealed:%'" for table, column in _places(db)]
        return any(db.execute(f"{look} limit 1").fetchone() for look in looks)


def _places(db: Sqlite) -> list[tuple[str, str]]:
    others = [(table.name, "sealed") for table in db.tables if "sealed" in table.columns_dict]
    return [*PLACES, *others]


def _renew(db: Sqlite, table: str, column: str, renew: Callable[[str], str]) -> int:
    count = 0
    # company: every one's, the key is the installation's
    for row in rows(db, f"select rowid as id, {column} as text from {table}"):
        text, found = SEALED.subn(lambda one: renew(one[0]), row["text"])
        if found:
            # company: by the number of a row
            db.execute(f"update {table} set {column} = ? where rowid = ?", [text, row["id"]])
        count += found
    return count
