"""What the ledger knows of orders, lines and submissions: only read."""

from collections.abc import Sequence

from msgspec import convert, json
from sqlite_utils import Database as Sqlite

from makeready.orders.line_filter import LineFilter
from makeready.orders.model import (
    Attempt,
    FarEnd,
    HistoryRow,
    KnownLine,
    LineRow,
    LineState,
    OrderAsSent,
    Submission,
)
from makeready.orders.store.schema import TO_LOOK_AT
from makeready.orders.store.search import LINES, find_lines
from makeready.storage.part import StorePart
from makeready.storage.rows import marks, rows

SENT = """order_number, environment, connector, far_end, plain(payload) as payload, payload_hash, attempts, sent_at,
    quiet_until, mis_id, mis_number, mis_lines, marked, marked_at"""
BY_HAND = """exists (select 1 from accepted_by_hand h
    where h.subscriber = s.subscriber and h.key = s.key and h.mark = '') as by_hand"""
LINES_OF_ORDER = 20
"""That wait together, as a rule."""
NEWEST_LINES = 200
"""Among so many is looked for what a far end took last."""


class KnownOrders(StorePart):
    """The part of the ledger that changes nothing."""

    async def orders_between(self, subscriber: str, start: float, end: float) -> list[str]:
        """Numbers of the orders that are known, alone under their numbers, and were placed in a period."""
        sql = """select distinct order_number from order_lines
            where subscriber = ? and placed_at >= ? and placed_at < ? and ambiguous = 0 order by placed_at"""
        found = await self._rows(sql, [subscriber, start, end])
        return [str(row["order_number"]) for row in found]

    async def placed_at(self, subscriber: str, order_numbers: Sequence[str]) -> dict[str, float]:
        """When these orders were placed, as far as they are known."""
        sql = f"""select order_number, max(placed_at) as at from order_lines
            where subscriber = ? and order_number in ({marks(order_numbers)}) group by order_number"""
        found = await self._rows(sql, [subscriber, *order_numbers])
        return {str(row["order_number"]): float(row["at"]) for row in found}

    async def known(self, subscriber: str, order_number: str) -> dict[int, KnownLine]:
        """What is known of each line of an order, by its number."""
        sql = """select l.line, l.submission, l.decided_by_person, l.included_at, l.unready_at,
                l.submission != '' and not l.mendable and (l.state != 'ready' or coalesce(length(s.payload), 0) > 0) as left,
                coalesce((select outcome from attempts a where a.subscriber = s.subscriber and a.key = s.key
                    and (select count(*) from attempts t where t.subscriber = s.subscriber and t.key = s.key) > s.attempts
                    order by id desc limit 1), '') as amended,
                coalesce(plain(s.sent_order), x'') as sent_order, coalesce(nullif(p.moving_to, ''), p.stage, '') as led_to,
                (select json_group_array(json_object('line', c.line, 'member', c.member, 'mis', c.mis, 'was', c.was,
                    'value', c.value, 'actor', c.actor, 'at', c.at)) from order_corrections c
                    where c.subscriber = l.subscriber and c.order_number = l.order_number
                    and c.line in (0, l.line)) as corrections
            from order_lines l left join submissions s on s.subscriber = l.subscriber and s.key = l.submission
            left join progress p
                on p.subscriber = l.subscriber and p.order_number = l.order_number and p.line = l.line
            where l.subscriber = ? and l.order_number = ? order by l.line"""
        found = await self._rows(sql, [subscriber, order_number])
        return {
            row.pop("line"): convert(
                row | {"corrections": json.decode(row["corrections"])}, KnownLine, strict=False
            )
            for row in found
        }

    async def keys(self, subscriber: str, order_number: str) -> list[str]:
        """Of the submissions that an order's lines were given to."""
        known = await self.known(subscriber, order_number)
        return list(dict.fromkeys(one.submission for one in known.values() if one.submission))

    async def keys_of_order(self, subscriber: str, order_number: str) -> list[str]:
        """Of all submissions that an order's lines ever were given to."""
        sql = """select key from submissions indexed by submissions_by_order
            where subscriber = ? and order_number = ? order by key"""
        return [str(row["key"]) for row in await self._rows(sql, [subscriber, order_number])]

    async def numbers_of_order(self, subscriber: str, order_number: str) -> frozenset[str]:
        """What the MIS has ever called it: ids and numbers of orders that it took from here."""
        sql = "select mis_id, mis_number from submissions where subscriber = ? and order_number = ?"
        found = await self._rows(sql, [subscriber, order_number])
        return frozenset(name for row in found for name in row.values() if name)

    async def submission(self, subscriber: str, key: str) -> Submission | None:
        """A submission with its lines, or None if no line ever had this key."""
        return await self._database.read(lambda db: _submission(db, subscriber, key))

    async def find(self, subscriber: str, reference: str, mis: str = "") -> Submission | None:
        """The submission that an MIS means: by our key of it, by the MIS's id, or by its number. ``mis``: its connector;
        "" for any.
        """
        sql = " union ".join(
            f"""select key, order_number from submissions
            where subscriber = ? and {column} = ? and (? in ('', connector) or connector = '')"""
            for column in ("key", "mis_id", "mis_number")  # each by its own index
        )

        def read(db: Sqlite) -> Submission | None:
            found = rows(db, sql, [subscriber, reference, mis] * 3)
            return _submission(db, subscriber, found[0]["key"]) if found else None

        return await self._database.read(read)

    async def newest_accepted(
        self, subscriber: str, end: FarEnd, limit: int, *, but: str = ""
    ) -> list[Submission]:
        """What a far end took last, of which we know the bytes that it took, ``but`` that of this key."""
        sql = """select distinct s.subscriber, s.key, s.order_number, plain(s.payload) as payload, s.mis_id, s.mis_number
            from (select submission from order_lines indexed by lines_by_state
                where subscriber = ? and state = 'accepted' order by updated_at desc limit ?) l
            join submissions s on s.subscriber = ? and s.key = l.submission
            where s.connector = ? and s.environment = ? and s.far_end = ? and length(s.payload) > 0
                and s.key != ? limit ?"""
        where = [end.connector, end.environment, end.address]
        values = [subscriber, NEWEST_LINES, subscriber, *where, but, limit]
        return await self._structs(Submission, sql, values)

    async def attempts(self, subscriber: str, key: str) -> list[Attempt]:
        """Every time that it left, oldest first."""
        sql = """select plain(payload) as payload, sent_at, outcome, plain(answer) as answer
            from attempts where subscriber = ? and key = ? order by id"""
        return await self._structs(Attempt, sql, [subscriber, key])

    async def order_as_sent(self, subscriber: str, key: str) -> OrderAsSent | None:
        """What the shop showed when it left; None if it did not leave from here."""
        sql = """select plain(sent_order) as sent_order from submissions
            where subscriber = ? and key = ? and length(sent_order) > 0"""
        found = await self._rows(sql, [subscriber, key])
        return json.decode(found[0]["sent_order"], type=OrderAsSent) if found else None

    async def lines(self, subscriber: str, *, state: str = "", limit: int = 100) -> list[LineRow]:
        """Lines of all orders, or those in a state, the most recently changed first."""
        wanted = LineFilter(state=state)
        return await self._database.read(lambda db: find_lines(db, subscriber, wanted, limit))

    async def of_order(self, subscriber: str, order_number: str) -> list[LineRow]:
        """The lines of one order, by their numbers."""
        sql = f"{LINES} where l.subscriber = ? and l.order_number = ? order by l.line"
        return await self._structs(LineRow, sql, [subscriber, order_number])

    async def of_orders(self, subscriber: str, order_numbers: Sequence[str]) -> dict[str, list[LineRow]]:
        """The lines of these orders, by their numbers."""
        numbers = json.encode(list(order_numbers)).decode()
        sql = f"{LINES} where l.subscriber = ? and l.order_number in (select value from json_each(?)) order by l.line"
        found: dict[str, list[LineRow]] = {number: [] for number in order_numbers}
        for row in await self._structs(LineRow, sql, [subscriber, numbers]):
            found[row.order_number].append(row)
        return found

    async def history(self, subscriber: str, order_number: str) -> list[HistoryRow]:
        """Every change of an order's lines, oldest first."""
        sql = """select line, at, from_state, to_state, cause, actor from history
            where subscriber = ? and order_number = ? order by id"""
        return await self._structs(HistoryRow, sql, [subscriber, order_number])

    async def waiting_orders(self, subscriber: str, limit: int) -> list[str]:
        """Numbers of orders with lines that wait for an approval, a stage or a price, and of those that cannot be read,
        the longest unseen first.
        """
        sql = f"""select order_number from (
                select order_number, checked_at from (
                    select order_number, checked_at from order_lines indexed by lines_to_look_at
                    where subscriber = ? and {TO_LOOK_AT} order by checked_at limit ?)
                union all select order_number, looked_at from unreadable_orders where subscriber = ?)
            group by order_number order by min(checked_at) limit ?"""
        found = await self._rows(sql, [subscriber, limit * LINES_OF_ORDER, subscriber, limit])
        return [str(row["order_number"]) for row in found]

    async def count(self, subscriber: str, states: Sequence[LineState]) -> int:
        """Lines in any of these states."""
        sql = f"select count(*) as n from order_lines where subscriber = ? and state in ({marks(states)})"
        [found] = await self._rows(sql, [subscriber, *states])
        return int(found["n"])


def _submission(db: Sqlite, subscriber: str, key: str) -> Submission | None:
    """One whose lines have another key by now has none, and no state."""
    sql = """select line, order_number, state, placed_at, ambiguous from order_lines
        where subscriber = ? and submission = ? order by line"""
    lines = rows(db, sql, [subscriber, key])
    sent = rows(
        db, f"select {SENT}, {BY_HAND} from submissions s where subscriber = ? and key = ?", [subscriber, key]
    )
    if not lines and not sent:
        return None
    for one in sent:
        one["mis_lines"] = json.decode(one["mis_lines"])
    first = {name: value for name, value in (lines[0] if lines else {}).items() if name != "line"}
    given = {"subscriber": subscriber, "key": key, "lines": tuple(line["line"] for line in lines)}
    return convert({**(sent[0] if sent else {}), **first, **given}, Submission, strict=False)
