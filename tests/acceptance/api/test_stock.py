"""Stock through the JSON API and the command line."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from api import NORTHFIELD, Api, token
from makeready.web.app import create_app
from processes import run, running
from world import KIT, SITE, STOCK_POLL_S, World, stocked

STOCK = f"{NORTHFIELD}/stock"


@asynccontextmanager
async def caller(folder: Path) -> AsyncIterator[tuple[World, Api]]:
    async with stocked(folder) as world:
        app = create_app(world.installation, work=False)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as http:
            document = (await http.get("/api/v1/openapi.json")).json()
            world_as_bench: Any = world
            yield world, Api(http, document, await token(world_as_bench, "ada"))


async def test_stock_is_listed_shown_with_its_history_and_read_now(tmp_path: Path) -> None:
    async with caller(tmp_path) as (world, api):
        [unknown] = (await api.get(STOCK))["products"]
        assert (unknown["on_hand"], unknown["available"], unknown["read_at"]) == (None, None, None)
        await world.settled()
        await world.hear_of(await world.buy(20))
        await world.shelf(90)
        done = await api.post(f"{STOCK}/sync", body={"products": [KIT]})
        assert done == {"products": 1, "known": 1, "changed": [KIT], "moved": 1, "trouble": ""}
        listed = await api.get(STOCK)
        [one] = listed["products"]
        assert (one["on_hand"], one["ordered"], one["available"]) == ("90", 20, "70")
        assert [(shop["site"], shop["level"]) for shop in one["shops"]] == [(SITE, 70)]
        assert listed["mirror"]["state"] == "works"
        shown = await api.get(f"{STOCK}/{KIT}", days=1)
        assert [point["free"] for point in shown["history"]] == ["120", "90"]
        assert shown["stock"] == one


async def test_a_product_that_is_in_no_shop_is_not_found(tmp_path: Path) -> None:
    async with caller(tmp_path) as (_, api):
        assert (await api.get(f"{STOCK}/4711", 404))["field"] == "product"
        assert (await api.get(STOCK, 422, limit=0))["field"] == "limit"


async def test_a_product_whose_id_has_a_slash_is_shown(tmp_path: Path) -> None:
    async with caller(tmp_path) as (world, api):
        await world.link("CARD-85x55/A")
        assert (await api.get(f"{STOCK}/CARD-85x55%2FA"))["stock"]["product"] == "CARD-85x55/A"


async def test_a_list_of_stock_comes_page_by_page(tmp_path: Path) -> None:
    async with caller(tmp_path) as (world, api):
        await world.link("4107", "4108", "999")
        await world.pass_time(STOCK_POLL_S)
        found, cursor = [], ""
        while cursor is not None:
            page = await api.get(STOCK, limit=2, cursor=cursor)
            found += [one["product"] for one in page["products"]]
            cursor = page["next_cursor"]
        assert found == [KIT, "4107", "4108", "999"]


async def test_an_mis_that_is_away_is_told(tmp_path: Path) -> None:
    async with caller(tmp_path) as (world, api):
        await world.settled()
        await world.mis.set_switches({"error-before": "1"})
        await api.post(f"{STOCK}/sync", 503)


def test_stock_on_the_command_line(site: Any) -> None:
    """Nothing is in a shop yet; then one product is, and its stock changes."""
    assert "Import some with" in run("stock", "show", "northfield", db=site.db).stdout
    with site.serve() as server:
        installed = run("subscriber", "install", "northfield", "--public-url", server.url, db=site.db)
        assert installed.returncode == 0, installed.stderr
        imported = run("import", "run", "northfield", KIT, "--site", SITE, db=site.db)
        assert imported.returncode == 0, imported.stderr
        assert run("stock", "sync", "northfield", db=site.db).returncode == 0
        arguments = ("stock", "watch", "northfield", "--every", "0.1")
        with running(*arguments, db=site.db, says=rf"{KIT}: (120) free") as watching:
            shelf = f"{site.mis_url}/_emulator/products/{KIT}/stock"
            httpx.put(shelf, json={"on_hand": "9"}, trust_env=False).raise_for_status()
            synced = run("stock", "sync", "northfield", db=site.db)
            assert watching.prints(f"{KIT}: 9 free")
        assert "1 of 1 products told their stock" in synced.stdout
        shown = json.loads(run("stock", "show", "northfield", KIT, "--json", db=site.db).stdout)
        assert shown["products"][0]["level"]["on_hand"] == "9"
        assert "9 free" in run("stock", "show", "northfield", KIT, db=site.db).stdout
        wrong = run("stock", "sync", "northfield", "4711", db=site.db)
        assert (wrong.returncode, "in no shop" in wrong.stderr) == (3, True)
        snippets = run("subscriber", "show", "northfield", db=site.db).stdout
        assert f"# for the head of every page of {SITE}:" in snippets
        assert f'src="{server.url}/integrations/Tharstern.js" async></script>' in snippets
