"""Order lines that wait for a person: rejected and unconfirmed ones, and what changed after it was sent."""

from makeready.storage.part import StorePart

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
