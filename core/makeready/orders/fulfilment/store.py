"""Progress of orders in the MIS, and what of it the shop was told: state first, then the call.

What is about to be written in the shop is committed with its history before the call leaves, by a
change that only one of several processes can make.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from makeready_hooks.model.news import ShipmentNews
from msgspec import convert, json
from sqlite_utils import Database as Sqlite

from makeready.engine.observers.store import tell
from makeready.orders.fulfilment.model import LineProgress, ShipmentRow, ShipmentState, WatchedOrder
from makeready.orders.model import Cause, LineKey, LineState
from makeready.orders.store.transitions import note
from makeready.storage.part import StorePart
from makeready.storage.rows import rows
from makeready.times import from_seconds

PROGRESS = """select l.order_number, l.line, l.placed_at, s.key, s.environment, s.connector, s.far_end,
        s.mis_id, s.mis_number,
        coalesce(p.status, '') as status, coalesce(p.stage, '') as stage,
        coalesce(p.moving_to, '') as moving_to, coalesce(p.quiet_until, 0.0) as quiet_until,
        coalesce(p.refused, '') as refused, coalesce(p.notice, '') as notice,
        coalesce(p.finished, 0) as finished
    from order_lines l join submissions s on s.subscriber = l.subscriber and s.key = l.submission
    left join progress p
        on p.subscriber = l.subscriber and p.order_number = l.order_number and p.line = l.line
    where l.subscriber = ? and l.ambiguous = 0"""

IN_ORDER = "order by l.order_number, s.key, l.line"

THIS_LINE = "subscriber = ? and order_number = ? and line = ?"
THIS_SHIPMENT = "subscriber = ? and submission = ? and tracking = ?"


class Progress(StorePart):
    async def watched(self, subscriber: str, since: float) -> list[WatchedOrder]:
        """Orders accepted at or after ``since`` with lines that are not finished."""
        sql = f"{PROGRESS} and l.state = 'accepted' and l.updated_at >= ? and coalesce(p.finished, 0) = 0 {IN_ORDER}"
        found = await self._rows(sql, [subscriber, since])
        return list(_orders(subscriber, found))

    async def of_key(self, subscriber: str, key: str) -> WatchedOrder | None:
        """One order, finished or not; None if the MIS has not taken it."""
        sql = f"{PROGRESS} and l.submission = ? and +l.state = 'accepted' order by +l.line"  # +: by no index
        found = await self._rows(sql, [subscriber, key])
        return next(_orders(subscriber, found), None)

    async def statuses(self, subscriber: str) -> list[str]:
        """Those that the MIS's orders were in lately."""
        sql = """select distinct status from (select status from progress where subscriber = ? and status != ''
            order by rowid desc limit 5000) order by status"""
        found = await self._rows(sql, [subscriber])
        return [str(row["status"]) for row in found]

    async def shipments(self, subscriber: str, key: str) -> list[ShipmentRow]:
        """Every parcel of an order that was seen, in the order in which they were."""
        sql = """select submission, tracking, id, carrier, service, shipped_at, state, lines, error, quiet_until
            from shipments where subscriber = ? and submission = ? order by rowid"""
        found = await self._rows(sql, [subscriber, key])
        return [convert(row | {"lines": json.decode(row["lines"])}, ShipmentRow) for row in found]

    async def newest_written(self, subscriber: str, limit: int) -> list[tuple[str, int, str]]:
        """Parcels that the shop certainly took: on which item of which order, and the tracking number of each."""
        sql = """select l.order_number, min(l.line) as line, s.tracking from shipments s
            join order_lines l on l.subscriber = s.subscriber and l.submission = s.submission and l.ambiguous = 0
            where s.subscriber = ? and s.state = 'written' group by s.rowid order by s.rowid desc limit ?"""
        found = await self._rows(sql, [subscriber, limit])
        return [(row["order_number"], row["line"], row["tracking"]) for row in found]

    async def see_status(self, order: WatchedOrder, status: str, at: float) -> None:
        """Keep the MIS's status of an order, with a line in the history where it is new."""

        def change(db: Sqlite) -> None:
            for line in order.lines:
                key = _key(order, line.line)
                if _update(db, key, "status = ?", [status], "status != ?", [status]):
                    _note(db, key, Cause(f"the MIS says: {status}", at))

        await self._database.write(change)

    async def begin_move(
        self, order: WatchedOrder, line: LineProgress, stage: str, *, quiet_until: float, cause: Cause
    ) -> bool:
        """Commit the intent to move a line's item. False if it stands elsewhere by now than ``line`` says."""

        def change(db: Sqlite) -> bool:
            key = _key(order, line.line)
            before = [line.stage, line.moving_to, line.quiet_until]
            begun = _update(
                db,
                key,
                "moving_to = ?, quiet_until = ?, refused = '', notice = ''",
                [stage, quiet_until],
                "stage = ? and moving_to = ? and quiet_until = ?",
                before,
            )
            if begun:
                _note(db, key, cause)
            return begun

        return await self._database.write(change)

    async def end_move(
        self,
        order: WatchedOrder,
        line: int,
        *,
        cause: Cause,
        moving_to: str = "",
        stage: str | None = None,
        refused: str = "",
        notice: str = "",
    ) -> None:
        """The open move ``moving_to`` is over: the item is at ``stage``, or where it was if that is None.

        Nothing is changed if another move is open by now. ``refused`` is a stage that cannot be reached,
        ``notice`` what a person should know.
        """

        def change(db: Sqlite) -> None:
            key = _key(order, line)
            ended = _update(
                db,
                key,
                "stage = coalesce(?, stage), moving_to = '', quiet_until = 0.0, refused = ?, notice = ?",
                [stage, refused, notice],
                "moving_to = ?",
                [moving_to],
            )
            if ended:
                _note(db, key, cause.with_reason(notice))

        await self._database.write(change)

    async def finish(self, order: WatchedOrder) -> None:
        """It is not looked at on schedule any more."""

        def change(db: Sqlite) -> None:
            for line in order.lines:
                _update(db, _key(order, line.line), "finished = 1", [])

        await self._database.write(change)

    async def begin_shipment(
        self, order: WatchedOrder, shipment: ShipmentRow, *, quiet_until: float, cause: Cause
    ) -> bool:
        """Commit the intent to write a parcel. False if it is written, or another process is about to."""

        def change(db: Sqlite) -> bool:
            begun = db.execute(
                """insert into shipments (subscriber, submission, tracking, carrier, shipped_at, id, service, lines,
                    state, error, quiet_until) values (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)
                on conflict do update set state = excluded.state, error = '', quiet_until = excluded.quiet_until
                where state = ? or (state = ? and quiet_until <= ?)""",
                [
                    *(order.subscriber, order.key, shipment.tracking, shipment.carrier, shipment.shipped_at),
                    *(shipment.id, shipment.service, json.encode(shipment.lines).decode()),
                    *(ShipmentState.WRITING.value, quiet_until),
                    *(ShipmentState.DUE.value, ShipmentState.WRITING.value, cause.at),
                ],
            )
            if begun.rowcount:
                _note_all(db, order, cause)
            return bool(begun.rowcount)

        return await self._database.write(change)

    async def end_shipment(
        self, order: WatchedOrder, tracking: str, state: ShipmentState, *, cause: Cause, error: str = ""
    ) -> None:
        """It is known how writing a parcel went."""

        def change(db: Sqlite) -> None:
            db.execute(
                f"update shipments set state = ?, error = ?, quiet_until = 0.0 where {THIS_SHIPMENT}",
                [state.value, error, order.subscriber, order.key, tracking],
            )
            _note_all(db, order, cause.with_reason(error))
            if state is ShipmentState.WRITTEN:
                _tell(db, order, tracking, cause.at)

        await self._database.write(change)


