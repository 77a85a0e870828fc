"""What is counted of all companies in one statement each: the page costs as many questions for two hundred as for one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from makeready.attention.model import AttentionCounts
from makeready.engine.model import FailingWork
from makeready.installation import Installation
from makeready.orders.model import SYSTEM_ACTOR
from makeready.outbound.model import KindOfCall
from makeready.storage.part import StorePart
from makeready.storage.rows import marks
from msgspec import Struct

from makeready_admin.inbox.marks import RESTS

ASKED = "from json_each(?) c"
"""The companies, each with moments of its own: days begin in its time zone."""
NAME, MIDNIGHT, YESTERDAY, LATE = (f"c.value ->> {place}" for place in range(4))
IN_STATE = "order_lines l indexed by lines_by_state where l.subscriber = {name} and l.state in ({states})"


class Asked(Struct, frozen=True, array_like=True):
    """A company, and since when its figures count."""

    name: str
    midnight: float
    yesterday: float
    """The midnight before."""
    late: float
    """Orders that wait for an approval or a stage and were placed before it are told of; 0 for none."""


class OrdersNow(Struct, frozen=True, kw_only=True):
    """Counts of orders."""

    in_mis: int
    """Since midnight."""
    on_the_way: int
    stuck: int
    """Rejected or unconfirmed, however long."""
    unreadable: int
    sent: int
    """Taken by the MIS since the midnight before, as the next two."""
    newly_stuck: int
    ended: int
    """They were stuck, and are not."""


class Moments(Struct, frozen=True, kw_only=True):
    """Of a company; 0 for never."""

    last_accepted_at: float
    last_placed_at: float
    last_webhook_at: float


class Waiting(Struct, frozen=True, kw_only=True):
    counts: AttentionCounts
    resting: int
    """Of the lines, those that people let rest."""

    @property
    def total(self) -> int:
        return self.counts.total - self.resting


def _in_state(*states: str) -> str:
    return IN_STATE.format(name=NAME, states=", ".join(f"'{one}'" for one in states))


# company: each of the companies that are asked for, here and below
ORDERS = f"""select {NAME} as name,
    (select count(distinct l.order_number) from {_in_state("accepted")} and l.updated_at >= {MIDNIGHT}) as in_mis,
    (select count(distinct l.order_number) from {_in_state("ready", "submitting", "in_doubt")}) as on_the_way,
    (select count(distinct l.order_number) from {_in_state("refused", "parked")}) as stuck,
    (select count(*) from unreadable_orders u where u.subscriber = {NAME}) as unreadable,
    (select count(distinct l.order_number) from {_in_state("accepted")} and l.updated_at >= {YESTERDAY}) as sent,
    (select count(distinct l.order_number) from {_in_state("refused", "parked")}
        and l.updated_at >= {YESTERDAY}) as newly_stuck,
    (select count(distinct l.order_number) from {_in_state("accepted", "ignored", "cancelled", "ready")}
        and l.updated_at >= {YESTERDAY} and exists (select 1 from history h where h.subscriber = l.subscriber
            and h.order_number = l.order_number and h.line = l.line and h.at >= {YESTERDAY}
            and h.from_state in ('refused', 'parked'))) as ended
    {ASKED}"""
# company: as above
WAITING = f"""select {NAME} as name,
    (select count(*) from {_in_state("refused")}) as refused,
    (select count(*) from {_in_state("parked")}) as parked,
    (select count(*) from order_lines l indexed by lines_unseen where l.subscriber = {NAME} and l.notice != ''
        and l.seen = 0 and l.state not in ('refused', 'parked')) as noticed,
    (select count(*) from unreadable_orders u where u.subscriber = {NAME}) as unreadable,
    (select count(*) from files f where f.subscriber = {NAME} and f.state in ('failed', 'in_doubt', 'withdrawn')
        and f.seen = 0) as files,
    (select count(*) from work w where w.subscriber = {NAME} and w.needs_person = 1) as work,
    (select count(*) from {_in_state("refused", "parked")} and {RESTS}) as resting
    {ASKED}"""
# company: as above
MOMENTS = f"""select {NAME} as name,
    coalesce((select l.updated_at from order_lines l where l.subscriber = {NAME} and l.state = 'accepted'
        and l.updated_at <= ? and exists (select 1 from history h where h.subscriber = l.subscriber
            and h.order_number = l.order_number and h.line = l.line and h.to_state = 'accepted' and h.actor = ?)
        order by l.updated_at desc limit 1), 0.0) as last_accepted_at,
    coalesce((select l.placed_at from order_lines l where l.subscriber = {NAME}
        order by l.placed_at desc limit 1), 0.0) as last_placed_at,
    coalesce((select d.received_at from deliveries d where d.subscriber = {NAME} and d.received_at <= ?
        order by d.received_at desc limit 1), 0.0) as last_webhook_at
    {ASKED}"""
# company: as above
LATE_ORDERS = f"""select {NAME} as name, l.order_number as number, min(l.placed_at) as at
    {ASKED} cross join order_lines l indexed by lines_by_state
        on l.subscriber = {NAME} and l.state = 'waiting' and l.placed_at < {LATE}
    group by 1, 2 order by 1, 3"""
# company: as above
OVER_BUDGET = f"""select {NAME} as name, sum(p.n) as n
    {ASKED} cross join price_counts p on p.subscriber = {NAME}
    where p.hour >= ? and p.outcome = 'over_budget' group by 1"""
# company: as above
CHANGED = f"""select {NAME} as name, s.actor as actor
    {ASKED} cross join settings_changes s on s.subscriber = {NAME} where s.at >= {YESTERDAY} group by 1, 2 order by 1, 2"""
# company: as above
FAILING = """select subscriber as name, kind, key, failing_since, error, due_at, needs_person from work
    where kind in ({kinds}) and error != '' order by subscriber, failing_since, id"""
# company: as above
CALLS = """select subscriber as name, connector, kind, good_at, last_at, failing_since, trouble from call_kinds
    order by subscriber, failing_since, kind"""
# company: as above
CHECKPOINTS = "select subscriber as name, name as what, at from checkpoints"


class AllCompanies(StorePart):
    async def orders(self, asked: Sequence[Asked]) -> dict[str, OrdersNow]:
        return {
            name: msgspec.convert(row, OrdersNow)
            for name, row in self._named(await self._rows(ORDERS, [_list(asked)]))
        }

    async def waiting(self, asked: Sequence[Asked], now: float) -> dict[str, Waiting]:
        """What waits for a person."""
        found = self._named(await self._rows(WAITING, [now, _list(asked)]))
        return {
            name: Waiting(resting=row["resting"], counts=msgspec.convert(row, AttentionCounts))
            for name, row in found
        }

    async def moments(self, asked: Sequence[Asked], now: float) -> dict[str, Moments]:
        found = self._named(await self._rows(MOMENTS, [now, SYSTEM_ACTOR, now, _list(asked)]))
        return {name: msgspec.convert(row, Moments) for name, row in found}

    async def late(self, asked: Sequence[Asked], limit: int) -> dict[str, dict[str, float]]:
        """Orders that have waited too long for an approval or a stage, with when they were placed: the oldest."""
        found = self._by_name(await self._rows(LATE_ORDERS, [_list(asked)]))
        return {name: {one["number"]: one["at"] for one in rows[:limit]} for name, rows in found.items()}

    async def over_budget(self, asked: Sequence[Asked], hour: int) -> dict[str, int]:
        found = await self._rows(OVER_BUDGET, [_list(asked), hour])
        return {row["name"]: row["n"] for row in found}

    async def changed_by(self, asked: Sequence[Asked]) -> dict[str, list[str]]:
        """Who changed settings since the midnight before."""
        found = self._by_name(await self._rows(CHANGED, [_list(asked)]))
        return {name: [one["actor"] for one in rows] for name, rows in found.items()}

    async def failing(self, kinds: Collection[str]) -> dict[str, list[FailingWork]]:
        """What went wrong and is tried again, the longest first."""
        found = self._by_name(await self._rows(FAILING.format(kinds=marks(kinds)), list(kinds)))
        return {name: msgspec.convert(rows, list[FailingWork], strict=False) for name, rows in found.items()}

    async def calls(self) -> dict[str, list[KindOfCall]]:
        """How the last calls of each kind went, the longest failing first."""
        found = self._by_name(await self._rows(CALLS))
        return {name: msgspec.convert(rows, list[KindOfCall]) for name, rows in found.items()}

    async def checkpoints(self) -> dict[str, dict[str, float]]:
        """Those of the installation under the empty name."""
        found: dict[str, dict[str, float]] = {}
        for row in await self._rows(CHECKPOINTS):
            found.setdefault(row["name"], {})[row["what"]] = row["at"]
        return found

    @staticmethod
    def _named(rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((row["name"], row) for row in rows)

    @staticmethod
    def _by_name(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
        return {name: list(found) for name, found in groupby(rows, key=lambda row: str(row["name"]))}


def _list(asked: Sequence[Asked]) -> str:
    return msgspec.json.encode(asked).decode()


def all_of(installation: Installation) -> AllCompanies:
    return AllCompanies(installation.store.database)
