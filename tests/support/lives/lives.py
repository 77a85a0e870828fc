"""Lives of orders from the one shop into the one MIS that we have emulators of."""

from pathlib import Path
from typing import Any

from makeready_lab.simulation.outcome import Outcome
from makeready_lab.simulation.plan import Pair
from makeready_lab.simulation.run import Simulation
from makeready_pressero.plugin import CONNECTOR as PRESSERO
from makeready_pressero_emulator import EMULATOR as PRESSERO_EMULATOR
from makeready_tharstern.plugin import CONNECTOR as THARSTERN
from makeready_tharstern_emulator import EMULATOR as THARSTERN_EMULATOR

FILTER = "uniqueSubmitOrderID"
DUPLICATES = ("second-order", "same-id", "refuse")
SCENARIO = Path(__file__).parents[2] / "simulation" / "shop.toml"

SHOP = Pair(
    connector=PRESSERO,
    emulator=PRESSERO_EMULATOR,
    switches={"rate-limit": "off", "same-number": "newest"},
    scenario=SCENARIO,
)


def mis(duplicates: str = "second-order", order_filter: str = FILTER, *, finds_nothing: bool = False) -> Pair:
    """``order_filter``: by which it is asked for our key; empty if no question is known. ``finds_nothing``: it does
    not know that question, and answers it with an empty list.
    """
    unknown = {"order-filter": "", "order-filter-unknown": "finds-nothing"}
    known = {"order-filter": order_filter}
    return Pair(
        connector=THARSTERN,
        emulator=THARSTERN_EMULATOR,
        switches={
            "artwork": "off",
            "duplicate-orders": duplicates,
            **(unknown if finds_nothing else known),
        },
        settings={"assumptions": {"order_reference_filter": order_filter}},
    )


async def live(seed: int, mis_side: Pair, **options: Any) -> Outcome:
    return await Simulation(seed, SHOP, mis_side, part_number="117-2284", **options).run()
