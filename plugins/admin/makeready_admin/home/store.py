"""What is counted for a glance: order lines, webhooks, prices and calls by the hour."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready.orders.model import LineRow, LineState
from makeready.prices.model import PriceCount
from makeready.storage.part import StorePart
from makeready.storage.rows import marks
from msgspec import Struct, json

DAY_S = 86_400.0
FOR_EVER = 1e18


class Received(Struct, frozen=True, kw_only=True):
    """Counts of webhooks."""

    taken: int
    refused: int


class CallPeak(Struct, frozen=True, kw_only=True):
    """How near calls from this installation came to the limit of a host, in an hour."""

    host: str
    hour: int
    peak: int
    """The most that left within one window of the limit."""
    most: int
    """As many may leave in a window."""
    per_s: float
    """Its length."""


class LineCounts(StorePart):
    """They are read from an index alone, so that it is quick over many orders."""

    async def changed_since(self, subscriber: str, since: float) -> dict[str, int]:
        """Lines by the state into which they came since a moment."""
        counts = await self.by_day(subscriber, since, days=1)
        return {state: sum(by_day) for state, by_day in counts.items() if any(by_day)}

    async def by_day(self, subscriber: str, start: float, *, days: int) -> dict[str, list[int]]:
        """For each state, how many lines came into it on each day from ``start`` on."""
        sql = """select s.value as state, d.key as day, (
                select count(*) from order_lines l indexed by lines_by_state
                where l.subscriber = ? and l.state = s.value
                    and l.updated_at >= d.value ->> 0 and l.updated_at < d.value ->> 1) as n
            from json_each(?) s cross join json_each(?) d"""
        starts = [start + DAY_S * day for day in range(days)]
        spans = list(zip(starts, [*starts[1:], FOR_EVER], strict=True))
        given = [subscriber, json.encode(list(LineState)).decode(), json.encode(spans).decode()]
        counts = {state.value: [0] * days for state in LineState}
        for row in await self._rows(sql, given):
            counts[row["state"]][row["day"]] = row["n"]
        return counts

    async def newest(self, subscriber: str, orders: int) -> list[LineRow]:
        """Lines of the orders that were placed last."""
        sql = """select l.*, coalesce(s.mis_id, '') as mis_id, coalesce(s.mis_number, '') as mis_number
            from order_lines l left join submissions s on s.subscriber = l.subscriber and s.key = l.submission
            where l.subscriber = ? and l.order_number in (select distinct order_number from order_lines
                where subscriber = ? order by placed_at desc limit ?) order by l.order_number, l.line"""
        return await self._structs(LineRow, sql, [subscriber, subscriber, orders])


class Traffic(StorePart):
    async def webhooks(self, subscriber: str, at: float) -> Received:
        """How many came in since a moment. Of the refused ones only the last few hundred are kept."""
        sql = """select (select count(*) from deliveries where subscriber = ? and received_at >= ?) as taken,
            (select count(*) from refused_deliveries where subscriber = ? and received_at >= ?) as refused"""
        [found] = await self._structs(Received, sql, [subscriber, at, subscriber, at])
        return found

    async def prices(self, subscriber: str, hour: int) -> list[PriceCount]:
        """How they were answered from this hour on, oldest first."""
        sql = """select subscriber, hour, outcome, bucket, n from price_counts
            where subscriber = ? and hour >= ? order by hour"""
        return await self._structs(PriceCount, sql, [subscriber, hour])

    async def peaks(self, hosts: Sequence[str], since: int) -> list[CallPeak]:
        """How near calls to these hosts came to their limits, from the hour ``since`` on."""
        sql = f"""select host, hour, peak, most, per_s from call_peaks
            where host in ({marks(hosts)}) and hour >= ? order by hour"""
        return await self._structs(CallPeak, sql, [*hosts, since])


def lines_of(installation: Installation) -> LineCounts:
    return LineCounts(installation.store.database)


def traffic_of(installation: Installation) -> Traffic:
    return Traffic(installation.store.database)
