"""The contract of lives: whatever breaks, each order is in the MIS once, as it was ordered."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from makeready_hooks import ConnectorType, Role
from makeready_hooks.testing.emulation import EmulatorType

from makeready_lab.simulation.faults import Odds
from makeready_lab.simulation.plan import Pair
from makeready_lab.testing.example import example, shop_selling
from makeready_lab.testing.life import Life

SEEDS = [int(os.environ["SEEDS"])] if "SEEDS" in os.environ else range(int(os.environ.get("LIVES", "12")))
"""``LIVES=1000`` lives longer; ``SEEDS=7`` replays one."""
EVERY = int(os.environ.get("STEP", "3"))
"""Which of the places at which a process can die are tried: each third, unless ``STEP=1``."""
NUMBER = 117
ROUGH = Odds(status_before=0.03, status_after=0.03)
STEADY = Odds(**dict.fromkeys(Odds.__struct_fields__, 0.0))


class SimulationContract:
    """A subclass says which connector it is, what its emulator is, and one product that is sold."""

    kind: ConnectorType
    emulator: EmulatorType
    product: str
    """The MIS's id of a product from stock. The shop sells it as ``117-`` and this."""
    switches: Mapping[str, str] = {}
    """Of the emulator."""
    settings: Mapping[str, Any] = {}
    """Of the connector, beside those with which it signs in."""
    scenario: Path | None = None
    """Of the emulator. A shop's has the product, at a price that it knows by itself."""
    beside: Pair | None = None
    """The other side; None: the one that `makeready new connector` writes."""

    def pairs(self) -> tuple[Pair, Pair]:
        """The shop and the MIS."""
        own = Pair(
            connector=self.kind,
            emulator=self.emulator,
            switches=self.switches,
            settings=self.settings,
            scenario=self.scenario,
        )
        if self.kind.role is Role.MIS:
            return self.beside or shop_selling(f"{NUMBER}-{self.product}"), own
        return own, self.beside or example(Role.MIS)

    def life(self, seed: int, odds: Odds, *, orders: int = 3) -> Life:
        """Every second one sends the lines of an order together."""
        grouping = ("line", "order")[seed % 2]
        part_number = f"{NUMBER}-{self.product}"
        more: dict[str, Any] = {"orders": orders, "lines": 2, "grouping": grouping}
        return Life(seed, *self.pairs(), part_number=part_number, odds=odds, **more)

    async def lived(self, life: Life, what: str) -> None:
        """Fails with what is wrong, and with all that has happened."""
        await life.run()
        if life.wrong:
            wrong = "\n".join(f"- {one}" for one in life.wrong)
            pytest.fail(f"{what}:\n{wrong}\n\nWhat has happened:\n{life.story}", pytrace=False)

    @pytest.mark.parametrize("seed", SEEDS)
    async def test_each_order_is_in_the_mis_once_and_as_it_was_ordered_whatever_breaks(
        self, seed: int
    ) -> None:
        """Answers are lost, come late or are a status; processes die anywhere."""
        await self.lived(self.life(seed, ROUGH), f"A life with troubles, to be replayed by SEEDS={seed}")

    @pytest.mark.parametrize("seed", [0, 1], ids=["line", "order"])
    async def test_every_answer_can_be_lost_after_its_effect(self, seed: int) -> None:
        whole = self.life(seed, STEADY, orders=1)
        whole.lose_answer(0)
        await self.lived(whole, "A life without any trouble")
        for call in range(1, whole.calls + 1):
            life = self.life(seed, STEADY, orders=1)
            life.lose_answer(call)
            await self.lived(life, f"The answer to call {call} is lost")

    async def test_every_commit_and_every_call_can_be_the_last_of_a_process(self) -> None:
        whole = self.life(0, STEADY, orders=1)
        whole.crash_at(0)
        await self.lived(whole, "A life without any trouble")
        for point in range(1, whole.points + 1, EVERY):
            life = self.life(0, STEADY, orders=1)
            life.crash_at(point)
            await self.lived(life, f"The process dies at point {point}")
