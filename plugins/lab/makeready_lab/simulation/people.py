"""People who decide of what waits for them. They look into the MIS first, and say what they saw."""

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from makeready.installation import Installation
from makeready.orders import before_start, by_hand, decisions
from makeready.orders.before_start import Choice
from makeready.orders.decisions import Decision
from makeready.orders.life.check_in import take_over
from makeready.orders.model import LineRow, LineState
from makeready_hooks.errors import Refused

from makeready_lab.simulation.same_number import number_of

ACTOR = "somebody"
WAITING = (LineState.BEFORE_START, LineState.PARKED, LineState.REFUSED)


def shares_number(line: LineRow) -> bool:
    """Before our time it is decided as any other: a look that follows stops it."""
    return line.ambiguous and line.state != LineState.BEFORE_START


class People:
    def __init__(self, subscriber: str, mis: Any) -> None:
        """``mis``: the driver of the live one."""
        self._subscriber = subscriber
        self._mis = mis
        self.decided: Counter[str] = Counter()
        self._tried: set[str] = set()

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
        in_mis = await self._mis.orders()
        decided = [
            await self._decide_alike(installation, one, in_mis) for one in waiting if shares_number(one)
        ]
        numbers = {str(order["reference"]): str(order["number"]) for order in in_mis}
        # lines that go as one are decided as one
        alone = {
            one.submission or f"{one.order_number}-{one.line}": one
            for one in waiting
            if not shares_number(one)
        }
        waiting = list(alone.values())
        for line in waiting:
            together = numbers.get(line.order_number, "")  # of an order whose lines go as one
            await self._decide(installation, line, numbers.get(f"{line.order_number}-{line.line}", together))
        return bool(waiting) or any(decided)

    async def _decide_alike(
        self, installation: Installation, line: LineRow, in_mis: Sequence[Mapping[str, Any]]
    ) -> bool:
        """Of one that shares its number with another: its quantity tells which of them the MIS has. False if they leave it.

        They try to send it, and nothing may come of that; then they put it aside, or let it wait.
        """
        number = number_of(line.order_number)
        found = [
            str(one["number"])
            for one in in_mis
            if number_of(str(one["reference"])) == number and one["lines"][0]["quantity"] == line.quantity
        ]
        decision = Decision(subscriber=self._subscriber, key=line.submission, actor=ACTOR)
        if found:
            await by_hand.accept_as(installation, decision, found[0])
            self.decided["accept one of two"] += 1
            return True
        if line.submission not in self._tried:
            self._tried.add(line.submission)
            with contextlib.suppress(Refused):
                await decisions.send_again(installation, decision)
            return True
        if (int(number) + line.quantity) % 3 == 0:
            return False
        await decisions.ignore(installation, decision, "entered by hand")
        self.decided["dismiss one of two"] += 1
        return True

    async def _decide(self, installation: Installation, line: LineRow, number: str) -> None:
        if line.state == LineState.BEFORE_START:
            choice = Choice(subscriber=self._subscriber, orders=(line.order_number,))
            deciding = before_start.dismiss if number else before_start.include
            await deciding(installation, choice, ACTOR)
            self.decided[deciding.__name__] += 1
            return
        decision = Decision(subscriber=self._subscriber, key=line.submission, actor=ACTOR)
        if number:
            await by_hand.accept_as(installation, decision, number)
        else:
            await decisions.send_again(installation, decision)
        self.decided["accept" if number else "send again"] += 1
