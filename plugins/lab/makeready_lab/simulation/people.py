"""People who decide of what waits for them. They look into the MIS first, and say what they saw."""

from collections import Counter
from typing import Any

from makeready.installation import Installation
from makeready.orders import before_start, decisions
from makeready.orders.before_start import Choice
from makeready.orders.decisions import Decision
from makeready.orders.life.check_in import take_over
from makeready.orders.model import LineRow, LineState

ACTOR = "somebody"
WAITING = (LineState.BEFORE_START, LineState.PARKED, LineState.REFUSED)


class People:
    def __init__(self, subscriber: str, mis: Any) -> None:
        """``mis``: the driver of the live one."""
        self._subscriber = subscriber
        self._mis = mis
        self.decided: Counter[str] = Counter()

    async def act(self, installation: Installation, *, live: bool) -> bool:
        """False if nothing waits for them. What the test MIS has tells them nothing of the ``live`` one."""
        if any(one.by_ledger for one in await installation.store.pauses.of("", installation.clock())):
            await take_over(installation, ACTOR)
            self.decided["took over"] += 1
            return True
        if not live:
            return False
        lines = await installation.store.ledger.lines(self._subscriber, limit=10_000)
        waiting = [one for one in lines if one.state in WAITING]
        numbers = {str(order["reference"]): str(order["number"]) for order in await self._mis.orders()}
        for line in waiting:
            await self._decide(installation, line, numbers.get(f"{line.order_number}-{line.line}", ""))
        return bool(waiting)

    async def _decide(self, installation: Installation, line: LineRow, number: str) -> None:
        if line.state == LineState.BEFORE_START:
            choice = Choice(subscriber=self._subscriber, orders=(line.order_number,))
            deciding = before_start.dismiss if number else before_start.include
            await deciding(installation, choice, ACTOR)
            self.decided[deciding.__name__] += 1
            return
        decision = Decision(subscriber=self._subscriber, key=line.submission, actor=ACTOR)
        if number:
            await decisions.accept_as(installation, decision, number)
        else:
            await decisions.send_again(installation, decision)
        self.decided["accept" if number else "send again"] += 1
