"""Due work: a row that is due is claimed with a lease, in one statement, by any process."""

from collections.abc import Collection, Sequence
from functools import cache

from msgspec import json
from msgspec.structs import replace
from sqlite_utils import Database as Sqlite

from makeready.engine.model import (
    MOST_FAILING,
    Ended,
    FailingWork,
    Flow,
    NewWork,
    Pause,
    Work,
    WorkCount,
    WorkType,
)
from makeready.engine.places import Places
from makeready.engine.retry import LAST_RETRY_S
from makeready.storage.part import StorePart
from makeready.storage.rows import marks, rows, structs

KINDS = """with recursive kinds(kind) as (
        select min(kind) from work where subscriber = :subscriber
        union all select (select min(w.kind) from work w where w.subscriber = :subscriber and w.kind > kinds.kind)
            from kinds where kind is not null)"""
"""Of which a subscriber has work, without a look at all of it."""
HALF_OF_PROBE = 8_000
"""Bytes. A probe is as large as what a busy server writes at once, so that a disk with a few free bytes does not pass."""

HASTENED_EVERY_S = 0.05
MOST_HASTENED = int(LAST_RETRY_S / HASTENED_EVERY_S)
"""What comes after so many is due by itself before its turn."""
NEWEST = 4
"""One of so many that are taken is the newest: after an outage an order of today does not wait for all of before."""
FIRST_TRIES, MORE_TRIES = "and attempts = 0", "and attempts > 0"
INDEX = {"": "work_free", FIRST_TRIES: "work_first_tries", MORE_TRIES: "work_more_tries"}

PAUSED = """exists (select 1 from pauses where flow = :flow and pauses.subscriber in ('', {})
    and (until = 0 or until > :now))"""
"""Whether a company's flow is paused at a moment."""

# company: every one's: the engine works for all, one company and kind at a time
CLAIM = """with recursive companies(name) as (
        select min(subscriber) from work where kind = :kind
        union all select (select min(subscriber) from work where kind = :kind and subscriber > name)
            from companies where name is not null),
    waiting as (
        select name, (select due_at from work indexed by {index} where kind = :kind and subscriber = name
            and max(due_at, lease_until) <= :now {tries} order by max(due_at, lease_until) limit 1) as since
        from companies where name not in (select value from json_each(:without)) and not {paused}),
    first as (select name from waiting where since is not null
        order by name in (select value from json_each(:busy)), since limit 1)
    update work set owner = :owner, lease_until = :until where id in (
        select id from (select id from work indexed by {index}
            where kind = :kind and subscriber = (select name from first)
            and max(due_at, lease_until) <= :now {tries} order by max(due_at, lease_until) limit {oldest})
        union select id from (select id from work indexed by {index}
            where kind = :kind and subscriber = (select name from first)
            and max(due_at, lease_until) <= :now {tries} order by max(due_at, lease_until) desc limit {newest}))
    returning id, subscriber, kind, key, generation, attempts, hint"""


def enqueue(db: Sqlite, *asked: NewWork) -> None:
    """Ask for work inside another change's transaction. Asking twice is once, at the earlier time.

    If it is being done right now, it will be done again: what is seen later may be different.
    """
    db.conn.executemany(
        """insert into work (subscriber, kind, key, due_at, hint) values (?, ?, ?, ?, ?)
        on conflict (subscriber, kind, key) do update set
            due_at = min(due_at, excluded.due_at), generation = generation + 1, attempts = 0,
            hint = case when excluded.hint = '' then hint else excluded.hint end""",
        [(work.subscriber, work.kind, work.key, work.due_at, work.hint) for work in asked],
    )


def end_work(db: Sqlite, work: Work) -> None:
    """It is done, in the very change that does it, unless it was asked for again with another hint."""
    sql = "delete from work where subscriber = ? and kind = ? and key = ? and hint = ?"
    db.execute(sql, [work.subscriber, work.kind, work.key, work.hint])


def retry_stuck(db: Sqlite, subscriber: str) -> None:
    """Make due at once what went wrong until somebody changes something: somebody has."""
    db.execute("update work set due_at = 0 where subscriber = ? and needs_person = 1", [subscriber])


