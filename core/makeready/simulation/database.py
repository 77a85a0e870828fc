"""The real schema and SQL on a database in memory, where a process can die before or after any commit."""

from collections.abc import Callable
from typing import TypeVar

from sqlite_utils import Database as Sqlite

from makeready.simulation.fate import Fate
from makeready.store.memory import open_memory

T = TypeVar("T")


class MortalDatabase:
    """A `makeready.store.Storage`. What was committed stays; what was not is gone."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate
        self._db = open_memory()

    async def write(self, change: Callable[[Sqlite], T]) -> T:
        self._fate.maybe_crash("crash_before_commit")
        with self._db.atomic():
            result = change(self._db)
        self._fate.maybe_crash("crash_after_commit")
        return result

    async def read(self, query: Callable[[Sqlite], T]) -> T:
        return query(self._db)

    def close(self) -> None:
        self._db.close()
