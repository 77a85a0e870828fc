"""Which product of the MIS is which product of a site: one row each, made when an import claims it."""

from collections.abc import Collection
from typing import Any

from makeready_hooks.errors import Refused
from msgspec import json
from sqlite_utils import Database as Sqlite

from makeready.products.model import LinkRow, SoldUnlinked
from makeready.storage.database import Condition, TransactionStep
from makeready.storage.part import StorePart
from makeready.storage.rows import rows, structs


class Links(StorePart):
    async def get(self, subscriber: str, site: str, product_id: str) -> LinkRow | None:
        return await self._database.read(lambda db: one_link(db, subscriber, site, product_id))

    async def linked(self, subscriber: str, product_ids: Collection[str]) -> frozenset[str]:
        """Those of them that are in some site through us."""
        marks = ", ".join("?" * len(product_ids))
        sql = f"""select distinct product_id from product_links
            where subscriber = ? and product_id in ({marks}) and linked_at > 0"""
        found = await self._rows(sql, [subscriber, *product_ids])
        return frozenset(str(row["product_id"]) for row in found)

    async def mis_of(self, subscriber: str, product_ids: Collection[str]) -> dict[tuple[str, str], str]:
        """The MIS of these products, by site and product id; without a site where all links of a product name one."""
        sql = """select site, product_id, mis from product_links
            where subscriber = ? and product_id in (select value from json_each(?)) and mis != ''"""
        found = await self._rows(sql, [subscriber, json.encode(list(product_ids)).decode()])
        by_site = {(str(row["site"]), str(row["product_id"])): str(row["mis"]) for row in found}
        of_any: dict[str, set[str]] = {}
        for (_, product_id), mis in by_site.items():
            of_any.setdefault(product_id, set()).add(mis)
        return by_site | {("", one): "".join(named) for one, named in of_any.items() if len(named) == 1}

    async def of_site(self, subscriber: str, site: str) -> list[LinkRow]:
        """Products that are in this site through us, and those that are being made."""
        where = "site = ? order by rowid"
        return await self._database.read(lambda db: _links(db, subscriber, where, [site]))

    async def known_sites(self, subscriber: str) -> list[str]:
        """Those with products that are in them through us or are on their way, and those with profiles.

        One look into the index for each site: there may be many products.
        """
        sql = """with recursive found(site) as (
                select min(site) from product_links where subscriber = ?
                union all select (select min(site) from product_links
                    where subscriber = ? and site > found.site) from found where found.site is not null)
            select site from found where site is not null
            union select site from import_profiles where subscriber = ?"""
        found = await self._rows(sql, [subscriber] * 3)
        return [str(row["site"]) for row in found]

    async def in_workflows(self, subscriber: str, limit: int) -> list[dict[str, Any]]:
        """Into which workflows imports have put products that are linked, those with most products first: ``site``,
        ``workflow_id``, ``workflow``, ``products`` as a number, the part number of an ``example``.
        """
        sql = """select l.site, j.choices ->> 'workflow_id' as workflow_id, j.choices ->> 'workflow' as workflow,
                count(*) as products, min(l.part_number) as example
            from product_links l join import_jobs j on j.subscriber = l.subscriber and j.id = l.job
            where l.subscriber = ? and l.linked_at > 0 and j.choices ->> 'workflow_id' != ''
            group by 1, 2 order by products desc limit ?"""
        return await self._rows(sql, [subscriber, limit])

    def knows_products(self, subscriber: str) -> Condition:
        return lambda db: bool(
            rows(db, "select 1 from product_links where subscriber = ? limit 1", [subscriber])
        )

    def check_none(self, subscriber: str, number: int) -> TransactionStep:
        """Raises Refused if there are products, or some on their way, whose part numbers begin with this number."""
        sql = "select count(*) as n from product_links where subscriber = ? and linked_at + tried_at > 0"

        def check(db: Sqlite) -> None:
            if count := rows(db, sql, [subscriber])[0]["n"]:
                why = f"{count} product{'s' if count > 1 else ''} came into the shop with {number} meanwhile."
                raise Refused(why, fix=f"Keep {number}, or unlink them first.")

        return check

    async def remember(self, link: LinkRow, before: str) -> None:
        """Keep what a product was bound to, before that is changed. What is kept already stays."""
        sql = """update product_links set before = ?
            where subscriber = ? and site = ? and product_id = ? and before = ''"""
        values = [before, link.subscriber, link.site, link.product_id]
        await self._execute(sql, values)

    async def note_sold(self, subscriber: str, site: str, product_id: str, at: float) -> None:
        """The shop asked for the price of a product that is not linked, and the MIS named one."""
        sql = """insert into sold_unlinked (subscriber, site, product_id, at) values (?, ?, ?, ?)
            on conflict do update set at = excluded.at"""
        await self._execute(sql, [subscriber, site, product_id, at])

    async def sold_unlinked(self, subscriber: str, site: str) -> list[SoldUnlinked]:
        """The last first; those that were linked meanwhile are left out."""
        sql = """select product_id, at from sold_unlinked where subscriber = ? and site in (?, '') and not exists (
                select 1 from product_links where product_links.subscriber = sold_unlinked.subscriber
                and product_links.site = sold_unlinked.site
                and product_links.product_id = sold_unlinked.product_id and linked_at > 0)
            order by at desc"""
        return await self._structs(SoldUnlinked, sql, [subscriber, site])

    async def delete(self, link: LinkRow) -> bool:
        """The product is no longer ours; the shop's stays as it is. False if it is being made just now."""
        sql = """delete from product_links
            where subscriber = ? and site = ? and product_id = ? and linked_at > 0"""
        values = [link.subscriber, link.site, link.product_id]
        return await self._execute(sql, values) == 1


def one_link(db: Sqlite, subscriber: str, site: str, product_id: str) -> LinkRow | None:
    found = _links(db, subscriber, "site = ? and product_id = ?", [site, product_id])
    return found[0] if found else None


def _links(db: Sqlite, subscriber: str, where: str, values: list[Any]) -> list[LinkRow]:
    sql = f"select * from product_links where subscriber = ? and {where}"
    return structs(LinkRow, db, sql, [subscriber, *values])