def make_due(db: Sqlite, subscriber: str, keys: Sequence[str] | None, at: float) -> list[str]:
    """What went wrong is due at once: that of these keys, or all of the subscriber's. Returns the keys."""
    which = "" if keys is None else f"and key in ({marks(keys)})"
    sql = f"update work set due_at = ? where subscriber = ? and error != '' and due_at > ? {which} returning key"
    return [str(row["key"]) for row in rows(db, sql, [at, subscriber, at, *(keys or ())])]


class WorkQueue(StorePart):
    def version(self) -> int:
        """Changes whenever anything may have been asked for, by whichever process."""
        return self._database.version()

    async def add(self, work: Sequence[NewWork]) -> None:
        await self._database.write(lambda db: enqueue(db, *work))

    async def add_missing(self, work: Sequence[NewWork]) -> None:
        """Ask for what is not asked for yet; what is, stays as it is."""
        sql = "insert or ignore into work (subscriber, kind, key, due_at, hint) values (?, ?, ?, ?, ?)"
        given = [(one.subscriber, one.kind, one.key, one.due_at, one.hint) for one in work]
        await self._database.write(lambda db: db.conn.executemany(sql, given))

    async def claim(
        self,
        types: Sequence[WorkType],
        places: Places,
        *,
        now: float,
        owner: str,
        lease_s: float,
        ended: Sequence[Ended] = (),
    ) -> list[list[Work]]:
        """Take what is due of these types as long as there are places: up to a batch of one subscriber at a time, the
        longest due first, and some of the newest. It looks at the companies that have work of a type, not at all their rows.

        A subscriber who has a place comes after those who have none: a burst does not hold up the others.
        One who has his share does not come at all, nor one whose flow is paused. ``ended``: settled before, in the same
        change.
        """
        until = now + lease_s

        def change(db: Sqlite) -> list[list[Work]]:
            _settle(db, ended, owner, now)
            due, taken = _due_kinds(db, now), []
            for one in types:
                is_due = one.kind in due
                while (
                    is_due
                    and places.has_room(one.kind)
                    and (works := _claim(db, one, places, now, owner, until))
                ):
                    places.take(one.kind, works[0].subscriber)
                    taken.append(works)
                    is_due = _is_due(db, one.kind, now)
            return taken

        return await self._database.write(change)

    async def renew(self, work: Sequence[Work], *, owner: str, until: float) -> bool:
        """Keep what is being worked on. False if the lease of any had run out and somebody else has it now."""
        ids = [one.id for one in work]
        # company: by the numbers of rows, each one company's
        keep = f"update work set lease_until = ? where owner = ? and id in ({marks(ids)})"
        # company: as above
        taken = f"select id from work where owner not in ('', ?) and id in ({marks(ids)})"

        def change(db: Sqlite) -> bool:
            db.execute(keep, [until, owner, *ids])
            return not rows(db, taken, [owner, *ids])

        return await self._database.write(change)

    async def probe(self) -> None:
        """Raises StateFileError while the file takes no changes: seen by making one."""
        sql = """insert into installation (name, value) values ('probed', hex(randomblob(?)))
            on conflict do update set value = excluded.value"""
        await self._execute(sql, [HALF_OF_PROBE])

    async def settle(self, ended: Sequence[Ended], *, owner: str, now: float) -> None:
        """Work is done, or to be done again. What was asked for again meanwhile stays and is due at once."""
        await self._database.write(lambda db: _settle(db, ended, owner, now))

    async def hasten(self, subscriber: str, kinds: Collection[str], *, now: float) -> None:
        """Make due what of these kinds is to be tried again, the oldest first, and not all in one moment."""
        sql = f"""update work set attempts = 0, due_at = min(due_at, ? + late.place * ?) from (
                select id as late_id, row_number() over (order by id) as place from work
                where subscriber = ? and kind in ({marks(kinds)}) and error != '' and needs_person = 0
                order by id limit ?) as late
            where subscriber = ? and id = late_id"""
        await self._execute(sql, [now, HASTENED_EVERY_S, subscriber, *kinds, MOST_HASTENED, subscriber])

    async def failing(self, subscriber: str, kinds: Collection[str]) -> list[FailingWork]:
        """What went wrong and is tried again, the longest first; no more than `MOST_FAILING` of each kind, and so many that
        need a person.
        """
        sql = """select kind, key, failing_since, error, due_at, needs_person from work indexed by work_failing
            where subscriber = ? and kind = ? and needs_person = ? and error != ''
            order by failing_since, id limit ?"""

        def read(db: Sqlite) -> list[FailingWork]:
            each = [[subscriber, kind, needs, MOST_FAILING] for kind in kinds for needs in (0, 1)]
            found = [one for values in each for one in structs(FailingWork, db, sql, values)]
            return sorted(found, key=lambda one: one.failing_since)

        return await self._database.read(read)

    async def due_kinds(self, now: float) -> frozenset[str]:
        """Of which kinds there is work that is due and that nobody does."""
        return await self._database.read(lambda db: _due_kinds(db, now))

    async def next_due(self, kinds: Collection[str]) -> float | None:
        """When the next row becomes due, leased ones included; None if there is no work."""
        # company: every one's: the engine works for all
        sql = f"select min(max(due_at, lease_until)) as at from work where kind in ({marks(kinds)})"
        found = await self._rows(sql, list(kinds))
        at = found[0]["at"]
        return None if at is None else float(at)

    async def count_stuck(self, subscriber: str) -> int:
        """What will go wrong until somebody changes something."""
        sql = "select count(*) as n from work where subscriber = ? and needs_person = 1"
        [found] = await self._rows(sql, [subscriber])
        return int(found["n"])

    async def waiting(self, subscriber: str, kind: str) -> int:
        """How many rows of this kind are not done."""
        sql = "select count(*) as n from work where subscriber = ? and kind = ?"
        found = await self._rows(sql, [subscriber, kind])
        return int(found[0]["n"])

    async def by_kind(self, subscriber: str) -> list[WorkCount]:
        """What is to be done, counted by kind."""
        of_kind = "from work w where w.kind = kinds.kind and w.subscriber = :subscriber"
        # company: the conditions above name it
        sql = f"""{KINDS} select kind, (select count(*) {of_kind}) as count, (select min(due_at) {of_kind}) as next_at,
                (select count(*) {of_kind} and error != '') as failing,
                coalesce((select error {of_kind} and error != '' limit 1), '') as error
            from kinds where kind is not null"""
        return await self._database.read(lambda db: structs(WorkCount, db, sql, {"subscriber": subscriber}))

    async def errors(self, subscriber: str, key: str) -> list[str]:
        """What went wrong last time with work on this key that is still to be done."""
        sql = """select error from work indexed by work_errors
            where subscriber = ? and key = ? and error != '' order by id"""
        found = await self._rows(sql, [subscriber, key])
        return [str(row["error"]) for row in found]


