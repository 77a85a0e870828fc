"""What happens at the edges of a ledger's life: a backup put back, a state lost, another environment, another address."""

from typing import Any

from makeready.installation import Installation
from makeready.subscribers import changes
from makeready_hooks.errors import Refused

from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.faults import Fate
from makeready_lab.simulation.people import People
from makeready_lab.simulation.witness import MemoryWitness

NAME = "simulated"


async def apply(installation: Installation, given: dict[str, Any]) -> None:
    await changes.save(installation, [await changes.propose(installation, NAME, given)])


class Edges:
    """Between two steps of the work. What is refused is not insisted on: another draw tries again."""

    def __init__(
        self,
        fate: Fate,
        database: MortalDatabase,
        witness: MemoryWitness,
        given: dict[str, Any],
        mis: str,
        people: People,
    ) -> None:
        """``given``: the settings of a live subscriber. ``mis``: the name of its connector, and of its host."""
        self._fate = fate
        self._database = database
        self._witness = witness
        self._given = given
        self._mis = mis
        self.people = people

    async def set_up(self, installation: Installation) -> None:
        await apply(installation, self._settings("live", moved=False))

    def _settings(self, environment: str, *, moved: bool, starts_at: str = "") -> dict[str, Any]:
        of_mis = dict(self._given["connectors"][self._mis])
        address = next(name for name, value in of_mis.items() if value == f"http://{self._mis}.example")
        of_mis |= {
            "live": {address: f"http://{self._mis}{'-moved' * moved}.example"},
            "test": {address: f"http://{self._mis}-test.example"},
        }
        return {
            **self._given,
            "environment": environment,
            "orders": {**self._given["orders"], "starts_at": starts_at},
            "connectors": {**self._given["connectors"], self._mis: of_mis},
        }

    async def happen(self, edge: str, installation: Installation) -> bool:
        """True if another state stands there now."""
        match edge:
            case "restore":
                if self._database.put_back():
                    self._witness.file += self._fate.random.random() < 0.5
                    return True
            case "lost_file":
                await self._lose(installation)
                return True
            case "environment":
                await self._change(installation, other_environment=True)
            case "changed_mis":
                await self._change(installation, moved=True)
        return False

    async def _lose(self, installation: Installation) -> None:
        """Some people keep the settings with the moment at which our time began, and some do not."""
        now = await installation.subscriber(NAME)
        start = now.orders.starts_at if self._fate.random.random() < 0.5 else ""
        self._database.lose()
        again = self._settings(now.environment, moved=self._is_moved(now), starts_at=start)
        await apply(installation, again)

    def _is_moved(self, subscriber: Any) -> bool:
        return any("-moved" in str(value) for value in subscriber.connectors[self._mis].live.values())

    async def _change(
        self, installation: Installation, *, other_environment: bool = False, moved: bool = False
    ) -> bool:
        """False if it is refused now."""
        now = await installation.subscriber(NAME)
        environment = now.environment
        if other_environment:
            environment = "live" if environment == "test" else "test"
        wanted = self._settings(
            environment, moved=self._is_moved(now) != moved, starts_at=now.orders.starts_at
        )
        try:
            await apply(installation, wanted)
        except Refused:
            return False
        return True

    async def people_act(self, installation: Installation, *, at_last: bool) -> bool:
        """They decide of what waits for them in *live*. ``at_last`` they see to it that all is as it was; and what has left
        for another address goes on when the settings lead there again. False if there is nothing to be done.
        """
        now = await installation.subscriber(NAME)
        stuck = await installation.store.work.count_stuck(NAME) > 0
        if (at_last or stuck) and now.environment == "test":
            return await self._change(installation, other_environment=True)
        if (stuck or (at_last and self._is_moved(now))) and await self._change(installation, moved=True):
            return True
        return await self.people.act(installation, live=now.environment == "live")
