"""Lives of orders from Pressero's shop into Platen: customers on stop, people who correct them, refusals after the yes."""

import json
from pathlib import Path
from typing import Any
from zlib import crc32

from lives import SCENARIO
from makeready.engine.model import NewWork
from makeready.orders import by_hand, decisions
from makeready.orders.fulfilment.model import PROGRESS
from makeready.orders.model import LineRow, LineState
from makeready_hooks import ConnectorType
from makeready_lab.simulation.edges import NAME
from makeready_lab.simulation.faults import Odds
from makeready_lab.simulation.outcome import Outcome
from makeready_lab.simulation.plan import Pair, Term
from makeready_lab.simulation.run import Simulation
from makeready_lab.testing.struck import StruckLife
from makeready_pressero.plugin import CONNECTOR as PRESSERO
from makeready_pressero_emulator import EMULATOR as PRESSERO_EMULATOR
from platen_connector import CONNECTOR
from platen_emulator import EMULATOR

KIT, PART = "KIT/22-84", "117-KIT/22-84"
STEADY = Odds(**dict.fromkeys(Odds.__struct_fields__, 0.0))
REJECTED = 0.2
"""Of the orders that Platen has taken, in lives with troubles."""


def shop(folder: Path) -> Pair:
    scenario = folder / "shop.toml"
    scenario.write_text(SCENARIO.read_text().replace('"117-2284"', f'"{PART}"'))
    switches = {"rate-limit": "off", "same-number": "newest"}
    return Pair(connector=PRESSERO, emulator=PRESSERO_EMULATOR, switches=switches, scenario=scenario)


class PlatenLife(StruckLife):
    """``rejects``: Platen refuses some of what it has taken."""

    def __init__(
        self,
        seed: int,
        folder: Path,
        *,
        connector: ConnectorType = CONNECTOR,
        rejects: float = 0.0,
        **options: Any,
    ) -> None:
        mis = Pair(connector=connector, emulator=EMULATOR, switches={"stop-every": "2"})
        term = Term(look=self._people)
        super().__init__(seed, shop(folder), mis, part_number=PART, term=term, **options)
        self._rejects = rejects
        self.office: Any = None
        self.corrected = 0
        self.rejected: set[str] = set()
        self.stale: list[str] = []
        """Orders of Platen that are not what the ledger says that it took."""

    async def _set_up(self, shop: Any, mis: Any) -> None:
        self.office = mis
        await super()._set_up(shop, mis)

    async def _settled(self, expected: list[str]) -> bool:
        """People have heard of every rejection, too."""
        states = await self._states()
        heard = all(states[one] != LineState.ACCEPTED for one in self.rejected)
        return heard and await super()._settled(expected)

    async def _outcome(self, expected: list[str], shop: Any, mis: Any) -> Outcome:
        await self._find_stale()
        return await super()._outcome(expected, shop, mis)

    async def _find_stale(self) -> None:
        for order in await self.office.orders():
            submission = await self.installation.store.ledger.submission(NAME, order["our_ref"])
            sent = json.loads(submission.payload) if submission else {}
            shown = {name: order[name] for name in sent}
            if sent:
                pairs = zip(sent["lines"], order["lines"], strict=False)
                shown["lines"] = [{name: has[name] for name in line} for line, has in pairs]
            if shown != sent:
                self.stale.append(order["order"])

    def wrong(self, outcome: Outcome) -> dict[str, Any]:
        """What must not be, as far as anything is."""
        states = outcome.states
        found = {
            "lost": outcome.lost,
            "doubled": outcome.doubled,
            "unsettled": outcome.unsettled,
            "stale drafts confirmed": self.stale,
            "rejected, and nobody heard": [one for one in self.rejected if states[one] == LineState.ACCEPTED],
        }
        return {name: what for name, what in found.items() if what}

    async def _people(self, _: Simulation) -> None:
        await self._quietly(self._act())

    async def _act(self) -> None:
        """The office corrects customers and sends again; what was rejected later is left."""
        for line in await self.installation.store.ledger.lines(NAME, limit=10_000):
            decision = decisions.Decision(subscriber=NAME, key=line.submission, actor="mia")
            if line.rejected_later:
                await decisions.ignore(self.installation, decision, "the customer does not want it any more")
            elif line.state == LineState.REFUSED:
                await self._correct_customers()
                await decisions.send_again(self.installation, decision)
            elif line.state == LineState.PARKED:
                await self._decide(line, decision)
            elif line.state == LineState.ACCEPTED and line.submission not in self.rejected:
                await self._maybe_reject(line)

    async def _correct_customers(self) -> None:
        for one in await self.office.customers():
            if one["stop"] and not one["gone"]:
                await self.office.correct_customer(one["ref"])
                self.corrected += 1

    async def _decide(self, line: LineRow, decision: decisions.Decision) -> None:
        numbers = {one["our_ref"]: one["number"] for one in await self.office.orders()}
        if number := numbers.get(line.submission):
            await by_hand.accept_as(self.installation, decision, number)
        else:
            await decisions.send_again(self.installation, decision)

    async def _maybe_reject(self, line: LineRow) -> None:
        drawn = crc32(f"{self._seed} {line.submission}".encode()) % 100
        if drawn < self._rejects * 100:
            self.rejected.add(line.submission)
            await self.office.move_order(line.mis_id, "rejected", reason="no paper of that weight")
            look = NewWork(subscriber=NAME, kind=PROGRESS, key="", due_at=self.clock())
            await self.installation.store.work.add([look])
