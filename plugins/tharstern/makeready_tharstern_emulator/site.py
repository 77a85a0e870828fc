"""One printer's Tharstern: what it knows and what it has at hand to work with."""

from makeready_hooks.testing.emulation import EmulatorSetup

from makeready_tharstern_emulator.assumed import Names
from makeready_tharstern_emulator.background.artwork import Artwork
from makeready_tharstern_emulator.background.tasks import Background
from makeready_tharstern_emulator.background.webhooks import Webhooks
from makeready_tharstern_emulator.faults.rates import Chance
from makeready_tharstern_emulator.state.journal import Journal
from makeready_tharstern_emulator.state.scenario import Scenario, read_scenario
from makeready_tharstern_emulator.state.tokens import Tokens
from makeready_tharstern_emulator.state.world import World
from makeready_tharstern_emulator.switches import Switches
from makeready_tharstern_emulator.wire.replies import Answer


class Site:
    def __init__(self, setup: EmulatorSetup) -> None:
        """Raises ValueError for a switch or a scenario that makes no sense."""
        self.seed = setup.seed
        self._scenario = read_scenario(setup.scenario)
        self.switches = Switches(setup.switches)
        self.chance = Chance(setup.seed)
        self.world = World(setup.state)
        self.journal = Journal()
        self.background = Background()
        self.tokens = Tokens(self.world, self.switches, self.chance)
        self.artwork = Artwork(self.world, self.switches, self.chance, self.background)
        self.webhooks = Webhooks(self.switches, self.chance, self.background)
        self.remembered: dict[str, Answer] = {}
        """The last answer to each reading call, for reads that are stale on purpose."""
        if not self.world.load():
            self._fill(self._scenario)

    @property
    def names(self) -> Names:
        """The assumed names of the wire, as the switches have them now."""
        return self.switches.names

    @property
    def customer_code(self) -> str:
        """The customer that a demonstration connects for."""
        return self._scenario.customer_code

    async def reset(self, scenario: Scenario | None = None) -> None:
        """Back to the start: records of the scenario, no journal, no tokens, switches as given."""
        await self.background.stop()
        self._scenario = scenario or self._scenario
        self.switches.reset()
        self.chance.reset()
        self.journal.clear()
        self.tokens.expire_all()
        self.webhooks.clear()
        self.remembered.clear()
        self.world.clear()
        self._fill(self._scenario)

    def _fill(self, scenario: Scenario) -> None:
        scenario.fill(self.world)
        self.world.save()
