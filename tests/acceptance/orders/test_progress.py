"""An order moves on in the MIS, and the shop shows it: stage and tracking number, between both emulators."""

import json
import re
import tomllib
from pathlib import Path

import httpx
import tomli_w
from makeready.orders.rules import TEST_MARK
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from msgspec import structs
from processes import run
from story import STAGE, import_product, order, prepare, until
from world import STATUS_POLL_S, following

SECRET = "event-secret"
RULES = {
    "enabled": True,
    "poll_every_s": 86_400.0,
    "stages": {"In production": "Press", "Dispatched": "Shipping"},
}


async def test_statuses_and_a_tracking_number_arrive_in_the_shop_once() -> None:
    async with following() as world:
        number = await world.order()
        for status, tracking in (("In production", ""), ("Dispatched", "DP-1"), ("Invoiced", "")):
            await world.mis_moves(number, status, tracking)
            for _ in range(2):
                await world.pass_time(STATUS_POLL_S)
        assert (await world.stages(number))[2:] == ["Press", "Shipping", "Order Completed"]
        assert await world.trackings(number) == ["DP-1"]
        assert len(await world.mis.orders()) == 1


async def test_the_shop_s_item_is_never_moved_back() -> None:
    async with following() as world:
        number = await world.order()
        await world.shop.move_to_stage(int(number), 1, "Order Completed")
        await world.mis_moves(number, "In production")
        await world.pass_time(STATUS_POLL_S)
        await world.mis_moves(number, "Dispatched")
        await world.pass_time(STATUS_POLL_S)
        assert (await world.stages(number))[2:] == ["Order Completed"]


async def test_it_is_off_until_it_is_switched_on() -> None:
    async with following(enabled=False) as world:
        number = await world.order()
        await world.mis_moves(number, "Dispatched", "DP-1")
        before = len(await world.mis.journal())
        await world.pass_time(STATUS_POLL_S)
        assert len(await world.mis.journal()) == before, "no call is made"
        assert (await world.stages(number))[2:] == await world.trackings(number) == []
        await world.apply(**{**world.rules, "enabled": True})
        await world.pass_time(0)
        assert (await world.stages(number))[2:] == ["Shipping"]
        assert await world.trackings(number) == ["DP-1"]


async def test_a_stage_that_the_shop_does_not_have_costs_one_look(capsys) -> None:
    async with following(stages={"Dispatched": "Shipping"}) as world:
        saved = await world.installation.subscriber(
            "northfield"
        )  # as if the shop had renamed its stage since
        status = structs.replace(saved.status, stages={"Dispatched": "Despatch"})
        await world.installation.store.subscribers.save([structs.replace(saved, status=status)])
        number = await world.order()
        await world.mis_moves(number, "Dispatched", "DP-1")
        for _ in range(3):
            await world.pass_time(STATUS_POLL_S)
        assert (await world.stages(number))[2:] == []
        assert await world.trackings(number) == ["DP-1"], "the parcel is told all the same"
    assert (
        capsys.readouterr().out.count("has no stage Despatch; it has Order Received, Tharstern Xfr, Press")
        == 1
    )


async def test_an_event_of_the_mis_reaches_the_shop_through_a_running_server(site, tmp_path: Path) -> None:
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    follow(site, tmp_path)
    with site.serve() as server:
        prepare(site, server.url)
        import_product(site, "2284")
        await subscribe(site, mis)
        placed = await shop.place_order(order("117-2284", needs_approval=False))
        await shop.move_to_stage(placed.order_number, 1, STAGE)

        async def mis_number() -> str | None:
            return await shop.mis_number(placed.order_number, 1)

        mark = await until(mis_number, "the item is marked")
        assert mark.startswith(TEST_MARK), "the MIS is that of the test environment"
        await mis.move_order(
            mark.removeprefix(TEST_MARK),
            "Dispatched",
            carrier="Dales Parcels",
            tracking="DP-1",
        )

        async def stage() -> bool:
            return (await shop.stages(placed.order_number, 1))[-1] == "Shipping"

        await until(stage, "the item is at its stage")
        assert await shop.trackings(placed.order_number, 1) == ("DP-1",)
        page = page_of(site, server.url, f"/admin/subscribers/northfield/orders/{placed.order_number}")
    assert len(await mis.orders_received()) == 1, "our own move comes back as a webhook and sends nothing"
    shown = run("orders", "show", "northfield", str(placed.order_number), db=site.db).stdout
    assert f"{placed.order_number}-1 in the MIS: Dispatched; in the shop: Shipping" in shown
    assert "parcel Dales Parcels DP-1" in shown
    assert all(text in page for text in ("Dispatched", "Shipping", "Dales Parcels DP-1"))
    await shop.aclose()
    await mis.aclose()


def page_of(site, url: str, path: str) -> str:
    """As somebody who signs in sees it."""
    made = run("user", "add", "ada", "--role", "operator", "--generate", db=site.db)
    with httpx.Client(base_url=url, trust_env=False, follow_redirects=True) as browser:
        word = re.search(r'name="csrf" value="([^"]+)"', browser.get("/admin/sign-in").text)
        assert word
        given = {"csrf": word[1], "next": path, "name": "ada", "password": made.stdout.strip()}
        return browser.post("/admin/sign-in", data=given).text


def follow(site, folder: Path) -> None:
    settings = tomllib.loads(run("subscriber", "export", "northfield", db=site.db).stdout)
    northfield = settings["subscribers"]["northfield"]
    northfield["status"] = RULES
    northfield["connectors"]["tharstern"]["webhook_secret"] = SECRET
    file = folder / "follow.toml"
    file.write_text(tomli_w.dumps(settings))
    applied = run("subscriber", "apply", str(file), "--yes", db=site.db)
    assert applied.returncode == 0, applied.stdout + applied.stderr


async def subscribe(site, mis) -> None:
    """What the administrator of the MIS does: enter the address and the secret."""
    shown = json.loads(run("subscriber", "show", "northfield", "--json", db=site.db).stdout)
    url = shown["addresses"]["tharstern"]["webhook"]
    await mis.set_switches({"webhook-url": url, "webhook-secret": SECRET})
