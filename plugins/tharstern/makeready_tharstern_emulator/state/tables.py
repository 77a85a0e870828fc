"""Tables of records in memory, with an optional SQLite file beside them.

Every read is from memory. With a state file, what a request changed is committed before its answer
leaves, so that a killed emulator has not lost what it confirmed.
"""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from makeready_tharstern_emulator.state.records import Record

R = TypeVar("R", bound=Record)


class Table(Generic[R]):
    """Records of one kind by id, oldest first, with at most one second key that never changes."""

    def __init__(
        self, kind: str, record: type[R], *, first: int = 1, key: Callable[[R], str] | None = None
    ) -> None:
        self.kind = kind
        self.record = record
        self._first = first
        self._key = key
        self.rows: dict[int, R] = {}
        self.changed: set[int] = set()
        self._by_key: dict[str, list[R]] = {}
        self._next = first

    def next_id(self) -> int:
        """An id that no record had before."""
        given, self._next = self._next, self._next + 1
        return given

    def put(self, row: R) -> R:
        """Add a record, or note that it has changed."""
        if self._key and row.id not in self.rows:
            self._by_key.setdefault(self._key(row), []).append(row)
        self.rows[row.id] = row
        self._next = max(self._next, row.id + 1)
        self.changed.add(row.id)
        return row

    def get(self, id_: int | None) -> R | None:
        return self.rows.get(id_) if id_ is not None else None

    def find(self, key: str) -> list[R]:
        """Records with this second key, oldest first."""
        return self._by_key.get(key, [])

    def first(self, key: str) -> R | None:
        found = self.find(key)
        return found[0] if found else None

    def all(self) -> Iterable[R]:
        return self.rows.values()

    def clear(self) -> None:
        self.rows.clear()
        self.changed.clear()
        self._by_key.clear()
        self._next = self._first

    def __len__(self) -> int:
        return len(self.rows)


class StateFile:
    """The tables on disk: one row per record, as JSON."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.execute(
            "create table if not exists records"
            " (kind text, id integer, body blob, primary key (kind, id)) without rowid"
        )

    def load(self, tables: Iterable[Table[Any]]) -> bool:
        """Fill the tables; False if the file has no records yet."""
        found = False
        for table in tables:
            query = "select body from records where kind = ? order by id"
            for (body,) in self._db.execute(query, [table.kind]):
                table.put(msgspec.json.decode(body, type=table.record))
                found = True
            table.changed.clear()
        return found

    def save(self, tables: Iterable[Table[Any]]) -> None:
        """Commit what has changed since the last call."""
        rows = [
            (table.kind, id_, msgspec.json.encode(table.rows[id_]))
            for table in tables
            for id_ in table.changed
        ]
        if rows:
            self._db.execute("begin")
            self._db.executemany("insert or replace into records values (?, ?, ?)", rows)
            self._db.execute("commit")
        for table in tables:
            table.changed.clear()

    def clear(self) -> None:
        self._db.execute("delete from records")

    def close(self) -> None:
        self._db.close()
