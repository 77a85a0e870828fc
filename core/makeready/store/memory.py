"""The same schema in memory, on one connection: for simulations, where a disk would only cost time."""

from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

from makeready.store.schema import migrations


def open_memory() -> Sqlite:
    db = Sqlite(sqlite.connect(":memory:", isolation_level=None))
    db.conn.execute("pragma foreign_keys = on")
    migrations.apply(db)
    return db
