"""Import jobs: a plan of products, and how far it is. What is in a site is in `makeready.products.store.links`."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from makeready_hooks.errors import Refused
from makeready_hooks.model.news import ImportNews
from sqlite_utils import Database as Sqlite

from makeready.engine.observers.store import listens, tell
from makeready.prices.model import PriceRules
from makeready.products.model import (
    UNSETTLED,
    ImportChoices,
    ImportItem,
    ImportJob,
    ItemState,
    JobState,
    LinkRow,
    Task,
)
from makeready.products.store.claims import claim, forget_unused, give_up_work, let_go
from makeready.products.store.links import one_link
from makeready.products.store.markups import check_start
from makeready.storage.part import StorePart
from makeready.storage.rows import rows, structs
from makeready.times import from_seconds

COUNTED = "select state, count(*) as n from import_items where job = ? group by state"
_UNSETTLED = ", ".join(f"'{state.value}'" for state in UNSETTLED)


class Imports(StorePart):
    async def plan(
        self, subscriber: str, choices: ImportChoices, items: Sequence[ImportItem], *, now: float
    ) -> int:
        """Record a plan, in one commit; return its number. Nothing happens until it is started."""

        def change(db: Sqlite) -> int:
            row = {
                "subscriber": subscriber,
                "site": choices.site,
                "state": JobState.PLANNED.value,
                "choices": msgspec.json.encode(choices).decode(),
                "created_at": now,
                "started_at": 0.0,
            }
            job = int(str(db.table("import_jobs").insert(row).last_pk))
            db.table("import_items").insert_all(_row(item, job, now) for item in items)
            return job

        return await self._database.write(change)

    async def job(self, subscriber: str, number: int) -> ImportJob | None:
        where = "where subscriber = ? and id = ?"
        found = await self._database.read(lambda db: _jobs(db, where, [subscriber, number]))
        return found[0] if found else None

    async def jobs(self, subscriber: str, *, limit: int = -1, before: int = 0) -> list[ImportJob]:
        """All of a subscriber's, or a page, the newest first; after a page, those with smaller numbers."""
        term, values = ("and id < ?", [before]) if before else ("", [])
        where = f"where subscriber = ? {term} order by id desc limit ?"
        return await self._database.read(lambda db: _jobs(db, where, [subscriber, *values, limit]))

    async def items(self, job: int) -> list[ImportItem]:
        """In the order of the plan."""
        return await self._database.read(lambda db: _items(db, "job = ? order by rowid", [job]))

    async def counts(self, job: int, since: float) -> tuple[dict[str, int], int]:
        """How many products are in each state, and how many reached the shop since a moment."""
        recent = """select count(*) as n from import_items
            where job = ? and state in ('created', 'linked', 'changed') and updated_at >= ?"""

        def read(db: Sqlite) -> tuple[dict[str, int], int]:
            by_state = {row["state"]: row["n"] for row in rows(db, COUNTED, [job])}
            return by_state, rows(db, recent, [job, since])[0]["n"]

        return await self._database.read(read)

    async def task(self, subscriber: str, site: str, product_id: str) -> Task | None:
        """What is to be done about a product, if anything is."""

        def read(db: Sqlite) -> Task | None:
            if (link := one_link(db, subscriber, site, product_id)) is None:
                return None
            jobs = _jobs(db, "where id = ?", [link.job])
            items = _items(db, "job = ? and product_id = ?", [link.job, product_id])
            return Task(jobs[0], items[0], link) if jobs and items else None

        return await self._database.read(read)

    async def markup_task(self, subscriber: str, number: int, product_id: str) -> Task | None:
        """A product whose mark-up a job changes; its link is empty if it is no longer linked."""

        def read(db: Sqlite) -> Task | None:
            jobs = _jobs(db, "where subscriber = ? and id = ?", [subscriber, number])
            items = _items(db, "job = ? and product_id = ?", [number, product_id])
            if not (jobs and items):
                return None
            link = one_link(db, subscriber, jobs[0].site, product_id) or LinkRow(
                subscriber=subscriber,
                site=jobs[0].site,
                product_id=product_id,
                job=0,
                part_number="",
                url_name="",
            )
            return Task(jobs[0], items[0], link)

        return await self._database.read(read)

    async def start(
        self, job: ImportJob, *, kind: str, now: float, rules: Callable[[Sqlite], PriceRules | None]
    ) -> bool:
        """Run a plan, go on after a pause, or try what failed again. False if it cannot be.

        Products are claimed: one that another import makes, or made, is skipped here. Raises Refused for a
        mark-up that the shop and we would add.
        """

        def change(db: Sqlite) -> bool:
            if not _set_running(db, job, now):
                return False
            check_start(db, job.id, rules(db))
            db.execute(
                "update import_items set state = 'planned', reason = '' where job = ? and state = 'failed'",
                [job.id],
            )
            for item in _items(db, f"job = ? and state in ({_UNSETTLED}) order by rowid", [job.id]):
                if why_not := claim(db, job, item, kind=kind, now=now):
                    _set_state(db, item, ItemState.SKIPPED, why_not, now)
            _finish_if_done(db, job, now)
            return True

        return await self._database.write(change)

    async def pause(self, job: ImportJob, *, kind: str) -> bool:
        """Stop after what is under way. False if it does not run."""

        def change(db: Sqlite) -> bool:
            # company: by the number of an import, which is one company's
            sql = "update import_jobs set state = 'paused' where id = ? and state = 'running'"
            if db.execute(sql, [job.id]).rowcount == 0:
                return False
            give_up_work(db, job, kind)
            return True

        return await self._database.write(change)

    async def cancel(self, job: ImportJob, *, kind: str, now: float) -> bool:
        """End it: what was made stays, what was not begun is not made. False if it has ended.

        A product that may have been made is still looked for.
        """

        def change(db: Sqlite) -> bool:
            # company: by the number of an import, which is one company's
            sql = """update import_jobs set state = 'cancelled'
                where id = ? and state in ('planned', 'running', 'paused')"""
            if db.execute(sql, [job.id]).rowcount == 0:
                return False
            db.execute(
                "update import_items set state = 'cancelled', updated_at = ? where job = ? and state = 'planned'",
                [now, job.id],
            )
            forget_unused(db, job.id)
            give_up_work(db, job, kind)
            for item in _items(db, f"job = ? and state in ({_UNSETTLED})", [job.id]):
                claim(db, job, item, kind=kind, now=now)
            return True

        return await self._database.write(change)

    async def begin(self, task: Task, *, now: float) -> bool:
        """A call is about to leave. False if the import was paused or cancelled meanwhile."""

        def change(db: Sqlite) -> bool:
            # company: by the number of an import, which is one company's
            sql = f"""update import_items set state = 'creating', reason = '', updated_at = ?
                where job = ? and product_id = ? and state in ({_UNSETTLED})
                and exists (select 1 from import_jobs where id = job and state = 'running')"""
            if db.execute(sql, [now, task.job.id, task.item.product_id]).rowcount == 0:
                return False
            db.execute(
                """update product_links set tried_at = ?
                where subscriber = ? and site = ? and product_id = ? and job = ?""",
                [now, task.link.subscriber, task.link.site, task.link.product_id, task.job.id],
            )
            return True

        return await self._database.write(change)

    async def move(
        self, task: Task, state: ItemState, *, now: float, reason: str = "", by_hand: tuple[str, ...] = ()
    ) -> None:
        """A product is not in the shop: planned again, in doubt, failed, or cancelled; or its mark-up is changed."""

        def change(db: Sqlite) -> None:
            _set_state(db, task.item, state, reason, now)
            if by_hand:
                sql = "update import_items set by_hand = ? where job = ? and product_id = ?"
                db.execute(sql, [_json(by_hand), task.job.id, task.item.product_id])
            if state not in UNSETTLED:
                let_go(db, task.item)
            _finish_if_done(db, task.job, now)

        await self._database.write(change)

    async def linked(
        self, task: Task, state: ItemState, shop_product_id: str, by_hand: tuple[str, ...], *, now: float
    ) -> None:
        """The product is in the shop, and ours. Raises Refused if it was linked with another of the MIS meanwhile."""

        def change(db: Sqlite) -> None:
            other = """select product_id from product_links
                where subscriber = ? and site = ? and shop_product_id = ? and product_id != ?"""
            link = task.link
            for row in rows(db, other, [link.subscriber, link.site, shop_product_id, link.product_id]):
                raise Refused(
                    f"The site's product {shop_product_id} is linked with product {row['product_id']} of the MIS.",
                    fix="If that is wrong, undo the link, then import again.",
                )
            _set_state(db, task.item, state, "", now)
            db.execute(
                "update import_items set shop_product_id = ?, by_hand = ? where job = ? and product_id = ?",
                [shop_product_id, _json(by_hand), task.job.id, task.item.product_id],
            )
            db.execute(
                """update product_links set shop_product_id = ?, linked_at = ?
                where subscriber = ? and site = ? and product_id = ?""",
                [shop_product_id, now, link.subscriber, link.site, link.product_id],
            )
            _finish_if_done(db, task.job, now)

        await self._database.write(change)


