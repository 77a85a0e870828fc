"""Which reading of an order is the newest: each has a number that was taken from the file before the shop was asked.

Clocks step back, and differ between machines; this number only grows, over all processes. A webhook takes one,
too: a reading that began before it may not show what it told of.
"""

from collections.abc import Mapping, Sequence

from msgspec import json
from sqlite_utils import Database as Sqlite

from makeready.orders.model import ReadingKey
from makeready.storage.part import StorePart
from makeready.storage.rows import rows

LEAST = "max(read, announced + 1)"
"""The number of the oldest reading that nothing in the file is newer than."""


class Readings(StorePart):
    async def begin(self) -> int:
        """The number of a reading that begins now. Take it before the shop is asked."""
        return await self._database.write(next_number)

    async def least(self, subscriber: str, order_numbers: Sequence[str]) -> dict[str, int]:
        """The number that a reading of an order needs to be the newest; orders of which nothing is known lack."""
        marks = ", ".join("?" * len(order_numbers))
        sql = f"""select order_number, {LEAST} as least from order_readings
            where subscriber = ? and order_number in ({marks})"""
        found = await self._rows(sql, [subscriber, *order_numbers])
        return {str(row["order_number"]): int(row["least"]) for row in found}

    async def as_before(self, subscriber: str, contents: Mapping[str, str]) -> frozenset[str]:
        """Of orders with the digest of what each shows now: those that showed the same when they were taken in last."""
        sql = """select order_number, content from order_readings where subscriber = ? and read > announced
            and order_number in (select value from json_each(?))"""
        found = await self._rows(sql, [subscriber, json.encode(list(contents)).decode()])
        return frozenset(
            str(row["order_number"]) for row in found if row["content"] == contents[row["order_number"]]
        )


def next_number(db: Sqlite) -> int:
    [taken] = rows(db, "update reading_numbers set last = last + 1 returning last")
    return int(taken["last"])


def take_reading(db: Sqlite, subscriber: str, order_number: str, reading: ReadingKey) -> bool:
    """Note a reading that is about to be taken in. False if a newer one was before."""
    sql = """insert into order_readings (subscriber, order_number, read, content) values (?, ?, ?, ?)
        on conflict (subscriber, order_number) do update set read = excluded.read, content = excluded.content
            where read <= excluded.read"""
    return bool(db.execute(sql, [subscriber, order_number, reading.number, reading.content]).rowcount)


def is_newest(db: Sqlite, subscriber: str, order_number: str, reading: ReadingKey) -> bool:
    """Whether what it showed is the newest that is known: neither was anything else read later, nor has a webhook
    told of a change that nobody has read yet.
    """
    sql = f"""select 1 from order_readings where subscriber = ? and order_number = ? and {LEAST} > ?
        and not (content = ? and read > announced)"""
    return not rows(db, sql, [subscriber, order_number, reading.number, reading.content])


def note_announced(db: Sqlite, orders: Sequence[tuple[str, str]]) -> None:
    """Webhooks tell that these orders have changed (company and number): what was read before may be old."""
    if not orders:
        return
    number = next_number(db)
    db.conn.executemany(
        """insert into order_readings (subscriber, order_number, announced) values (?, ?, ?)
        on conflict (subscriber, order_number) do update set announced = excluded.announced""",
        [(*one, number) for one in orders],
    )
