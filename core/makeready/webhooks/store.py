"""Webhooks as they came in: stored before they are answered, each message once."""

from sqlite_utils import Database as Sqlite

from makeready.engine.model import NewWork
from makeready.engine.store import enqueue
from makeready.storage.database import TransactionStep
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, structs
from makeready.webhooks.model import Delivery, Received, RefusedDelivery


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

    async def refused(self, subscriber: str, limit: int, *, before: int = 0) -> list[RefusedDelivery]:
        """The newest first; after a page, those with smaller numbers than ``before``."""
        term, values = ("and id < ?", [before]) if before else ("", [])
        sql = f"""select id, connector, received_at, reason, body from refused_deliveries
            where subscriber = ? {term} order by id desc limit ?"""
        return await self._structs(RefusedDelivery, sql, [subscriber, *values, limit])

    async def recent(
        self, subscriber: str, limit: int, *, before: tuple[float, int] | None = None
    ) -> list[Delivery]:
        """The newest first; after a page, those before this moment and number."""
        term = "and (received_at, id) < (?, ?)" if before else ""
        sql = f"""select id, key, body, event, order_number, received_at from deliveries
            where subscriber = ? {term} order by received_at desc, id desc limit ?"""
        return await self._database.read(
            lambda db: structs(Delivery, db, sql, [subscriber, *(before or ()), limit])
        )

    async def of_order(self, subscriber: str, order_number: str) -> list[Delivery]:
        """What came in about an order, oldest first."""
        sql = """select key, body, event, order_number, received_at from deliveries
            where subscriber = ? and order_number = ? order by id"""
        return await self._structs(Delivery, sql, [subscriber, order_number])

    async def since(self, subscriber: str, at: float) -> Received:
        """How many came in since a moment. Of the refused ones only the last few hundred are kept."""
        sql = """select (select count(*) from deliveries where subscriber = ? and received_at >= ?) as taken,
            (select count(*) from refused_deliveries where subscriber = ? and received_at >= ?) as refused"""
        [found] = await self._structs(Received, sql, [subscriber, at, subscriber, at])
        return found

    async def last_received_at(self, subscriber: str) -> float:
        """When the last webhook came in; 0 if none did."""
        sql = (
            "select received_at as at from deliveries where subscriber = ? order by received_at desc limit 1"
        )
        found = await self._rows(sql, [subscriber])
        return float(found[0]["at"]) if found else 0.0
