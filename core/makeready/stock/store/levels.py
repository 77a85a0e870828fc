"""Stock as the MIS told it: one row per product, and what it was before, in compact form."""

import json
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from makeready_hooks.model.news import StockNews
from makeready_hooks.model.product import StockLevel
from sqlite_utils import Database as Sqlite

from makeready.engine.observers.store import tell
from makeready.orders.model import LineState
from makeready.stock.model import HistoryPoint, LevelRow, LinkedProduct, StockAges
from makeready.storage.part import StorePart
from makeready.storage.rows import structs
from makeready.times import from_seconds

NOT_IN_THE_MIS = tuple(
    state.value
    for state in (
        LineState.SEEN,
        LineState.WAITING,
        LineState.READY,
        LineState.SUBMITTING,
        LineState.REFUSED,
        LineState.IN_DOUBT,
        LineState.PARKED,
    )
)
"""Lines that buyers have ordered and the MIS has not allocated yet, as far as is known."""

DAY = 86_400
THINNING = ((7 * DAY, 3600), (60 * DAY, DAY))
"""Older than this, the last point of each such time is kept."""
FORGOTTEN_AFTER_S = 800 * DAY


class Stock(StorePart):
    async def links(self, subscriber: str) -> list[LinkedProduct]:
        """Every product that is in a shop through us, by site and product."""
        sql = """select l.site, l.product_id, l.part_number, l.url_name, coalesce(i.name, '') as name
            from product_links l left join import_items i on i.job = l.job and i.product_id = l.product_id
            where l.subscriber = ? and l.linked_at > 0 order by l.site, l.product_id"""
        return await self._structs(LinkedProduct, sql, [subscriber])

    async def ages(self, subscriber: str) -> StockAges:
        sql = """select count(*) as products, count(*) - count(read_at) as unread,
                coalesce(max(read_at), 0.0) as last_at, coalesce(min(read_at), 0.0) as oldest_at
            from (select distinct product_id as linked from product_links where subscriber = ? and linked_at > 0)
            left join stock_levels on subscriber = ? and product_id = linked"""
        [found] = await self._structs(StockAges, sql, [subscriber, subscriber])
        return found

    async def ordered(self, subscriber: str) -> dict[str, int]:
        """How many of each product buyers have ordered that the MIS does not know of, by product."""
        marks = ", ".join("?" * len(NOT_IN_THE_MIS))
        sql = f"""select product_id, sum(quantity) as n from order_lines
            where subscriber = ? and state in ({marks}) and product_id != '' group by product_id"""
        found = await self._rows(sql, [subscriber, *NOT_IN_THE_MIS])
        return {str(row["product_id"]): int(row["n"]) for row in found}

    async def levels(
        self, subscriber: str, product_ids: Collection[str] | None = None
    ) -> dict[str, LevelRow]:
        """What is known, by product; of these products, or of all."""
        return await self._database.read(lambda db: _levels(db, subscriber, product_ids))

    async def save_levels(
        self, subscriber: str, levels: Sequence[StockLevel], *, read_at: float
    ) -> list[LevelRow]:
        """Keep what the MIS said when it was asked at ``read_at``; returns those that have changed.

        What was asked for later, and came earlier, stays.
        """
        return await self._database.write(lambda db: save_levels(db, subscriber, levels, read_at))

    async def history(self, subscriber: str, product_id: str, *, since: float) -> list[HistoryPoint]:
        """Oldest first; the first point may be older: it tells what was so at ``since``."""
        sql = """select at, free from stock_history where subscriber = ? and product_id = ? and at >= coalesce(
            (select max(at) from stock_history where subscriber = ? and product_id = ? and at <= ?), 0) order by at"""
        values = [subscriber, product_id, subscriber, product_id, since]
        return await self._structs(HistoryPoint, sql, values)

    async def thin(self, subscriber: str, *, now: float) -> None:
        """Make the old part of the history coarser."""

        def change(db: Sqlite) -> None:
            db.execute(
                "delete from stock_history where subscriber = ? and at < ?",
                [subscriber, now - FORGOTTEN_AFTER_S],
            )
            for age, step in THINNING:
                db.execute(THIN, {"subscriber": subscriber, "old": now - age, "step": step})

        await self._database.write(change)


LEVEL = "product_id, on_hand, allocated, expected_on, read_at, changed_at"
THIN = """delete from stock_history as point where subscriber = :subscriber and at < :old and exists (
    select 1 from stock_history as later where later.subscriber = point.subscriber
        and later.product_id = point.product_id and later.at > point.at
        and later.at < (cast(point.at / :step as int) + 1) * :step)"""


def save_levels(db: Sqlite, subscriber: str, levels: Sequence[StockLevel], read_at: float) -> list[LevelRow]:
    before = _levels(db, subscriber, [level.product_id for level in levels])
    now = {level.product_id: _row(level, read_at) for level in levels}
    newer = {key: row for key, row in now.items() if key not in before or before[key].read_at <= read_at}
    changed = [row for key, row in newer.items() if _content(row) != _content(before.get(key))]
    same = [key for key, row in newer.items() if _content(row) == _content(before.get(key))]
    db.execute(
        """update stock_levels set read_at = ? where subscriber = ?
            and product_id in (select value from json_each(?))""",
        [read_at, subscriber, json.dumps(same)],
    )
    for row in changed:
        values = [str(row.on_hand), str(row.allocated), row.expected_on, read_at, read_at]
        db.execute(
            f"insert or replace into stock_levels (subscriber, {LEVEL}) values (?, ?, ?, ?, ?, ?, ?)",
            [subscriber, row.product_id, *values],
        )
        if row.product_id not in before or before[row.product_id].free != row.free:
            db.execute(
                "insert or replace into stock_history (subscriber, product_id, at, free) values (?, ?, ?, ?)",
                [subscriber, row.product_id, read_at, str(row.free)],
            )
        if row.product_id in before:
            _tell(db, subscriber, row)
    return changed


def _tell(db: Sqlite, subscriber: str, row: LevelRow) -> None:
    news = StockNews(
        product_id=row.product_id,
        on_hand=row.on_hand,
        allocated=row.allocated,
        at=from_seconds(row.read_at),
    )
    tell(db, subscriber, "stock_changed", row.product_id, news, row.read_at)


def _levels(db: Sqlite, subscriber: str, product_ids: Collection[str] | None) -> dict[str, LevelRow]:
    sql = f"select {LEVEL} from stock_levels where subscriber = ?"
    values: list[Any] = [subscriber]
    if product_ids is not None:
        sql += " and product_id in (select value from json_each(?))"
        values.append(json.dumps(list(product_ids)))
    return {row.product_id: row for row in structs(LevelRow, db, sql, values)}


def _row(level: StockLevel, read_at: float) -> LevelRow:
    return LevelRow(
        product_id=level.product_id,
        on_hand=level.on_hand,
        allocated=level.allocated,
        expected_on=level.expected_on.isoformat() if level.expected_on else "",
        read_at=read_at,
        changed_at=read_at,
    )


def _content(row: LevelRow | None) -> tuple[Decimal, Decimal, str] | None:
    return None if row is None else (row.on_hand, row.allocated, row.expected_on)
