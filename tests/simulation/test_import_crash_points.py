"""The process is killed at every commit and every call of an import, started again, and makes one product."""

import asyncio
import json
import os
import random
import shutil
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest
from crash_child import run_child, run_children
from makeready.products.model import UNSETTLED
from makeready.stores import Store
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from msgspec import Struct
from processes import run, running

STEP = int(os.environ.get("STEP", "2"))
"""Every second point of a change of the mark-up is tried each day; ``STEP=1`` tries all."""

pytestmark = pytest.mark.long

HOUR = 3600
DOUBLE_CRASHES = 4


class World(Struct, frozen=True, kw_only=True):
    folder: Path
    template: Path
    """A state with the subscriber and its pricing engine, to be copied."""
    shop_url: str
    products: list[str]
    """Ids of products that no import has used yet."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("imports")
    template, file = folder / "template.db", folder / "subscribers.toml"
    with (
        running("emulate", "pressero", "--switch", "rate-limit=off") as shop,
        running("emulate", "tharstern", "--switch", "product-ids-name=id") as mis,
    ):
        file.write_text(asyncio.run(settings_file(shop.url, mis.url)))
        for arguments in (
            ("apply", str(file), "--yes"),
            ("install", "northfield", "--public-url", "http://127.0.0.1:1"),
        ):
            done = run("subscriber", *arguments, db=template)
            assert done.returncode == 0, done.stderr
        listed = run("products", "northfield", "GEN", "--page-size", "500", "--json", db=template)
        products = [one["product"] for one in json.loads(listed.stdout)["products"]]
        ids = [one["id"] for one in products if one["kind"] == "stock"]
        yield World(folder=folder, template=template, shop_url=shop.url, products=ids)


async def settings_file(shop_url: str, mis_url: str) -> str:
    """The subscriber's; the MIS gets a catalogue."""
    shop, mis = PRESSERO.driver(shop_url), THARSTERN.driver(mis_url)
    lines = ["[subscribers.northfield]", "external_user_id = 117"]
    for name, driver in (("pressero", shop), ("tharstern", mis)):
        lines.append(f"[subscribers.northfield.connectors.{name}]")
        settings = await driver.connector_settings()
        lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    await mis.generate_catalogue(150)
    await shop.aclose()
    await mis.aclose()
    return "\n".join(lines)


def new_import(world: World) -> tuple[Path, str]:
    """A state of its own, and a product that no other import has."""
    product = world.products.pop()
    db = world.folder / f"{product}.db"
    shutil.copy(world.template, db)
    shutil.copy(f"{world.template}.key", f"{db}.key")
    return db, product


async def carry(db: Path, product: str, offset_s: int = 0, crash_at: int = 0) -> tuple[int, int]:
    return await asyncio.to_thread(run_child, db, product, offset_s, crash_at, errand="import")


async def state(db: Path) -> list[str]:
    store = Store.open(db)
    jobs = await store.imports.jobs("northfield")
    states = [item.state for job in jobs for item in await store.imports.items(job.id)]
    store.close()
    return states


def in_shop(world: World, product: str) -> tuple[int, int]:
    """How many products and stock items have its part number."""
    shop = httpx.get(f"{world.shop_url}/_emulator/state", trust_env=False).json()
    made = [one for one in shop["products"].values() if one["part_number"] == f"117-{product}"]
    stock = [one for one in shop["stocks"].values() if one["name"] == f"117-{product}"]
    return len(made), len(stock)


async def ends_well(world: World, *crashes: int) -> None:
    """Carried by processes that die at these points, then by ones that live: there is one product."""
    db, product = new_import(world)
    for started, crash_at in enumerate(crashes):
        await carry(db, product, started * HOUR, crash_at)
    for later in count(len(crashes)):
        assert (await carry(db, product, later * HOUR))[0] == 0
        states = await state(db)
        if not set(states) & set(UNSETTLED):
            break
        assert later < len(crashes) + 3, f"{states} after crashes at {crashes}"
    assert states == ["created"], crashes
    assert in_shop(world, product) == (1, 1), crashes


async def test_every_point_of_an_import_can_be_the_last_of_a_process(world: World) -> None:
    db, product = new_import(world)
    code, points = await carry(db, product)
    assert (code, await state(db), in_shop(world, product)) == (0, ["created"], (1, 1))
    assert points > 20, "commits and calls, before and after each"
    db, product = new_import(world)
    assert (await carry(db, product, 0, points // 2))[0] == -signal.SIGKILL
    chosen = random.Random(1)  # noqa: S311 - reproducible
    runs = [(point,) for point in range(1, points + 1)]
    runs += [(chosen.randint(1, points), chosen.randint(1, points)) for _ in range(DOUBLE_CRASHES)]
    for crashes in runs:  # one after the other: multiprocessing mixes up exit codes between threads
        await ends_well(world, *crashes)
    print(f"{points} points, {len(runs)} runs with crashes")  # noqa: T201 - the figure is the result


def marked_up(world: World, product: str) -> list[str]:
    """What the shop adds to its price."""
    shop = httpx.get(f"{world.shop_url}/_emulator/state", trust_env=False).json()
    [made] = [one for one in shop["products"].values() if one["part_number"] == f"117-{product}"]
    return [one["Markup"] for one in made["markups"]]


async def test_every_point_of_a_change_of_the_mark_up_can_be_the_last_of_a_process(world: World) -> None:
    async def change(db: Path, product: str, later: int = 0, crash_at: int = 0) -> tuple[int, int]:
        return await asyncio.to_thread(run_child, db, product, later * HOUR, crash_at, errand="mark-up")

    async def imported() -> tuple[Path, str]:
        db, product = new_import(world)
        assert (await carry(db, product))[0] == 0
        assert marked_up(world, product) == ["5"]
        return db, product

    db, product = await imported()
    code, points = await change(db, product)
    assert (code, await state(db), marked_up(world, product)) == (0, ["changed", "created"], ["30"])
    assert points > 12, "commits and calls, before and after each"
    for crash_at in range(1, points + 1, STEP):
        db, product = await imported()
        assert (await change(db, product, crash_at=crash_at))[0] == -signal.SIGKILL
        later = 1
        while "changed" not in await state(db):
            assert (await change(db, product, later))[0] == 0
            later += 1
            assert later < 4, f"not done after a crash at {crash_at}"
        assert marked_up(world, product) == ["30"], crash_at


async def test_processes_that_import_the_same_product_at_the_same_time_make_one(world: World) -> None:
    for _ in range(3):
        db, product = new_import(world)
        ended = await asyncio.to_thread(run_children, db, product, 0, [0, 0, 0], errand="import")
        assert [code for code, _ in ended] == [0, 0, 0]
        assert in_shop(world, product) == (1, 1)
        states = await state(db)
        assert states.count("created") == 1
        assert set(states) <= {"created", "skipped"}
