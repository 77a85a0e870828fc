"""Corrected values, as rows."""

from collections.abc import Sequence

from sqlite_utils import Database as Sqlite

from makeready.orders.corrections.model import Correction
from makeready.storage.part import StorePart

OF_ORDER = """select line, member, mis, was, value, actor, at from order_corrections
    where subscriber = ? and order_number = ? order by line, member, mis"""


class Corrections(StorePart):
    async def of(self, subscriber: str, order_number: str) -> list[Correction]:
        return await self._structs(Correction, OF_ORDER, [subscriber, order_number])


def keep_corrections(
    db: Sqlite, subscriber: str, order_number: str, corrections: Sequence[Correction]
) -> None:
    """One that says what the shop says takes an earlier one away."""
    for one in corrections:
        key = [subscriber, order_number, one.line, one.member, one.mis]
        db.execute(
            """delete from order_corrections
            where subscriber = ? and order_number = ? and line = ? and member = ? and mis = ?""",
            key,
        )
        if one.value != one.was:
            db.execute(
                """insert into order_corrections (subscriber, order_number, line, member, mis, was, value, actor, at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                [*key, one.was, one.value, one.actor, one.at],
            )
