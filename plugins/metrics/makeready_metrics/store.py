"""What is counted of order lines for monitoring."""

from makeready.orders.model import LineState
from makeready.storage.database import Storage
from makeready.storage.rows import rows
from sqlite_utils import Database as Sqlite


async def lines_since(database: Storage, subscriber: str, since: float) -> dict[str, int]:
    """Lines by the state into which they came since a moment. Read from an index alone, so quick over many orders."""
    sql = """select count(*) as n from order_lines indexed by lines_by_state
        where subscriber = ? and state = ? and updated_at >= ?"""

    def read(db: Sqlite) -> dict[str, int]:
        return {state.value: rows(db, sql, [subscriber, state.value, since])[0]["n"] for state in LineState}

    counts = await database.read(read)
    return {state: count for state, count in counts.items() if count}
