"""Webhooks as they came in: stored before they are answered, each message once."""

import asyncio
from collections.abc import Callable, Sequence, Set
from functools import partial
from typing import NamedTuple

from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork
from makeready.engine.store import enqueue
from makeready.storage.database import Storage
from makeready.storage.errors import StateFileError
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, rows
from makeready.webhooks.model import Delivery, RefusedDelivery

Announce = Callable[[Sqlite, Sequence[tuple[str, str]]], None]
"""What was read of these orders (company and number) before may be old: noted inside the change."""
TURNS = 2
"""In one a call is read, in the next it comes here."""
MOST_TOGETHER = 64

_Key = tuple[str, str, str]
"""Company, connector, and the delivery's own."""


class _Arrived(NamedTuple):
    """A delivery of a company's connector, the work that it asks for, and whether it tells of a change of its order."""

    key: _Key
    delivery: Delivery
    now: float
    work: NewWork | None
    announces: bool
    is_fresh: "asyncio.Future[bool]"


class _Batch:
    """Those that arrive while the file is busy with the ones before: kept together, in a change that costs little more
    than one of them. The first one's caller makes it, and tells the others.
    """

    def __init__(self, first: _Arrived) -> None:
        self.arrived = [first]

    def tell(self, outcome: Set[_Key] | Exception) -> None:
        for one in self.arrived[1:]:
            if one.is_fresh.done():  # whoever waited has been cancelled
                continue
            if isinstance(outcome, Exception):
                one.is_fresh.set_exception(outcome)
            else:
                one.is_fresh.set_result(one.key in outcome)


async def _others(batch: _Batch) -> None:
    """Wait as long as more come: a change costs as much as ten of them, some turns of the loop cost nothing."""
    count, in_vain = 0, 0
    while in_vain < TURNS and len(batch.arrived) < MOST_TOGETHER:
        await asyncio.sleep(0)
        in_vain = in_vain + 1 if len(batch.arrived) == count else 0
        count = len(batch.arrived)


class Inbox(StorePart):
    def __init__(self, database: Storage, announce: Announce) -> None:
        super().__init__(database)
        self._announce = announce
        self._gathering: _Batch | None = None

    async def receive(
        self,
        subscriber: str,
        connector: str,
        delivery: Delivery,
        *,
        now: float,
        work: NewWork | None,
        announces: bool = False,
    ) -> bool:
        """Keep a delivery and ask for the work that it causes, in one commit.

        ``announces``: what was read of its order before may be old.
        Returns False if this message was kept before; then nothing is asked for again.
        """
        is_fresh: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        key = subscriber, connector, delivery.key
        one = _Arrived(key, delivery, now, work, announces, is_fresh)
        if (batch := self._gathering) is not None:
            batch.arrived.append(one)
            return await is_fresh
        batch = self._gathering = _Batch(one)
        try:
            await _others(batch)
            fresh = await self._database.write(partial(self._keep, batch))
        except BaseException as exc:
            batch.tell(exc if isinstance(exc, Exception) else StateFileError("interrupted"))
            raise
        finally:
            self._end(batch)
        batch.tell(fresh)
        return key in fresh

    def _end(self, batch: _Batch) -> None:
        if self._gathering is batch:
            self._gathering = None

    def _keep(self, batch: _Batch, db: Sqlite) -> Set[_Key]:
        self._end(batch)
        # company: every one's, for a number
        [last] = rows(db, "select coalesce(max(id), 0) as id from deliveries")
        kept = db.conn.executemany(
            """insert into deliveries (subscriber, connector, key, body, event, order_number, received_at)
            values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
            [
                (*one.key, one.delivery.body, one.delivery.event, one.delivery.order_number, one.now)
                for one in batch.arrived
            ],
        ).rowcount
        new = batch.arrived
        fresh: Set[_Key] = {one.key for one in new}
        if kept < len(new):
            # company: of each row its own
            sql = "select subscriber, connector, key from deliveries where id > ?"
            fresh = {(row["subscriber"], row["connector"], row["key"]) for row in rows(db, sql, [last["id"]])}
            new = [one for one in new if one.key in fresh]
        enqueue(db, *(one.work for one in new if one.work is not None))
        self._announce(db, [(one.key[0], one.delivery.order_number) for one in new if one.announces])
        return fresh

    async def refuse(self, subscriber: str, refused: RefusedDelivery, *, kept: int) -> None:
        """Keep a webhook that was not accepted, and no more of them than ``kept``."""
        bound = """delete from refused_deliveries where subscriber = ? and id <= (
            select id from refused_deliveries where subscriber = ? order by id desc limit 1 offset ?)"""

        def change(db: Sqlite) -> None:
            insert(db, "refused_deliveries", refused, without={"id"}, subscriber=subscriber)
            db.execute(bound, [subscriber, subscriber, kept])

        await self._database.write(change)

    async def of_order(self, subscriber: str, order_number: str) -> list[Delivery]:
        """What came in about an order, oldest first."""
        sql = """select key, plain(body) as body, event, order_number, received_at from deliveries
            where subscriber = ? and order_number = ? order by id"""
        return await self._structs(Delivery, sql, [subscriber, order_number])

    async def last_received_at(self, subscriber: str, now: float) -> float:
        """When the last webhook came in; 0 if none did. Not what was noted while the clock stood ahead."""
        sql = """select received_at as at from deliveries where subscriber = ? and received_at <= ?
            order by received_at desc limit 1"""
        found = await self._rows(sql, [subscriber, now])
        return float(found[0]["at"]) if found else 0.0

    async def forget(self, subscriber: str, until: float, limit: int) -> int:
        """Delete so many that came before, and tell how many it were. The last one stays: it tells when any came."""
        # company: the selects within name it
        sql = """delete from deliveries where id in (
            select id from deliveries where subscriber = ? and received_at < ? and received_at < (
                select max(received_at) from deliveries where subscriber = ?) order by received_at limit ?)"""
        return await self._execute(sql, [subscriber, until, subscriber, limit])
