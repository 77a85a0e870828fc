"""Small helpers to turn rows into Structs."""

from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec import Struct, convert
from sqlite_utils import Database as Sqlite

S = TypeVar("S", bound=Struct)


def rows(db: Sqlite, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Run one statement, a ``returning`` one included, and give all its rows."""
    cursor = db.conn.execute(sql, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def structs(kind: type[S], db: Sqlite, sql: str, values: Sequence[Any] = ()) -> list[S]:
    """Rows as Structs: columns and fields have the same names."""
    return [convert(row, kind, strict=False) for row in rows(db, sql, values)]