class Pauses(StorePart):
    """What a person has paused, and what is paused since this state file may be a copy."""

    async def keep(self, pauses: Sequence[Pause]) -> None:
        """Each replaces the one of the same flow and company, but for one that only a take-over ends."""
        sql = """insert into pauses (subscriber, flow, since, until, reason, actor, by_ledger)
            values (?, ?, ?, ?, ?, ?, ?) on conflict (subscriber, flow, by_ledger) do update set
                until = excluded.until, reason = excluded.reason, actor = excluded.actor"""
        values = [
            [one.subscriber, one.flow.value, one.since, one.until, one.reason, one.actor, int(one.by_ledger)]
            for one in pauses
        ]

        def change(db: Sqlite) -> None:
            for each in values:
                db.execute(sql, each)

        await self._database.write(change)

    async def end(self, subscriber: str, flow: Flow) -> bool:
        """False if no person has paused it for this company, or for all if ``subscriber`` is empty."""
        sql = "delete from pauses where subscriber = ? and flow = ? and by_ledger = 0"
        return await self._execute(sql, [subscriber, flow.value]) == 1

    async def end_of_ledger(self, subscriber: str) -> None:
        """A person has said that no other instance sends this company's orders; "" for what is stopped for all."""
        await self._execute("delete from pauses where by_ledger = 1 and subscriber = ?", [subscriber])

    async def all(self, now: float) -> list[Pause]:
        """Those that hold, of all companies."""
        # company: every one's, and those of all
        sql = """select subscriber, flow, since, until, reason, actor, by_ledger from pauses
            where until = 0 or until > ? order by subscriber, flow"""
        return await self._structs(Pause, sql, [now])

    async def of(self, subscriber: str, now: float) -> list[Pause]:
        """Those that hold for a company, its own and those of all."""
        return [one for one in await self.all(now) if one.subscriber in ("", subscriber)]


