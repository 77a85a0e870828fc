"""What people were told through which channel."""

from collections.abc import Mapping, Sequence

from makeready.installation import Installation
from makeready.orders.artwork.model import FileRow
from makeready.orders.model import LineRow, UnreadableOrder
from makeready.storage.database import TransactionStep
from makeready.storage.part import StorePart
from makeready.storage.rows import rows, structs
from sqlite_utils import Database as Sqlite

from makeready_alerts.model import SentAlert

UNSENT = "instr(' ' || notified, ' ' || ? || ' ') = 0"
"""Not through the channel of this name. The column ``notified`` of a row holds names of channels, each ended by a space:
text, since extensions add channels. A row that changes is told of again, so whoever changes it empties the column.
"""
NOTIFY = "notified = notified || ? || ' '"


class SentAlerts(StorePart):
    async def sent(self, subscriber: str, channel: str) -> dict[str, SentAlert]:
        """What people take to be so, by its topic."""
        sql = "select topic, title, since, told_at from sent_alerts where subscriber = ? and channel = ?"
        found = await self._database.read(lambda db: structs(SentAlert, db, sql, [subscriber, channel]))
        return {one.topic: one for one in found}

    async def keep(
        self,
        subscriber: str,
        channel: str,
        told: Sequence[SentAlert],
        over: Sequence[str] = (),
        *,
        news: Mapping[str, TransactionStep] = {},
    ) -> None:
        """People know of these, and that those topics are over. ``news``: by topic, what tells observers, with the first
        channel.
        """

        def change(db: Sqlite) -> None:
            for topic in over:
                delete = "delete from sent_alerts where subscriber = ? and channel = ? and topic = ?"
                db.execute(delete, [subscriber, channel, topic])
            for one in told:
                if one.topic in news and not _is_known(db, subscriber, one.topic):
                    news[one.topic](db)
                db.execute(
                    """insert or replace into sent_alerts (subscriber, channel, topic, title, since, told_at)
                    values (?, ?, ?, ?, ?, ?)""",
                    [subscriber, channel, one.topic, one.title, one.since, one.told_at],
                )

        await self._database.write(change)


def _is_known(db: Sqlite, subscriber: str, topic: str) -> bool:
    known = "select 1 from sent_alerts where subscriber = ? and topic = ? limit 1"
    return bool(rows(db, known, [subscriber, topic]))


class Unsent(StorePart):
    """What needs attention, and who knows of it."""

    async def lines(self, subscriber: str, channel: str) -> list[LineRow]:
        """Lines that need attention, or that the shop changed after they were sent, and that were not told
        through this channel yet; oldest first.
        """
        sql = f"""select * from order_lines indexed by lines_by_state
                where subscriber = ? and state in ('refused', 'parked') and {UNSENT}
            union select * from order_lines indexed by lines_unseen
                where subscriber = ? and notice != '' and seen = 0 and {UNSENT}
            order by updated_at, order_number, line"""
        return await self._structs(LineRow, sql, [subscriber, channel, subscriber, channel])

    async def unreadable(self, subscriber: str, channel: str) -> list[UnreadableOrder]:
        """Orders that cannot be read, and that were not told through this channel yet."""
        sql = (
            f"select * from unreadable_orders where subscriber = ? and {UNSENT} order by since, order_number"
        )
        return await self._structs(UnreadableOrder, sql, [subscriber, channel])

    async def files(self, subscriber: str, channel: str) -> list[FileRow]:
        """Files that need attention and were not told through this channel yet, oldest first."""
        sql = f"""select * from files where subscriber = ? and state in ('failed', 'in_doubt', 'withdrawn') and {UNSENT}
            order by updated_at, submission, line"""
        return await self._structs(FileRow, sql, [subscriber, channel])

    async def note(
        self,
        lines: Sequence[LineRow],
        files: Sequence[FileRow],
        orders: Sequence[UnreadableOrder],
        channel: str,
    ) -> None:
        """People know of these. What has moved since is told of again."""
        of_line = f"""update order_lines set {NOTIFY}
            where subscriber = ? and order_number = ? and line = ? and updated_at = ?"""
        of_file = f"""update files set {NOTIFY}
            where subscriber = ? and submission = ? and line = ? and url = ? and updated_at = ?"""

        of_order = f"""update unreadable_orders set {NOTIFY}
            where subscriber = ? and order_number = ? and problem = ?"""

        def change(db: Sqlite) -> None:
            for one in orders:
                db.execute(of_order, [channel, one.subscriber, one.order_number, one.problem])
            for line in lines:
                key = [line.subscriber, line.order_number, line.line, line.updated_at]
                db.execute(of_line, [channel, *key])
            for file in files:
                db.execute(
                    of_file, [channel, file.subscriber, file.submission, file.line, file.url, file.updated_at]
                )

        await self._database.write(change)


def sent_alerts_of(installation: Installation) -> SentAlerts:
    return SentAlerts(installation.store.database)


def unsent_of(installation: Installation) -> Unsent:
    return Unsent(installation.store.database)
