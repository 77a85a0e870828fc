"""Small helpers to turn rows into Structs."""

from collections.abc import Collection, Mapping, Sequence, Set
from typing import Any, TypeVar

from msgspec import Struct, convert, json
from sqlite_utils import Database as Sqlite

S = TypeVar("S", bound=Struct)


Values = Sequence[Any] | Mapping[str, Any]


def rows(db: Sqlite, sql: str, values: Values = ()) -> list[dict[str, Any]]:
    """Run one statement, a ``returning`` one included, and give all its rows."""
    cursor = db.conn.execute(sql, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def structs(
    kind: type[S], db: Sqlite, sql: str, values: Values = (), *, as_json: Sequence[str] = ()
) -> list[S]:
    """Rows as Structs: columns and fields have the same names. ``as_json``: those that hold JSON."""
    return [
        convert(row | {name: json.decode(row[name]) for name in as_json}, kind, strict=False)
        for row in rows(db, sql, values)
    ]


def marks(values: Collection[object]) -> str:
    """Placeholders for all of them."""
    return ", ".join("?" * len(values))


def insert(
    db: Sqlite, table: str, row: Struct, *, without: Set[str] = frozenset(), where: str = "true", **more: Any
) -> bool:
    """A Struct as a row: fields and columns have the same names, beside ``more`` columns. False, and nothing is
    written, if its key is taken or ``where`` does not hold. ``without``: fields that are no columns.
    """
    values = {name: getattr(row, name) for name in row.__struct_fields__ if name not in without} | more
    sql = f"""insert into {table} ({", ".join(values)}) select {", ".join("?" * len(values))} where {where}
        on conflict do nothing"""
    return bool(db.execute(sql, list(values.values())).rowcount)
