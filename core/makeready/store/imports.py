"""Import jobs and their items: one row per subscriber, site and MIS product, whatever is repeated."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlite_utils import Database as Sqlite

from makeready.records import ImportChoices, ImportItem
from makeready.store.database import Storage
from makeready.store.rows import rows
from makeready.store.states import ItemState
from makeready.store.work import NewWork, enqueue


class Imports:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def plan(
        self, subscriber: str, choices: ImportChoices, items: Sequence[ImportItem], *, kind: str, now: float
    ) -> int:
        """Record a job with its items and the work to make them, in one commit; return its number.

        An item whose product is linked or being imported already is left as it is: the job that
        has it keeps it. One that failed before is planned anew.
        """

        def change(db: Sqlite) -> int:
            row = {
                "subscriber": subscriber,
                "site": choices.site,
                "choices": msgspec.json.encode(choices).decode(),
                "created_at": now,
            }
            job = int(str(db.table("import_jobs").insert(row).last_pk))
            for item in items:
                if _plan_item(db, item, job, now):
                    work = NewWork(
                        subscriber=subscriber, kind=kind, key=item_key(item.site, item.product_id), due_at=now
                    )
                    enqueue(db, work)
            return job

        return await self._database.write(change)

    async def choices(self, job: int) -> ImportChoices:
        found = await self._database.read(
            lambda db: rows(db, "select choices from import_jobs where id = ?", [job])
        )
        return msgspec.json.decode(found[0]["choices"], type=ImportChoices)

    async def item(self, subscriber: str, site: str, product_id: str) -> ImportItem | None:
        where = "subscriber = ? and site = ? and product_id = ?"
        found = await self._database.read(lambda db: _items(db, where, [subscriber, site, product_id]))
        return found[0] if found else None

    async def of_job(self, job: int) -> list[ImportItem]:
        return await self._database.read(lambda db: _items(db, "job = ?", [job]))

    async def of_site(self, subscriber: str, site: str) -> list[ImportItem]:
        """Every product that is, or is about to be, in this site through us."""
        return await self._database.read(
            lambda db: _items(db, "subscriber = ? and site = ?", [subscriber, site])
        )

    async def move(
        self,
        item: ImportItem,
        state: ItemState,
        *,
        now: float,
        reason: str = "",
        tried_at: float | None = None,
    ) -> None:
        """Change an item's state."""
        sql = """update import_items set state = ?, reason = ?, updated_at = ?, tried_at = coalesce(?, tried_at)
            where subscriber = ? and site = ? and product_id = ?"""
        values = [state.value, reason, now, tried_at, item.subscriber, item.site, item.product_id]
        await self._database.write(lambda db: db.execute(sql, values))

    async def created(
        self, item: ImportItem, *, shop_product_id: str, by_hand: tuple[str, ...], now: float
    ) -> None:
        """The product is in the shop."""
        sql = """update import_items set state = ?, reason = '', shop_product_id = ?, by_hand = ?, updated_at = ?
            where subscriber = ? and site = ? and product_id = ?"""
        sentences = msgspec.json.encode(by_hand).decode()
        key = [item.subscriber, item.site, item.product_id]
        values = [ItemState.CREATED.value, shop_product_id, sentences, now, *key]
        await self._database.write(lambda db: db.execute(sql, values))


def item_key(site: str, product_id: str) -> str:
    """The key of an item's work. A domain has no ``/``."""
    return f"{site}/{product_id}"


def _plan_item(db: Sqlite, item: ImportItem, job: int, now: float) -> bool:
    cursor = db.execute(
        """insert into import_items (subscriber, site, product_id, job, name, state, reason, shop_product_id,
            part_number, url_name, by_hand, tried_at, updated_at)
        values (?, ?, ?, ?, ?, 'planned', '', '', ?, ?, '[]', 0, ?)
        on conflict (subscriber, site, product_id) do update set
            job = excluded.job, state = 'planned', reason = '', updated_at = excluded.updated_at
            where state = 'failed'""",
        [item.subscriber, item.site, item.product_id, job, item.name, item.part_number, item.url_name, now],
    )
    return cursor.rowcount == 1


def _items(db: Sqlite, where: str, values: list[Any]) -> list[ImportItem]:
    sql = f"select * from import_items where {where} order by rowid"
    return [
        ImportItem(**{**row, "by_hand": msgspec.json.decode(row["by_hand"], type=tuple[str, ...])})
        for row in rows(db, sql, values)
    ]
