"""SQL of the history of alerts: what was raised, when it was over, who was told and whether that came through."""

from collections.abc import Sequence
from typing import NamedTuple

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import insert, structs
from msgspec.structs import asdict
from sqlite_utils import Database as Sqlite

from makeready_alerts.model import Alert, KeptAlert, Telling

ALERT = "topic, raised_at, kind, title, text, over_at"
TELLING = "topic, raised_at, channel, said, whom, at, tries, error"


class Place(NamedTuple):
    """Where a page of the list ended."""

    raised_at: float
    topic: str


class AlertHistory(StorePart):
    async def lasting(self, subscriber: str) -> list[Alert]:
        """Alarms that are not over yet."""
        sql = f"select {ALERT} from alert_history where subscriber = ? and over_at = 0 order by raised_at"
        return await self._structs(Alert, sql, [subscriber])

    async def raised_at(self, subscriber: str, topic: str) -> float:
        """When it was raised the last time; 0 if it never was."""
        sql = "select raised_at from alert_history where subscriber = ? and topic = ? order by raised_at desc limit 1"
        found = await self._rows(sql, [subscriber, topic])
        return float(found[0]["raised_at"]) if found else 0.0

    async def keep(
        self, subscriber: str, raised: Sequence[Alert], over: Sequence[str], *, now: float, before: float
    ) -> None:
        """What has begun, and topics that are over. One that comes again from the same moment goes on. What was raised
        ``before`` a moment is forgotten, unless it lasts."""

        def change(db: Sqlite) -> None:
            for topic in over:
                end = (
                    "update alert_history set over_at = ? where subscriber = ? and topic = ? and over_at = 0"
                )
                db.execute(end, [now, subscriber, topic])
            for one in raised:
                again = """update alert_history set over_at = ?, title = ?, text = ?
                    where subscriber = ? and topic = ? and raised_at = ?"""
                key = [subscriber, one.topic, one.raised_at]
                if not db.execute(again, [one.over_at, one.title, one.text, *key]).rowcount:
                    insert(db, "alert_history", one, subscriber=subscriber)
            _forget(db, subscriber, before)

        await self._database.write(change)

    async def note(self, subscriber: str, tellings: Sequence[Telling]) -> None:
        """What came of telling. Tries that failed before are counted on."""

        def change(db: Sqlite) -> None:
            for one in tellings:
                values = asdict(one) | {"subscriber": subscriber}
                db.conn.execute(
                    f"""insert into alert_tellings (subscriber, {TELLING})
                    values (:subscriber, :topic, :raised_at, :channel, :said, :whom, :at, :tries, :error)
                    on conflict do update set whom = excluded.whom, at = excluded.at, error = excluded.error,
                        tries = tries + excluded.tries""",
                    values,
                )

        await self._database.write(change)

    async def forget_failed(self, subscriber: str, channel: str, kind: str, *, but: str) -> int:
        """What a channel could not tell before, since the message of the topic ``but`` has it as well; how many tries
        that were."""

        def change(db: Sqlite) -> int:
            failed = """select t.topic from alert_tellings t join alert_history h using (subscriber, topic, raised_at)
                where t.subscriber = ? and h.kind = ? and t.channel = ? and t.error != '' and t.topic != ?"""
            key = [subscriber, kind, channel, but]
            sql = f"""delete from alert_tellings where subscriber = ? and channel = ? and topic in ({failed})
                returning tries"""
            tries: int = sum(
                int(row[0]) for row in db.conn.execute(sql, [subscriber, channel, *key]).fetchall()
            )
            nobody = """delete from alert_history where subscriber = ? and kind = ? and topic != ? and not exists (
                select 1 from alert_tellings t where t.subscriber = ? and t.topic = alert_history.topic)"""
            db.execute(nobody, [subscriber, kind, but, subscriber])
            return tries

        return await self._database.write(change)

    async def page(self, subscriber: str, limit: int, after: Place | None = None) -> list[KeptAlert]:
        """The newest first."""
        term = "and (raised_at, topic) < (?, ?)" if after else ""
        sql = f"""select {ALERT} from alert_history where subscriber = ? {term}
            order by raised_at desc, topic desc limit ?"""
        told = f"select {TELLING} from alert_tellings where subscriber = ? and topic = ? and raised_at = ? order by at"

        def read(db: Sqlite) -> list[KeptAlert]:
            found = structs(Alert, db, sql, [subscriber, *(after or ()), limit])
            return [
                KeptAlert(
                    **asdict(one),
                    tellings=tuple(structs(Telling, db, told, [subscriber, one.topic, one.raised_at])),
                )
                for one in found
            ]

        return await self._database.read(read)

    async def last_telling(self, subscriber: str, channel: str) -> Telling | None:
        """The newest of a channel."""
        sql = f"""select {TELLING} from alert_tellings where subscriber = ? and channel = ?
            order by at desc limit 1"""
        return await self._first(Telling, sql, [subscriber, channel])


def _forget(db: Sqlite, subscriber: str, before: float) -> None:
    told = """delete from alert_tellings where subscriber = ? and (topic, raised_at) in (
        select topic, raised_at from alert_history where subscriber = ? and raised_at < ? and over_at != 0)"""
    db.execute(told, [subscriber, subscriber, before])
    old = "delete from alert_history where subscriber = ? and raised_at < ? and over_at != 0"
    db.execute(old, [subscriber, before])


def history_of(installation: Installation) -> AlertHistory:
    return AlertHistory(installation.store.database)
