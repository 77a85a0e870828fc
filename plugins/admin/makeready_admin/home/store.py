"""Order lines counted for a glance. They are read from an index alone, so that it is quick over many orders."""

from makeready.installation import Installation
from makeready.orders.model import LineState
from makeready.storage.part import StorePart
from makeready.storage.rows import rows
from sqlite_utils import Database as Sqlite

DAY_S = 86_400.0


class LineCounts(StorePart):
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


def lines_of(installation: Installation) -> LineCounts:
    return LineCounts(installation.store.database)
