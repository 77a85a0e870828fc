"""What all parts of the state share: their statements, run one by one."""

from collections.abc import Sequence
from typing import Any

from makeready.storage.database import Storage
from makeready.storage.rows import S, rows, structs


class StorePart:
    """A part of the state, with the statements that it consists of."""

    def __init__(self, database: Storage) -> None:
        self._database = database

    async def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        return await self._database.read(lambda db: rows(db, sql, values))

    async def _structs(
        self, kind: type[S], sql: str, values: Sequence[Any] = (), *, as_json: Sequence[str] = ()
    ) -> list[S]:
        return await self._database.read(lambda db: structs(kind, db, sql, values, as_json=as_json))

    async def _first(
        self, kind: type[S], sql: str, values: Sequence[Any] = (), *, as_json: Sequence[str] = ()
    ) -> S | None:
        """None if there is none."""
        return next(iter(await self._structs(kind, sql, values, as_json=as_json)), None)

    async def _execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """One statement as a change of its own; how many rows it changed."""
        return await self._database.write(lambda db: db.execute(sql, values).rowcount)
