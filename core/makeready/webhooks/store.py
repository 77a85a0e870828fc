"""Webhooks as they came in: stored before they are answered, each message once."""

from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork
from makeready.engine.store import enqueue
from makeready.storage.database import TransactionStep
from makeready.storage.part import StorePart
from makeready.storage.rows import insert
from makeready.webhooks.model import Delivery, RefusedDelivery


class Inbox(StorePart):
    async def receive(
        self,
        subscriber: str,
        connector: str,
        delivery: Delivery,
        *,
        now: float,
        work: NewWork | None,
        also: TransactionStep | None = None,
    ) -> bool:
        """Keep a delivery and ask for the work that it causes, in one commit.

        ``also``: what another room has to keep of a message that is new.
        Returns False if this message was kept before; then nothing is asked for again.
        """

        def change(db: Sqlite) -> bool:
            fresh = insert(
                db,
                "deliveries",
                delivery,
                without={"id"},
                subscriber=subscriber,
                connector=connector,
                received_at=now,
            )
            if fresh and work is not None:
                enqueue(db, work)
            if fresh and also is not None:
                also(db)
            return fresh

        return await self._database.write(change)

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
