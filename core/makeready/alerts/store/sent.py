"""What the watch remembers: what people were told through which channel, and moments it compares with."""

from collections.abc import Mapping, Sequence

from sqlite_utils import Database as Sqlite

from makeready.alerts.model import SentAlert
from makeready.storage.database import Storage
from makeready.storage.rows import rows, structs


class SentAlerts:
    def __init__(self, database: Storage) -> None:
        self._database = database

    async def told(self, subscriber: str, channel: str) -> dict[str, SentAlert]:
        """What people take to be so, by its topic."""
        sql = "select topic, title, since, told_at from sent_alerts where subscriber = ? and channel = ?"
        found = await self._database.read(lambda db: structs(SentAlert, db, sql, [subscriber, channel]))
        return {one.topic: one for one in found}

    async def keep(
        self, subscriber: str, channel: str, told: Sequence[SentAlert], over: Sequence[str] = ()
    ) -> None:
        """People know of these, and that those topics are over."""

        def change(db: Sqlite) -> None:
            for topic in over:
                forget = "delete from sent_alerts where subscriber = ? and channel = ? and topic = ?"
                db.execute(forget, [subscriber, channel, topic])
            for one in told:
                db.execute(
                    """insert or replace into sent_alerts (subscriber, channel, topic, title, since, told_at)
                    values (?, ?, ?, ?, ?, ?)""",
                    [subscriber, channel, one.topic, one.title, one.since, one.told_at],
                )

        await self._database.write(change)

    async def checkpoints(self, subscriber: str) -> dict[str, float]:
        """Moments that were kept, by their names."""
        sql = "select name, at from checkpoints where subscriber = ?"
        found = await self._database.read(lambda db: rows(db, sql, [subscriber]))
        return {str(row["name"]): float(row["at"]) for row in found}

    async def save_checkpoints(self, subscriber: str, moments: Mapping[str, float]) -> None:
        sql = "insert or replace into checkpoints (subscriber, name, at) values (?, ?, ?)"

        def change(db: Sqlite) -> None:
            for name, at in moments.items():
                db.execute(sql, [subscriber, name, at])

        await self._database.write(change)
