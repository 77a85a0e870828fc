"""A state file from before alerts were an extension, in which one set of migrations made both tables."""

from pathlib import Path

import sqlite_utils
from makeready.stores import Store
from makeready_alerts.schema import MIGRATIONS
from pysqlite3 import dbapi2 as sqlite

OLDER = "delete from _sqlite_migrations where migration_set = 'storage' and name = 'm002_checkpoints'"


async def test_it_is_opened_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    store = Store.open(path)
    await store.checkpoints.save("northfield", {"compared": 5.0})
    store.close()
    db = sqlite_utils.Database(sqlite.connect(str(path)))
    assert [one.name for one in MIGRATIONS.applied(db)] == ["m001_watch", "m002_history"]
    assert db.execute(OLDER).rowcount == 1
    db.conn.commit()
    db.close()
    store = Store.open(path)
    assert await store.checkpoints.of("northfield") == {"compared": 5.0}
    store.close()
