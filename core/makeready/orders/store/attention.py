"""What waits for a person: rejected and unconfirmed lines, what changed after it was sent, and orders of which the
shop tells what cannot be read. One of these ends with the first reading that can be.
"""

from collections.abc import Sequence

from makeready_hooks.model.order import Order
from sqlite_utils import Database as Sqlite

from makeready.orders.line_filter import LineFilter
from makeready.orders.model import UNREADABLE, OrderIdentity, UnreadableOrder
from makeready.storage.part import StorePart
from makeready.storage.rows import marks, rows

MOST_BYTES = 65_536
NOTHING = LineFilter()
NOTICED = """from order_lines indexed by lines_unseen
    where subscriber = ? and notice != '' and seen = 0 and state not in ('refused', 'parked')"""
IN_STATES = "select count(*) from order_lines where subscriber = ? and state = '{}'"


class LinesThatWait(StorePart):
    async def counts(self, subscriber: str) -> dict[str, int]:
        """Refused, parked, noticed lines; orders that cannot be read."""
        sql = f"""select ({IN_STATES.format("refused")}) as refused, ({IN_STATES.format("parked")}) as parked,
            (select count(*) {NOTICED}) as noticed,
            (select count(*) from unreadable_orders where subscriber = ?) as unreadable"""
        [found] = await self._rows(sql, [subscriber] * 4)
        return found


class Unreadables(StorePart):
    async def find(
        self, subscriber: str, wanted: LineFilter = NOTHING, *, limit: int = 100, skip: int = 0
    ) -> list[UnreadableOrder]:
        """Those among what is wanted, the oldest first. Of their customers and products nothing is known."""
        if wanted.customer or wanted.product or wanted.anything or wanted.state not in ("", UNREADABLE):
            return []
        sql = """select * from unreadable_orders where subscriber = ? and (? = '' or order_number = ?)
            and since >= ? and since < ? and instr(lower(problem), lower(?)) > 0
            order by since, order_number limit ? offset ?"""
        period = [wanted.start or 0.0, 1e12 if wanted.end is None else wanted.end]
        values = [subscriber, wanted.query, wanted.query, *period, wanted.reason, limit, skip]
        return await self._structs(UnreadableOrder, sql, values)

    async def named(self, subscribers: Sequence[str], numbers: Sequence[str]) -> list[UnreadableOrder]:
        """Of any of these companies, under one of these numbers."""
        # company: those that are named
        sql = f"""select * from unreadable_orders where subscriber in ({marks(subscribers)})
            and order_number in ({marks(numbers)}) order by subscriber, since, order_number"""
        return await self._structs(UnreadableOrder, sql, [*subscribers, *numbers])

    async def forget(self, subscriber: str, order_number: str) -> None:
        """The shop does not show it any more."""
        sql = "delete from unreadable_orders where subscriber = ? and order_number = ?"
        await self._execute(sql, [subscriber, order_number])


def keep_unreadable(db: Sqlite, subscriber: str, order: Order, at: float) -> bool:
    """True if there is something new to be told."""
    key = [subscriber, order.number, order.id]
    sql = "select problem from unreadable_orders where subscriber = ? and order_number = ? and shop_id = ?"
    before = [row["problem"] for row in rows(db, sql, key)]
    is_news = before != [order.problem]
    db.execute(
        """insert into unreadable_orders (subscriber, order_number, shop_id, site, problem, document, since, looked_at)
        values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set site = excluded.site, problem = excluded.problem,
            document = excluded.document, looked_at = excluded.looked_at, notified = iif(?, '', notified)""",
        [*key, order.site, order.problem, order.document[:MOST_BYTES], at, at, is_news],
    )
    return is_news


def end_unreadable(db: Sqlite, subscriber: str, order: OrderIdentity) -> None:
    """It can be read. Another order of its number stays."""
    sql = "delete from unreadable_orders where subscriber = ? and order_number = ? and shop_id in (?, '')"
    db.execute(sql, [subscriber, order.number, order.id])
