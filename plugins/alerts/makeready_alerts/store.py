"""What people were told through which channel."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import structs
from sqlite_utils import Database as Sqlite

from makeready_alerts.model import SentAlert


class SentAlerts(StorePart):
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


def sent_alerts_of(installation: Installation) -> SentAlerts:
    return SentAlerts(installation.store.database)
