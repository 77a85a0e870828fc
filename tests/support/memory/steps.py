"""Steps of an order's way that tests of the flows share."""

import asyncio

from makeready.engine.model import NewWork
from makeready.orders.model import LOOK
from makeready.work import engine_for
from pretend import Bench


async def ask_to_look(bench: Bench, *numbers: str) -> None:
    now = bench.clock()
    work = [NewWork(subscriber="northfield", kind=LOOK, key=number, due_at=now) for number in numbers]
    await bench.installation.store.work.add(work)


async def settle(bench: Bench) -> None:
    """Let an engine do all that is due now."""
    engine = engine_for(bench.installation)
    while await engine.run_due():
        await asyncio.sleep(0)


async def states(bench: Bench, number: str = "6994") -> list[str]:
    """The states of an order's lines, by their numbers."""
    lines = await bench.installation.store.ledger.of_order("northfield", number)
    return [one.state for one in sorted(lines, key=lambda one: one.line)]
