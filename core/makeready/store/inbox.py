"""Webhooks as they came in: stored before they are answered, each message once."""

from sqlite_utils import Database as Sqlite

from makeready.records import Delivery
from makeready.store.database import Storage
from makeready.store.rows import rows, structs
from makeready.store.work import NewWork, enqueue


class Inbox:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def receive(
        self, subscriber: str, connector: str, delivery: Delivery, *, now: float, work: NewWork | None
    ) -> bool:
        """Keep a delivery and ask for the work that it causes, in one commit.

        Returns False if this message was kept before; then nothing is asked for again.
        """

        def change(db: Sqlite) -> bool:
            cursor = db.execute(
                """insert into deliveries (subscriber, connector, key, body, event, order_number, received_at)
                values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
                [
                    subscriber,
                    connector,
                    delivery.key,
                    delivery.body,
                    delivery.event,
                    delivery.order_number,
                    now,
                ],
            )
            fresh = cursor.rowcount == 1
            if fresh and work is not None:
                enqueue(db, work)
            return fresh

        return await self._database.write(change)

    async def of_order(self, subscriber: str, order_number: str) -> list[Delivery]:
        """What came in about an order, oldest first."""
        sql = """select key, body, event, order_number, received_at from deliveries
            where subscriber = ? and order_number = ? order by id"""
        return await self._database.read(lambda db: structs(Delivery, db, sql, [subscriber, order_number]))

    async def last_received_at(self, subscriber: str) -> float:
        """When the last webhook came in; 0 if none did."""
        sql = (
            "select received_at as at from deliveries where subscriber = ? order by received_at desc limit 1"
        )
        found = await self._database.read(lambda db: rows(db, sql, [subscriber]))
        return float(found[0]["at"]) if found else 0.0
