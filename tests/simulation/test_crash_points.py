"""The process is killed at every commit and every call of an order's way, started again, and ends the same."""

import asyncio
import json
import random
import shutil
import signal
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from crash_child import run_child
from makeready.stores import Store
from makeready_lab.demo.orders import plain_order
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from msgspec import Struct
from processes import run, running

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
SITE, STAGE = "shop.northfield.example", "Tharstern Xfr"
HOUR = 3600
PARTS = 2  # so that they can run side by side
DOUBLE_CRASHES = 8


class World(Struct, frozen=True, kw_only=True):
    folder: Path
    template: Path
    """A state with the subscriber and no orders, to be copied."""
    shop: object
    mis: object
    grouping: str

    @property
    def lines(self) -> int:
        return 2 if self.grouping == "order" else 1

    def key(self, order: str) -> str:
        return order if self.grouping == "order" else f"{order}-1"


@pytest.fixture(params=["line", "order"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    shop_switches = ("--switch", "rate-limit=off", "--scenario", str(HERE / "shop.toml"))
    mis_switches = ("--switch", "order-filter=uniqueSubmitOrderID", "--switch", "artwork=off")
    with (
        running("emulate", "pressero", *shop_switches) as one,
        running("emulate", "tharstern", *mis_switches) as other,
    ):
        shop, mis = PRESSERO.driver(one.url), THARSTERN.driver(other.url)
        lines = [
            "[subscribers.northfield]",
            "external_user_id = 117",
            "[subscribers.northfield.orders]",
            f'trigger_stage = "{STAGE}"',
            "quiet_margin_s = 0.0",
            f'grouping = "{request.param}"',
            "[subscribers.northfield.connectors.pressero]",
            *(f"{name} = {json.dumps(value)}" for name, value in (await shop.connector_settings()).items()),
            "[subscribers.northfield.connectors.tharstern]",
            *(f"{name} = {json.dumps(value)}" for name, value in (await mis.connector_settings()).items()),
            'assumptions = { order_reference_filter = "uniqueSubmitOrderID" }',
        ]
        await mis.set_stock("2284", Decimal(1_000_000))
        template, file = tmp_path / "template.db", tmp_path / "subscribers.toml"
        file.write_text("\n".join(lines))
        applied = run("subscriber", "apply", str(file), "--yes", db=template)
        assert applied.returncode == 0, applied.stderr
        made = World(folder=tmp_path, template=template, shop=shop, mis=mis, grouping=request.param)
        await take_one_before(made)
        yield made
        await shop.aclose()
        await mis.aclose()


async def take_one_before(world: World) -> None:
    """The MIS has taken an order, and finds it by our key: its *not there* is believed from then on."""
    order = await place(world)
    assert await carry(world.template, order) != (0, 0)
    assert await states(world.template) == {"accepted"}


async def place(world: World) -> str:
    """An order at the stage."""
    placed = await world.shop.place_order(plain_order(SITE, "117-2284", 1, lines=world.lines))
    for item in placed.items:
        await world.shop.move_to_stage(placed.order_number, item, STAGE)
    return str(placed.order_number)


async def new_order(world: World) -> tuple[str, Path]:
    """An order at the stage, and a state of its own to carry it with."""
    order = await place(world)
    db = world.folder / f"{order}.db"
    shutil.copy(world.template, db)
    shutil.copy(f"{world.template}.key", f"{db}.key")
    return order, db


async def carry(db: Path, order: str, offset_s: int = 0, crash_at: int = 0) -> tuple[int, int]:
    return await asyncio.to_thread(run_child, db, order, offset_s, crash_at)


async def states(db: Path) -> set[str]:
    store = Store.open(db)
    lines = await store.ledger.lines("northfield")
    store.close()
    return {line.state for line in lines}


async def ends_well(world: World, *crashes: int) -> None:
    """Carried by processes that die at these points, then by ones that live: there is one order."""
    order, db = await new_order(world)
    codes = [(await carry(db, order, at * HOUR, point))[0] for at, point in enumerate(crashes)]
    assert codes[0] == -signal.SIGKILL, f"{crashes} was not reached"
    assert codes[-1] in (0, -signal.SIGKILL), codes  # a second way can be shorter than its point
    for later in (len(crashes), len(crashes) + 1):
        assert (await carry(db, order, later * HOUR))[0] == 0
    found = [one for one in await world.mis.orders() if one["reference"] == world.key(order)]
    assert len(found) == 1, f"{len(found)} orders in the MIS after crashes at {crashes}"
    marks = [await world.shop.mis_number(int(order), item + 1) for item in range(world.lines)]
    assert all(marks), f"not marked after crashes at {crashes}"
    assert await states(db) == {"accepted"}, crashes


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_point_of_an_order_s_way_can_be_the_last_of_a_process(world: World, part: int) -> None:
    order, db = await new_order(world)
    code, points = await carry(db, order)
    assert code == 0
    assert points > 20, "commits and calls, before and after each"
    chosen = random.Random(1)  # noqa: S311 - reproducible
    runs = [(point,) for point in range(1, points + 1)]
    runs += [(chosen.randint(1, points), chosen.randint(1, points)) for _ in range(DOUBLE_CRASHES)]
    for crashes in runs[
        part::PARTS
    ]:  # one after the other: multiprocessing mixes up exit codes between threads
        await ends_well(world, *crashes)
    print(f"{points} points, {len(runs)} runs with crashes")  # noqa: T201 - the figure is the result
