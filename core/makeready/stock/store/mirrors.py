"""Stock items of shops that follow the MIS: what was seen there, and what we changed."""

from collections.abc import Mapping

import msgspec
from sqlite_utils import Database as Sqlite

from makeready.stock.model import MirrorRow, MirrorTrial
from makeready.storage.part import StorePart

THIS = "subscriber = ? and site = ? and product_id = ?"
COLUMNS = ", ".join(MirrorRow.__struct_fields__)


class Mirrors(StorePart):
    async def all(self, subscriber: str) -> list[MirrorRow]:
        sql = f"select {COLUMNS} from stock_mirrors where subscriber = ? order by site, product_id"
        return await self._structs(MirrorRow, sql, [subscriber])

    async def see(self, subscriber: str, site: str, rows_before: Mapping[str, MirrorRow], levels: Mapping[str, int],
                  *, now: float, settle_s: float) -> dict[str, MirrorRow]:  # fmt: skip
        """Keep the levels that the shop shows, by product, and what has fallen since; returns the rows.

        ``rows_before`` are as they were before the shop was asked: a row that was written meanwhile stays.
        """
        seen = {
            key: _seen(rows_before.get(key) or _new(site, key, level, now), level, now, settle_s)
            for key, level in levels.items()
        }

        def change(db: Sqlite) -> None:
            for key, row in seen.items():
                db.execute(
                    """insert into stock_mirrors
                        (subscriber, site, product_id, level, first_seen_at, recent_drop, dropped_at)
                    values (?, ?, ?, ?, ?, ?, ?) on conflict (subscriber, site, product_id) do update set
                        level = excluded.level, recent_drop = excluded.recent_drop, dropped_at = excluded.dropped_at
                        where version = ? and quiet_until <= ?""",
                    [
                        subscriber,
                        site,
                        key,
                        row.level,
                        row.first_seen_at,
                        row.recent_drop,
                        row.dropped_at,
                        row.version,
                        now,
                    ],
                )

        await self._database.write(change)
        return seen

    async def begin(self, subscriber: str, row: MirrorRow, change: int, *, quiet_until: float) -> bool:
        """Commit the intent to change a level. False if somebody else has changed it since ``row`` was read."""
        sql = f"""update stock_mirrors set change = ?, level = ?, quiet_until = ?, version = version + 1
            where {THIS} and version = ?"""
        level = max(row.level, row.level + change)  # if nobody answers, what is missing counts as fallen
        values = [change, level, quiet_until, subscriber, row.site, row.product_id, row.version]
        return bool(await self._execute(sql, values))

    async def end(self, subscriber: str, row: MirrorRow, *, level: int, error: str = "") -> None:
        """It is known what came of it."""
        sql = f"""update stock_mirrors set level = ?, error = ?, quiet_until = 0.0, version = version + 1
            where {THIS}"""
        values = [level, error, subscriber, row.site, row.product_id]
        await self._execute(sql, values)

    async def said(self, subscriber: str, product_id: str, level: int, *, now: float) -> None:
        """What an event of the shop said about a product's level."""
        sql = "update stock_mirrors set said_level = ?, said_at = ? where subscriber = ? and product_id = ?"
        await self._execute(sql, [level, now, subscriber, product_id])

    async def trial(self, subscriber: str, shop: str) -> MirrorTrial:
        sql = "select trial from stock_trials where subscriber = ? and shop = ?"
        found = await self._rows(sql, [subscriber, shop])
        return msgspec.json.decode(found[0]["trial"], type=MirrorTrial) if found else MirrorTrial()

    async def keep_trial(self, subscriber: str, shop: str, trial: MirrorTrial) -> None:
        row = {"subscriber": subscriber, "shop": shop, "trial": msgspec.json.encode(trial).decode()}
        await self._database.write(lambda db: db.table("stock_trials").upsert(row, pk=("subscriber", "shop")))


def _new(site: str, product_id: str, level: int, now: float) -> MirrorRow:
    return MirrorRow(site=site, product_id=product_id, level=level, first_seen_at=now)


def _seen(row: MirrorRow, level: int, now: float, settle_s: float) -> MirrorRow:
    fell = max(0, row.level - level)
    recent = row.recent_drop if now - row.dropped_at < settle_s else 0
    return msgspec.structs.replace(
        row, level=level, recent_drop=recent + fell, dropped_at=now if fell else row.dropped_at
    )
