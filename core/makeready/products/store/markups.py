"""Products to which the shop adds a mark-up of its own: what an import made them with, as far as we know.

An import leaves them so in the shop for good, also when they are no longer linked: the shop goes on asking us
for their price. They count until somebody says that the mark-up was taken out there.
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
    sql = """select j.site, i.part_number, case i.state when 'created' then i.updated_at else 9e99 end as made_at
        from import_jobs j join import_items i on i.job = j.id
        where j.subscriber = ? and cast(json_extract(j.choices, '$.markup_percent') as real) > 0
        and i.action = 'create' and (i.state in ('created', 'creating', 'in_doubt')
            or i.state = 'planned' and j.state = 'running')
        order by i.rowid"""
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
        and i.action = 'create' and i.state in ('planned', 'failed') limit 1"""
    if rules and rules.markup == "engine" and structs(MarkedUp, db, sql, [job]):
        raise Refused(
            f"The mark-up of import {job} would be added twice: by the shop, and by the engine.",
            fix="Plan a new import without a mark-up, or leave the mark-up to the shop in the prices' settings.",
        )
