"""Order lines that wait for a person: rejected and unconfirmed ones, and what changed after it was sent."""

from makeready.orders.model import LineRow
from makeready.orders.store.search import IN_STATE
from makeready.storage.part import StorePart

OLDEST = "order by updated_at limit ? offset ?"
NOTICED = """from order_lines indexed by lines_unseen
    where subscriber = ? and notice != '' and seen = 0 and state not in ('refused', 'parked')"""
IN_STATES = "select count(*) from order_lines where subscriber = ? and state = '{}'"


class LinesThatWait(StorePart):
    async def counts(self, subscriber: str) -> tuple[int, int, int]:
        """Refused, parked, noticed."""
        sql = f"""select ({IN_STATES.format("refused")}) as refused, ({IN_STATES.format("parked")}) as parked,
            (select count(*) {NOTICED}) as noticed"""
        [found] = await self._rows(sql, [subscriber] * 3)
        return int(found["refused"]), int(found["parked"]), int(found["noticed"])

    async def unsettled(self, subscriber: str, limit: int, skip: int) -> list[LineRow]:
        """Refused or parked, the oldest first."""
        sql = f"{IN_STATE} where l.subscriber = ? and l.state in ('refused', 'parked') {OLDEST}"
        return await self._structs(LineRow, sql, [subscriber, limit, skip])

    async def noticed(self, subscriber: str, limit: int, skip: int) -> list[LineRow]:
        """Changed in the shop after they were sent, the oldest first."""
        sql = f"select * {NOTICED} {OLDEST}"
        return await self._structs(LineRow, sql, [subscriber, limit, skip])

    async def seen(self, subscriber: str, order_number: str, line: int) -> bool:
        """Somebody has dealt with what changed after it was sent. False if nothing waits for it."""
        sql = """update order_lines set seen = 1
            where subscriber = ? and order_number = ? and line = ? and notice != '' and seen = 0"""
        values = [subscriber, order_number, line]
        return await self._execute(sql, values) == 1
