"""What goes on, as it is looked at: calls that were made, webhooks that came, work that is to be done."""

from collections.abc import Collection
from typing import NamedTuple

from makeready.engine.model import FailingWork
from makeready.installation import Installation
from makeready.outbound.model import CallRow
from makeready.storage.part import StorePart
from makeready.storage.rows import marks, rows
from makeready.webhooks.model import Delivery, RefusedDelivery
from msgspec import Struct, convert
from sqlite_utils import Database as Sqlite

CALL = "subscriber, connector, at, host, method, path, status, error, ms, size"


class CallPosition(NamedTuple):
    """Where a page of the list ended."""

    at: float
    id: int


class KeptCall(CallRow, frozen=True, kw_only=True):
    id: int


class CallFilter(Struct, frozen=True, kw_only=True):
    """Which calls: every condition that is given."""

    connector: str = ""
    failed: bool = False
    slower_ms: float = 0.0
    start: float | None = None
    end: float | None = None


class Activity(StorePart):
    async def calls(
        self, subscriber: str, wanted: CallFilter, *, limit: int, after: CallPosition | None = None
    ) -> list[KeptCall]:
        """The newest first."""
        where, values = _conditions(subscriber, wanted, after)
        # company: the first of the conditions names it
        sql = f"""select id, {CALL} from calls indexed by calls_by_time
            where {where} order by at desc, id desc limit ?"""
        return await self._structs(KeptCall, sql, [*values, limit])

    async def webhooks(
        self, subscriber: str, limit: int, *, before: tuple[float, int] | None = None
    ) -> list[Delivery]:
        """The newest first; after a page, those before this moment and number."""
        term = "and (received_at, id) < (?, ?)" if before else ""
        sql = f"""select id, key, plain(body) as body, event, order_number, received_at from deliveries
            where subscriber = ? {term} order by received_at desc, id desc limit ?"""
        return await self._structs(Delivery, sql, [subscriber, *(before or ()), limit])

    async def refused_webhooks(
        self, subscriber: str, limit: int, *, before: int = 0
    ) -> list[RefusedDelivery]:
        """The newest first; after a page, those with smaller numbers than ``before``."""
        term, values = ("and id < ?", [before]) if before else ("", [])
        sql = f"""select id, connector, received_at, reason, body from refused_deliveries
            where subscriber = ? {term} order by id desc limit ?"""
        return await self._structs(RefusedDelivery, sql, [subscriber, *values, limit])

    async def due(
        self, subscriber: str, limit: int, *, unscheduled: Collection[str] = (), skip: int = 0
    ) -> list[FailingWork]:
        """What is to be done, the soonest first, whether it went wrong before or not; of the kinds in
        ``unscheduled`` not the row that comes again on a schedule.
        """
        sql = f"""select id, kind, key, failing_since, error, due_at, needs_person from work
            where subscriber = ? and kind = ? and not (key = '' and kind in ({marks(unscheduled)}))
            order by due_at, id limit ?"""

        def read(db: Sqlite) -> list[FailingWork]:
            """The first of each kind: an index has these in order."""
            kinds = rows(db, "select distinct kind from work where subscriber = ?", [subscriber])
            each = [[subscriber, kind["kind"], *unscheduled, limit + skip] for kind in kinds]
            found = [row for values in each for row in rows(db, sql, values)]
            found.sort(key=lambda row: (row["due_at"], row["id"]))
            return [convert(row, FailingWork, strict=False) for row in found[skip : skip + limit]]

        return await self._database.read(read)

    async def scheduled(self, subscriber: str, kinds: Collection[str]) -> list[FailingWork]:
        """The rows of these kinds that come again on a schedule."""
        sql = f"""select kind, key, failing_since, error, due_at, needs_person from work
            where subscriber = ? and key = '' and kind in ({marks(kinds)})"""
        return await self._structs(FailingWork, sql, [subscriber, *kinds])


def _conditions(
    subscriber: str, wanted: CallFilter, after: CallPosition | None
) -> tuple[str, list[str | float]]:
    given: dict[str, str | float] = {
        "subscriber = ?": subscriber,
        "connector = ?": wanted.connector,
        "failed = ?": int(wanted.failed),
        "ms >= ?": wanted.slower_ms,
        "at >= ?": wanted.start or 0.0,
        "at < ?": wanted.end or 0.0,
    }
    chosen = {condition: value for condition, value in given.items() if value}
    values = list(chosen.values())
    where = " and ".join(chosen)
    if after is not None:
        where += " and at <= ? and (at < ? or id < ?)"
        values += [after.at, after.at, after.id]
    return where, values


def activity_of(installation: Installation) -> Activity:
    return Activity(installation.store.database)