def _due_kinds(db: Sqlite, now: float) -> frozenset[str]:
    # company: every one's: the engine works for all
    sql = """with recursive kinds(kind) as (
            select min(kind) from work
            union all select (select min(work.kind) from work where work.kind > kinds.kind)
                from kinds where kind is not null)
        select kind from kinds where exists (select 1 from work
            where work.kind = kinds.kind and max(due_at, lease_until) <= ?)"""
    return frozenset(str(row["kind"]) for row in rows(db, sql, [now]))


def _is_due(db: Sqlite, kind: str, now: float) -> bool:
    """A look that costs little beside a claim."""
    # company: every one's: the engine works for all
    return bool(
        rows(db, "select 1 from work where kind = ? and max(due_at, lease_until) <= ? limit 1", [kind, now])
    )


def _claim(
    db: Sqlite, work_type: WorkType, places: Places, now: float, owner: str, until: float
) -> list[Work]:
    """A batch of one subscriber; empty if there is none."""
    shares = [("", work_type.batch)]
    if work_type.retried_at_once:
        shares = [(FIRST_TRIES, work_type.batch), (MORE_TRIES, work_type.retried_at_once)]
    given = {
        "now": now,
        "kind": work_type.kind,
        "busy": json.encode(places.busy(work_type.kind)).decode(),
        "without": json.encode(places.full(work_type)).decode(),
        "flow": work_type.flow or "",
        "owner": owner,
        "until": until,
    }
    for tries, limit in shares:
        if found := structs(Work, db, _claim_sql(tries, limit), given):
            number = work_type.number(db) if work_type.number else 0
            return [replace(work, number=number) for work in found] if number else found
    return []


@cache
def _claim_sql(tries: str, limit: int) -> str:
    """With its limits as literals: SQLite prepares a statement again, for ten times as long as it runs, each time that a
    bound value stands for a limit alone.
    """
    newest = limit // NEWEST
    names = {"tries": tries, "index": INDEX[tries], "paused": PAUSED.format("name")}
    return CLAIM.format(**names, oldest=limit - newest, newest=newest)


def _settle(db: Sqlite, ended: Sequence[Ended], owner: str, now: float) -> None:
    if done := [one.work for one in ended if one.again_at is None]:
        _finish(db, done, owner, now)
    if again := [one for one in ended if one.again_at is not None]:
        _put_back(db, again, owner, now)


def _finish(db: Sqlite, works: Sequence[Work], owner: str, now: float) -> None:
    gone = [(one.id, owner, one.generation) for one in works]
    # company: by the numbers of rows, each one company's
    db.conn.executemany("delete from work where id = ? and owner = ? and generation = ?", gone)
    db.conn.executemany(
        # company: as above
        """update work set lease_until = 0, owner = '', due_at = ?, error = '', failing_since = 0,
            needs_person = 0 where id = ? and owner = ?""",
        [(now, one.id, owner) for one in works],
    )


def _put_back(db: Sqlite, ended: Sequence[Ended], owner: str, now: float) -> None:
    """An ``error`` counts as a failed attempt."""
    db.conn.executemany(
        # company: by the numbers of rows, each one company's
        """update work set lease_until = 0, owner = '', due_at = ?, error = ?, needs_person = ?,
            attempts = case when ? = '' then 0 else attempts + 1 end,
            failing_since = case when ? = '' then 0 when failing_since = 0 then ? else failing_since end
            where id = ? and owner = ?""",
        [
            (one.again_at, one.error, int(one.needs_person), one.error, one.error, now, one.work.id, owner)
            for one in ended
        ],
    )
