"""A state file that can be filled with what lies in the past."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite


@contextmanager
def unguarded(path: Path) -> Iterator[Any]:
    """Without its triggers, which let nothing begin in the midst of its life; committed at the end."""
    with closing(sqlite.connect(str(path), timeout=30)) as db, db:
        triggers = db.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"drop trigger {name}")
        yield db
        for _, sql in triggers:
            db.execute(sql)
