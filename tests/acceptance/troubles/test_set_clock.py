"""Somebody sets the clock of the machine under a server that works against a call limit."""

import json
import re
import time
from pathlib import Path

import pytest
from joined import Site
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from processes import run, running
from story import STAGE, import_product, order, prepare, until

pytestmark = pytest.mark.waits

HOUR = 3600
CALLS = 3
"""No more than an order needs at the least, from its look to its mark: each waits for the limit."""
CLOCK = """
import os, pathlib, time

real, hand = time.time, pathlib.Path(os.environ["HAND_OF_THE_CLOCK"])
time.time = lambda: real() + float(hand.read_text() or 0)
"""


class SetClock:
    """The clock of processes that are started with ``env``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(CLOCK)
        self._hand = folder / "hand"
        self.env = {"PYTHONPATH": str(folder), "HAND_OF_THE_CLOCK": str(self._hand)}
        self.set(0)

    def set(self, ahead_s: float) -> None:
        new = self._hand.with_suffix(".new")
        new.write_text(str(ahead_s))
        new.replace(self._hand)


def limited(site: Site) -> None:
    """The shop takes so few calls in ten seconds that each order waits for those before it."""
    file = site.db.parent / "subscribers.toml"
    file.write_text(re.sub(r"calls_per_10_s = \d+", f"calls_per_10_s = {CALLS}", file.read_text()))
    assert run("subscriber", "apply", str(file), "--yes", db=site.db).returncode == 0


def moved_by(site: Site, number: int) -> float:
    """Seconds by which the server's clock was ahead of the real one when it wrote the order's last step."""
    story = json.loads(run("orders", "show", "northfield", str(number), "--json", db=site.db).stdout)
    return float(story["history"][-1]["at"]) - time.time()


async def test_orders_arrive_once_and_soon_while_the_clock_goes_an_hour_back_and_forward(
    site: Site, tmp_path: Path
) -> None:
    clock = SetClock(tmp_path / "clock")
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    with running("serve", "--port", "0", db=site.db, env=clock.env) as server:
        prepare(site, server.url)
        import_product(site, "2284")
        limited(site)
        for count, ahead_s in enumerate((-HOUR, HOUR), start=1):
            began = time.monotonic()
            placed = await shop.place_order(order("117-2284", needs_approval=False))
            await shop.move_to_stage(placed.order_number, 1, STAGE)
            clock.set(ahead_s)
            number = placed.order_number

            async def marked(number: int = number) -> str:
                return await shop.mis_number(number, 1)

            what = f"order {count} is marked, the clock being {ahead_s} s ahead"
            await until(marked, what, patience_s=180)  # far below the hour that it would wait
            took = time.monotonic() - began
            assert took > 5, "the order passed by the calls of those before it"
            assert moved_by(site, number) == pytest.approx(ahead_s, abs=300), "the clock was not set"
    assert len(await mis.orders_received()) == 2
    await shop.aclose()
    await mis.aclose()
