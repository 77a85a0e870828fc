"""How tables are made: strictly typed, and without nulls unless a column says so."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from sqlite_utils import Database as Sqlite


def create(
    db: Sqlite,
    name: str,
    columns: Mapping[str, type],
    *,
    pk: str | tuple[str, ...] = (),
    nullable: Set[str] = frozenset(),
    defaults: Mapping[str, Any] | None = None,
    foreign_keys: Sequence[tuple[str, str, str]] = (),
) -> None:
    keys = {pk} if isinstance(pk, str) else set(pk)
    db.table(name).create(
        dict(columns),
        pk=pk or None,
        not_null=set(columns) - keys - nullable,
        defaults=dict(defaults or {}),
        foreign_keys=list(foreign_keys),
        strict=True,
    )