def _set_running(db: Sqlite, job: ImportJob, now: float) -> bool:
    # company: by the number of an import, which is one company's
    sql = """update import_jobs set state = 'running', started_at = case started_at when 0 then ? else started_at end
        where id = ? and (state in ('planned', 'paused', 'running') or state = 'done' and exists (
            select 1 from import_items where job = import_jobs.id and state = 'failed'))"""
    return db.execute(sql, [now, job.id]).rowcount == 1


def _set_state(db: Sqlite, item: ImportItem, state: ItemState, reason: str, now: float) -> None:
    db.execute(
        "update import_items set state = ?, reason = ?, updated_at = ? where job = ? and product_id = ?",
        [state.value, reason, now, item.job, item.product_id],
    )


def _finish_if_done(db: Sqlite, job: ImportJob, now: float) -> None:
    done = db.execute(
        # company: by the number of an import, which is one company's
        f"""update import_jobs set state = 'done' where id = ? and state = 'running' and not exists (
            select 1 from import_items where job = import_jobs.id and state in ({_UNSETTLED}))""",
        [job.id],
    )
    if done.rowcount and listens(db, job.subscriber, "import_finished"):
        counted = rows(db, COUNTED, [job.id])
        products = {row["state"]: row["n"] for row in counted}
        news = ImportNews(number=job.id, site=job.site, products=products, at=from_seconds(now))
        tell(db, job.subscriber, "import_finished", str(job.id), news, now)


def _row(item: ImportItem, job: int, now: float) -> dict[str, Any]:
    row = msgspec.structs.asdict(item) | {"job": job, "updated_at": now}
    figures = msgspec.json.encode(item.figures).decode()
    return row | {"changes": _json(item.changes), "by_hand": _json(item.by_hand), "figures": figures}


def _json(sentences: tuple[str, ...]) -> str:
    return msgspec.json.encode(sentences).decode()


def _jobs(db: Sqlite, where: str, values: list[Any]) -> list[ImportJob]:
    # company: each caller's condition has it, or the number of an import
    return structs(ImportJob, db, f"select * from import_jobs {where}", values, as_json=("choices",))


def _items(db: Sqlite, where: str, values: list[Any]) -> list[ImportItem]:
    sql = f"select * from import_items where {where}"
    return structs(ImportItem, db, sql, values, as_json=("changes", "by_hand", "figures"))
