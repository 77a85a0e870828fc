"""What is counted for a glance: order lines, webhooks, prices and calls by the hour."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready.orders.model import LineRow, LineState
from makeready.prices.model import PriceCount
from makeready.storage.part import StorePart
from makeready.storage.rows import marks, rows
from msgspec import Struct
from sqlite_utils import Database as Sqlite

DAY_S = 86_400.0


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
        sql = """select cast((updated_at - ?) / ? as integer) as day, count(*) as n
            from order_lines indexed by lines_by_state
            where subscriber = ? and state = ? and updated_at >= ? group by day"""

        def read(db: Sqlite) -> dict[str, list[int]]:
            counts = {}
            for state in LineState:
                counts[state.value] = by_day = [0] * days
                for row in rows(db, sql, [start, DAY_S, subscriber, state.value, start]):
                    by_day[min(row["day"], days - 1)] += row["n"]
            return counts

        return await self._database.read(read)

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
