"""Records that are old, and how far they were gone through. New contents and the next place are one commit."""

from collections.abc import Sequence
from typing import NamedTuple

from makeready.installation import Installation
from makeready.orders.model import LineState
from makeready.storage.contents import Content, Dictionary, exchange, keep_dictionary, newest_dictionary
from makeready.storage.part import StorePart
from makeready.storage.rows import rows
from msgspec import json
from sqlite_utils import Database as Sqlite

LEFT = ("submissions", "payload")
"""The proof of what left. It is never forgotten: what may be sent again is decided by it."""
EVIDENCE = (("submissions", "sent_order"), ("attempts", "payload"), ("attempts", "answer"))
SETTLED = (LineState.ACCEPTED, LineState.IGNORED, LineState.REFUSED, LineState.CANCELLED)


class Place(NamedTuple):
    """How far old rows were gone through: by their moments, and of one moment by their numbers."""

    at: float = 0.0
    row: int = 0


Page = tuple[list[Content], Place | None]
"""Some contents after a place, and the next place; None at the end."""


class OldContents(StorePart):
    async def webhooks(self, subscriber: str, after: Place, until: float, limit: int) -> Page:
        """So many that came before ``until``."""
        sql = """select id, body, received_at from deliveries where subscriber = ? and received_at >= ?
            and received_at < ? and (received_at, id) > (?, ?) order by received_at, id limit ?"""
        found = await self._rows(sql, [subscriber, after.at, until, *after, limit])
        contents = [Content("deliveries", "body", row["id"], row["body"]) for row in found]
        return contents, Place(found[-1]["received_at"], found[-1]["id"]) if found else None

    async def orders(self, subscriber: str, after: Place, until: float, limit: int) -> Page:
        """Of so many lines that changed last before ``until``."""

        def read(db: Sqlite) -> Page:
            lines = _lines(db, subscriber, after, until, limit)
            return _contents(db, subscriber, lines, (LEFT, *EVIDENCE)), _place(lines)

        return await self._database.read(read)

    async def settled_orders(self, subscriber: str, after: Place, until: float, limit: int) -> Page:
        """The same, without what something may depend on."""

        def read(db: Sqlite) -> Page:
            lines = _lines(db, subscriber, after, until, limit)
            settled = [one for one in lines if one["state"] in SETTLED]
            return _contents(db, subscriber, settled, EVIDENCE), _place(lines)

        return await self._database.read(read)


class Places(StorePart):
    async def of(self, subscriber: str, done: str) -> Place:
        """``done``: what was done up to there."""
        sql = "select at, row from record_places where subscriber = ? and done = ?"
        found = await self._rows(sql, [subscriber, done])
        return Place(found[0]["at"], found[0]["row"]) if found else Place()

    async def go_on(
        self, subscriber: str, done: str, place: Place, contents: Sequence[tuple[Content, bytes]]
    ) -> None:
        sql = "insert or replace into record_places (subscriber, done, at, row) values (?, ?, ?, ?)"

        def change(db: Sqlite) -> None:
            exchange(db, contents)
            db.execute(sql, [subscriber, done, *place])

        await self._database.write(change)

    async def dictionary(self, subscriber: str) -> Dictionary | None:
        """The newest."""
        return await self._database.read(lambda db: newest_dictionary(db, subscriber))

    async def keep_dictionary(self, subscriber: str, one: Dictionary) -> bool:
        return await self._database.write(lambda db: keep_dictionary(db, subscriber, one))


Lines = Sequence[dict[str, object]]


def _lines(db: Sqlite, subscriber: str, after: Place, until: float, limit: int) -> list[dict[str, object]]:
    sql = """select id, updated_at, state, submission from order_lines where subscriber = ?
        and updated_at >= ? and updated_at < ? and (updated_at, id) > (?, ?) order by updated_at, id limit ?"""
    return rows(db, sql, [subscriber, after.at, until, *after, limit])


def _place(lines: Lines) -> Place | None:
    return Place(float(str(lines[-1]["updated_at"])), int(str(lines[-1]["id"]))) if lines else None


def _contents(db: Sqlite, subscriber: str, lines: Lines, columns: Sequence[tuple[str, str]]) -> list[Content]:
    keys = json.encode(sorted({str(one["submission"]) for one in lines if one["submission"]})).decode()
    found = []
    for table, column in columns:
        sql = f"""select s.rowid as id, s.{column} as content from json_each(?) k cross join {table} s
            on s.subscriber = ? and s.key = k.value where length(s.{column}) > 0"""
        of_table = rows(db, sql, [keys, subscriber])
        found += [Content(table, column, row["id"], row["content"]) for row in of_table]
    return found


def places_of(installation: Installation) -> Places:
    return Places(installation.store.database)


def old_contents_of(installation: Installation) -> OldContents:
    return OldContents(installation.store.database)
