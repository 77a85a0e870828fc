"""Order lines that wait for a person: rejected and unconfirmed ones, and what changed after it was sent."""

from makeready.storage.part import StorePart

NOTICED = """from order_lines indexed by lines_unseen
    where subscriber = ? and notice != '' and seen = 0 and state not in ('refused', 'parked')"""
IN_STATES = "select count(*) from order_lines where subscriber = ? and state = '{}'"


class LinesThatWait(StorePart):
    async def counts(self, subscriber: str) -> dict[str, int]:
        """Refused, parked, noticed lines; orders that cannot be read."""
        sql = f"""select ({IN_STATES.format("refused")}) as refused, ({IN_STATES.format("parked")}) as parked,
            (select count(*) {NOTICED}) as noticed,
            (select count(*) from unreadable_orders where subscriber = ?) as unreadable"""
        [found] = await self._rows(sql, [subscriber] * 4)
        return found
