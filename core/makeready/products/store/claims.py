"""How an import claims a product: the row in ``product_links`` is had by one of them."""

from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork
from makeready.engine.store import enqueue
from makeready.products.model import UNSETTLED, ImportItem, ImportJob, ItemAction
from makeready.storage.rows import rows

_UNSETTLED = ", ".join(f"'{state.value}'" for state in UNSETTLED)
# an import that has ended, or has settled this product, holds it no more
_HELD = f"""(job != excluded.job and exists (select 1 from import_items
    where job = product_links.job and product_id = product_links.product_id and state in ({_UNSETTLED})))"""


def item_key(job: ImportJob, product_id: str) -> str:
    """The key of a product's work: it is made once in a site, and its mark-up changed by each job. A domain has no ``/``."""
    return f"{job.id if job.choices.changes_markup else job.site}/{product_id}"


def _ask(db: Sqlite, job: ImportJob, item: ImportItem, kind: str, now: float) -> None:
    key = item_key(job, item.product_id)
    enqueue(db, NewWork(subscriber=job.subscriber, kind=kind, key=key, due_at=now))


def claim(db: Sqlite, job: ImportJob, item: ImportItem, *, kind: str, now: float) -> str:
    """Take the product and ask for the work on it; return why not, if another has it.

    An attempt of an earlier import may have had an effect: its URL name stays, and it is looked for.
    """
    if job.choices.changes_markup:
        _ask(db, job, item, kind, now)
        return ""
    in_shop = item.shop_product_id if item.action == ItemAction.LINK else ""
    if why_not := _taken_by_another(db, job, item, in_shop):
        return why_not
    cursor = db.execute(
        f"""insert into product_links (subscriber, site, product_id, job, mis, part_number, url_name,
            shop_product_id, before, tried_at, linked_at) values (?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0)
        on conflict (subscriber, site, product_id) do update set
            job = excluded.job, mis = excluded.mis, shop_product_id = excluded.shop_product_id,
            url_name = case when tried_at > 0 then url_name else excluded.url_name end
            where linked_at = 0 and not {_HELD}""",
        [
            job.subscriber,
            job.site,
            item.product_id,
            job.id,
            job.choices.mis,
            item.part_number,
            item.url_name,
            in_shop,
        ],
    )
    if cursor.rowcount == 0:
        return _holder(db, job, item)
    _ask(db, job, item, kind, now)
    return ""


def _taken_by_another(db: Sqlite, job: ImportJob, item: ImportItem, in_shop: str) -> str:
    """Why not, if the shop's product or the URL name is another product's already."""
    for column, value in (("url_name", item.url_name), ("shop_product_id", in_shop)):
        # the empty text is excluded so that the index is used, which has none
        sql = f"""select product_id from product_links
            where subscriber = ? and site = ? and {column} = ? and {column} != '' and product_id != ?"""
        if found := rows(db, sql, [job.subscriber, job.site, value, item.product_id]):
            return f"The shop's product belongs to {found[0]['product_id']}."
    return ""


def _holder(db: Sqlite, job: ImportJob, item: ImportItem) -> str:
    sql = "select job, linked_at from product_links where subscriber = ? and site = ? and product_id = ?"
    [row] = rows(db, sql, [job.subscriber, job.site, item.product_id])
    done = "It is in the shop already" if row["linked_at"] else "It is being made"
    return f"{done}: import {row['job']}."


def forget_unused(db: Sqlite, job: int) -> None:
    """Let go of all products that this import will not make and has not tried to."""
    db.execute(
        # company: by the number of an import, which is one company's
        f"""delete from product_links where job = ? and linked_at = 0 and tried_at = 0 and not exists (
            select 1 from import_items where job = product_links.job
            and product_id = product_links.product_id and state in ({_UNSETTLED}))""",
        [job],
    )


def let_go(db: Sqlite, item: ImportItem) -> None:
    """Let go of a product that was not made. An attempt to make it may be found later: it is remembered."""
    forgetting = "tried_at = 0" if item.action == ItemAction.CREATE else "true"
    # company: by the number of an import, which is one company's
    sql = f"delete from product_links where job = ? and product_id = ? and linked_at = 0 and {forgetting}"
    db.execute(sql, [item.job, item.product_id])


def give_up_work(db: Sqlite, job: ImportJob, kind: str) -> None:
    """Drop the work on products that are not settled: starting again asks for it again."""
    # company: by the number of an import, which is one company's
    sql = f"select product_id from import_items where job = ? and state in ({_UNSETTLED})"
    for row in rows(db, sql, [job.id]):
        key = item_key(job, row["product_id"])
        db.execute(
            "delete from work where subscriber = ? and kind = ? and key = ?", [job.subscriber, kind, key]
        )
