"""Products to which the shop adds a mark-up of its own: what an import made them with, or changed it to, as far as we know.

It leaves them so in the shop for good, also when they are no longer linked: the shop goes on asking us for their price.
They count until their mark-up was seen to be another, or somebody says that it was taken out there.
"""

from makeready_hooks.errors import Refused
from sqlite_utils import Database as Sqlite

from makeready.prices.model import PriceRules
from makeready.products.doubled_markups import MarkedUp, MarkupsDoubled
from makeready.storage.database import TransactionStep
from makeready.storage.part import StorePart
from makeready.storage.rows import structs
from makeready.subscribers.model import Subscriber


class Markups(StorePart):
    async def doubled(self, subscriber: Subscriber) -> list[MarkedUp]:
        """Products that have two mark-ups by the settings of today."""
        return await self._database.read(lambda db: doubled(db, subscriber.name, subscriber.prices))

    async def known(self, subscriber: str, site: str) -> dict[str, str]:
        """What the shop adds by product, a decimal number: as its last import made it, or changed it to. Without products
        that were there before us, and those that were seen to have another.
        """
        sql = """select product_id, percent from (
                select i.product_id, i.state, j.choices ->> 'markup_percent' as percent,
                    row_number() over (partition by i.product_id order by i.updated_at desc, i.rowid desc) as place
                from import_jobs j join import_items i on i.job = j.id
                where j.subscriber = ? and j.site = ?
                and (i.state in ('created', 'linked', 'changed') or i.action = 'markup' and i.state = 'failed'))
            where place = 1 and state in ('created', 'changed')"""
        found = await self._rows(sql, [subscriber, site])
        return {str(row["product_id"]): str(row["percent"]) for row in found}

    async def look(self, before: Subscriber | None, after: Subscriber) -> None:
        """Raises MarkupsDoubled as `check` does."""
        await self._database.read(self.check(before, after))

    def check(self, before: Subscriber | None, after: Subscriber) -> TransactionStep:
        """Raises MarkupsDoubled for a change of settings that adds a mark-up where the shop adds one."""
        return lambda db: check_markups(db, before, after)


def doubled(db: Sqlite, subscriber: str, rules: PriceRules) -> list[MarkedUp]:
    """Products that would have two mark-ups by these rules, those on their way into the shop included."""
    if rules.markup == "shop":
        return []
    sql = """with marked as (
            select j.site, i.part_number, i.action, i.state, i.by_hand, i.rowid as at, j.state as job_state,
                cast(json_extract(j.choices, '$.markup_percent') as real) as percent,
                case when i.state in ('created', 'changed') then i.updated_at else 9e99 end as made_at
            from import_jobs j join import_items i on i.job = j.id
            where j.subscriber = ? and i.action in ('create', 'markup'))
        select site, part_number, max(made_at) as made_at from marked one where percent > 0
        and (state in ('created', 'changed', 'creating', 'in_doubt') or state = 'planned' and job_state = 'running')
        and not exists (select 1 from marked later where later.site = one.site
            and later.part_number = one.part_number and later.state = 'changed' and later.percent = 0
            and later.by_hand = '[]' and (later.made_at, later.at) > (one.made_at, one.at))
        group by site, part_number order by min(at)"""
    found = structs(MarkedUp, db, sql, [subscriber])
    return [one for one in found if rules.percent_for(one.site) and one.made_at > rules.removed_at]


def check_markups(db: Sqlite, before: Subscriber | None, after: Subscriber) -> None:
    """Raises MarkupsDoubled for a change of settings that adds a mark-up where the shop adds one.

    What was doubled before and is not changed by it does not stop a change.
    """
    if before is None or before.prices == after.prices:
        return
    had = {(one, before.prices.percent_for(one.site)) for one in doubled(db, after.name, before.prices)}
    products = [
        one
        for one in doubled(db, after.name, after.prices)
        if (one, after.prices.percent_for(one.site)) not in had
    ]
    if products:
        raise MarkupsDoubled(after, products)


def check_start(db: Sqlite, job: int, rules: PriceRules | None) -> None:
    """Raises Refused for an import that would give products a mark-up in the shop while we add one."""
    # company: by the number of an import, which is one company's
    sql = """select j.site, i.part_number, 0.0 as made_at
        from import_jobs j join import_items i on i.job = j.id
        where j.id = ? and cast(json_extract(j.choices, '$.markup_percent') as real) > 0
        and i.action in ('create', 'markup') and i.state in ('planned', 'failed') limit 1"""
    if rules and rules.markup == "engine" and structs(MarkedUp, db, sql, [job]):
        raise Refused(
            f"The mark-up of job {job} would be added twice: by the shop, and by the engine.",
            fix="Plan it again without a mark-up, or leave the mark-up to the shop in the prices' settings.",
        )
