"""How prices were answered: counts of each hour, which several processes add to."""

from collections.abc import Sequence

from sqlite_utils import Database as Sqlite

from makeready.records.calls import PriceCount
from makeready.store.database import Storage
from makeready.store.rows import structs

KEEP_HOURS = 90 * 24


class PriceCounts:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def add(self, counts: Sequence[PriceCount]) -> None:
        """To what is there; very old hours are forgotten."""
        sql = """insert into price_counts (subscriber, hour, outcome, bucket, n) values (?, ?, ?, ?, ?)
            on conflict do update set n = n + excluded.n"""
        values = [[one.subscriber, one.hour, one.outcome.value, one.bucket, one.n] for one in counts]
        hours = {one.subscriber: one.hour for one in counts}

        def change(db: Sqlite) -> None:
            db.conn.executemany(sql, values)
            for subscriber, hour in hours.items():
                db.execute(
                    "delete from price_counts where subscriber = ? and hour < ?",
                    [subscriber, hour - KEEP_HOURS],
                )

        await self._database.write(change)

    async def totals(self, subscriber: str, hour: int) -> list[PriceCount]:
        """Of the hours from this one on together."""
        sql = """select subscriber, min(hour) as hour, outcome, bucket, sum(n) as n from price_counts
            where subscriber = ? and hour >= ? group by outcome, bucket"""
        return await self._database.read(lambda db: structs(PriceCount, db, sql, [subscriber, hour]))

    async def since(self, subscriber: str, hour: int) -> list[PriceCount]:
        """From this hour on, oldest first."""
        sql = """select subscriber, hour, outcome, bucket, n from price_counts
            where subscriber = ? and hour >= ? order by hour"""
        return await self._database.read(lambda db: structs(PriceCount, db, sql, [subscriber, hour]))
