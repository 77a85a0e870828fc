"""Contents that are old lie compressed in the state file: a zero byte, then a frame of Zstandard, made with a dictionary of
the company's own contents. ``plain(content)`` in a statement gives any content as it was.

Whatever else begins with a zero byte and is no such frame stays as it is. The tool ``zstd`` reads a frame, with its
dictionary from the table of that name.
"""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from cachetools import LRUCache
from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

from makeready.storage.rows import marks, rows

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MARK = b"\0"
MOST_BYTES = 64_000_000
"""No content is larger: what pretends to be is none of ours."""
DICTIONARIES = 8
"""That a connection keeps ready, about 100 kB each."""


class Content(NamedTuple):
    """What one column of one row holds, as it lies there."""

    table: str
    column: str
    row: int
    content: bytes


class Dictionary(NamedTuple):
    """Each stays for good, since contents are read with it."""

    id: int
    """As the frames name it."""
    made_at: float
    content: bytes


def newest_dictionary(db: Sqlite, subscriber: str) -> Dictionary | None:
    sql = "select id, made_at, content from dictionaries where subscriber = ? order by made_at desc limit 1"
    return next((Dictionary(**row) for row in rows(db, sql, [subscriber])), None)


def keep_dictionary(db: Sqlite, subscriber: str, one: Dictionary) -> bool:
    """False if another one has its number."""
    sql = "insert or ignore into dictionaries (subscriber, id, made_at, content) values (?, ?, ?, ?)"
    return bool(db.execute(sql, [subscriber, *one]).rowcount)


def exchange(db: Sqlite, contents: Sequence[tuple[Content, bytes]]) -> None:
    """Put another content in the place of each, unless it has changed meanwhile.

    Rows are deleted and come again: only then does SQLite put those together that have become small, and give pages back.
    """
    by_row: dict[tuple[str, int], list[tuple[Content, bytes]]] = {}
    for one in contents:
        by_row.setdefault((one[0].table, one[0].row), []).append(one)
    for (table, number), of_row in by_row.items():
        # company: by the number of a row, which is one company's
        for row in rows(db, f"delete from {table} where rowid = ? returning *", [number]):
            row |= {old.column: new for old, new in of_row if row[old.column] == old.content}
            row = row if "id" in row else {"rowid": number, **row}
            sql = (
                f"insert into {table} ({', '.join(row)}) values ({marks(row)})"  # company: among the columns
            )
            db.execute(sql, list(row.values()))


def learn_plain(connection: sqlite.Connection) -> None:
    """So that statements of this connection can say `plain`."""
    known: LRUCache[int, zstd.ZstdDict] = LRUCache(DICTIONARIES)

    def dictionary(number: int) -> zstd.ZstdDict | None:
        if number and number not in known:
            # company: by its number, which is one company's
            found = connection.execute("select content from dictionaries where id = ?", [number]).fetchone()
            known[number] = zstd.ZstdDict(found[0])
        return known[number] if number else None

    def plain(content: bytes | None) -> bytes | None:
        if content is None or not content.startswith(MARK):
            return content
        try:
            frame = content[len(MARK) :]
            using = dictionary(zstd.get_frame_info(frame).dictionary_id)
            reading = zstd.ZstdDecompressor(zstd_dict=using)
            found = reading.decompress(frame, max_length=MOST_BYTES)
        except (zstd.ZstdError, TypeError):  # TypeError: of a dictionary that is not there
            return content
        return found if reading.eof else content

    connection.create_function("plain", 1, plain)