def _tell(db: Sqlite, order: WatchedOrder, tracking: str, at: float) -> None:
    key = [order.subscriber, order.key, tracking]
    [parcel] = rows(db, f"select carrier, lines from shipments where {THIS_SHIPMENT}", key)
    news = ShipmentNews(
        order_number=order.order_number,
        lines=tuple(one["line"] for one in json.decode(parcel["lines"]))
        or tuple(line.line for line in order.lines),
        tracking=tracking,
        carrier=parcel["carrier"],
        at=from_seconds(at),
    )
    tell(db, order.subscriber, "shipment_recorded", f"{order.key} {tracking}", news, at)


def _orders(subscriber: str, found: Sequence[dict[str, Any]]) -> Iterator[WatchedOrder]:
    """Each row is a line, with its order."""
    for _, group in groupby(found, key=lambda row: str(row["key"])):
        lines = list(group)
        yield convert(lines[0] | {"subscriber": subscriber, "lines": lines}, WatchedOrder, strict=False)


def _key(order: WatchedOrder, line: int) -> LineKey:
    return LineKey(order.subscriber, order.order_number, line)


def _update(
    db: Sqlite,
    key: LineKey,
    change: str,
    values: Sequence[Any],
    where: str = "",
    expected: Sequence[Any] = (),
) -> bool:
    """Change a line's progress if it is as expected; a line that has none yet gets its row first."""
    db.execute(
        "insert into progress (subscriber, order_number, line) values (?, ?, ?) on conflict do nothing", key
    )
    sql = f"update progress set {change} where {THIS_LINE}" + (f" and {where}" if where else "")
    return bool(db.execute(sql, [*values, *key, *expected]).rowcount)


def _note_all(db: Sqlite, order: WatchedOrder, cause: Cause) -> None:
    for line in order.lines:
        _note(db, _key(order, line.line), cause)


def _note(db: Sqlite, key: LineKey, cause: Cause) -> None:
    note(db, key, LineState.ACCEPTED, LineState.ACCEPTED, cause)
