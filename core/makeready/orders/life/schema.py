"""The life of the ledger in this file, and its breaks."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("life")


@MIGRATIONS()
def m001_life(db: Sqlite) -> None:
    create(db, "ledger_life", {"one": int, "name": str, "departures": int}, pk="one")
    db.table("ledger_life").insert({"one": 1, "name": "", "departures": 0})
    create(db, "ledger_breaks", {"id": int, "at": float, "kind": str, "cause": str, "actor": str}, pk="id")
