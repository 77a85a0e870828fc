"""The journal, switches, reset, the driver's settings, state kept in a file, scenarios."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from makeready_hooks.capabilities import Role
from makeready_hooks.testing.emulation import EmulatorSetup, ShopDriver
from makeready_pressero_emulator import EMULATOR
from makeready_pressero_emulator.app import ENDPOINTS
from makeready_pressero_emulator.endpoints import Mark

BASE = "http://pressero.test"


async def test_the_journal_holds_requests_answers_and_effects(shop: Any, people: Any, an_order: Any) -> None:
    before = len(await shop.journal())
    await people.place_order(an_order())
    await shop.put("/api/v2/Orders/6994/Item/1", {"MisId": "SO-1"})
    placed, marked = (await shop.journal())[before:]
    assert [one["effect"] for one in placed["effects"]] == ["order-created", "event"]
    assert (marked["method"], marked["path"], marked["status"]) == ("PUT", "/api/v2/Orders/6994/Item/1", 200)
    assert marked["request"] == '{"MisId":"SO-1"}'
    assert '"MisId":"SO-1"' in marked["answer"]
    assert marked["effects"][0] == {"effect": "item-changed", "order": 6994, "item": 1, "mis_id": "SO-1"}


async def test_the_journal_can_be_read_from_an_entry_on(shop: Any) -> None:
    last = (await shop.journal())[-1]["n"]
    await shop.get("/api/Sites")
    response = await shop.http.get(f"/_emulator/journal?after={last}")
    assert [entry["path"] for entry in response.json()] == ["/api/Sites"]


async def test_a_switch_that_is_unknown_or_wrong_changes_nothing(shop: Any) -> None:
    before = (await shop.http.get("/_emulator/switches")).json()
    for wrong in ({"no-such": "1"}, {"country": "flag"}, {"slow": "often"}, {"slow": "-1"}):
        response = await shop.http.put("/_emulator/switches", json={"dates-zone": "Z", **wrong})
        assert response.status_code == 400
    assert (await shop.http.get("/_emulator/switches")).json() == before


def test_a_wrong_switch_stops_the_start() -> None:
    with pytest.raises(ValueError, match="no-such"):
        EMULATOR.build(EmulatorSetup(base_url=BASE, switches={"no-such": "on"}))


def test_every_switch_has_a_default_that_it_allows() -> None:
    for switch in EMULATOR.switches:
        assert not switch.choices or switch.default in switch.choices, switch.name
        assert switch.help.endswith(".")


async def test_reset_brings_the_scenario_back_and_keeps_switches(
    shop: Any, people: Any, an_order: Any
) -> None:
    await shop.switch(country="name")
    await people.place_order(an_order())
    await shop.http.post("/_emulator/reset")
    assert (await shop.get("/api/Sites")).status_code == 401
    await shop.sign_in()
    assert (await shop.get("/api/v2/orders/6994/Details")).status_code == 404
    assert (await shop.http.get("/_emulator/switches")).json()["country"] == "name"
    assert (await people.place_order(an_order())).order_number == 6994


async def test_the_driver_gives_settings_that_sign_in(shop: Any, people: Any) -> None:
    settings = await people.connector_settings()
    assert (settings["admin_url"], settings["allow_plain_http"]) == (BASE, True)
    names = {"user_name": "UserName", "password": "Password"}
    names |= {"subscriber_id": "SubscriberId", "consumer_id": "ConsumerID"}
    login = {member: settings[name] for name, member in names.items()}
    assert (await shop.http.post("/api/V2/Authentication", json=login)).status_code == 200


async def test_the_driver_gives_a_limit_of_calls_only_where_there_is_none(shop: Any, people: Any) -> None:
    assert (await people.connector_settings())["calls_per_10_s"] >= 100_000
    await shop.switch(rate_limit="on")
    assert "calls_per_10_s" not in await people.connector_settings()


async def test_the_driver_shows_sites_and_products(people: Any) -> None:
    driver: ShopDriver = people
    assert await driver.sites() == ("shop.northfield.example", "trade.northfield.example")
    assert [one["PrintersPartNum"] for one in await driver.products()] == ["NF-CARD", "NF-VOUCHER"]


async def test_state_is_kept_in_a_file_over_a_restart(
    in_process: Callable[..., Any], an_order: Any, tmp_path: Path
) -> None:
    setup = EmulatorSetup(base_url=BASE, state=tmp_path / "shop.json", switches={"rate-limit": "off"})
    ids = []
    for _ in range(2):
        async with in_process(setup) as shop:
            people = EMULATOR.driver(BASE)
            await people.aclose()
            transport = httpx.ASGITransport(app=shop.app)
            people = type(people)(BASE, transport=transport)
            placed = await people.place_order(an_order())
            order = (await shop.get(f"/api/v2/orders/{placed.order_number}/Details")).json()
            ids.append((placed.order_number, order["OrderId"]))
            await people.aclose()
    assert [number for number, _ in ids] == [6994, 6995]
    assert ids[0][1] != ids[1][1]


async def test_the_same_seed_gives_the_same_ids(in_process: Callable[..., Any]) -> None:
    tokens = []
    for seed in (1, 1, 2):
        async with in_process(EmulatorSetup(base_url=BASE, seed=seed)) as shop:
            tokens.append(shop.token)
    assert tokens[0] == tokens[1] != tokens[2]


async def test_a_scenario_can_be_given_as_json(shop: Any) -> None:
    scenario = {
        "subscriber": {"id": "s", "consumer_id": "c", "user_name": "u", "password": "p"},
        "sites": [{"name": "One", "domain": "one.example"}],
        "workflows": [{"name": "W", "stages": [{"printer": "New"}]}],
    }
    response = await shop.http.post("/_emulator/scenario", json={"scenario": scenario})
    assert response.status_code == 204
    assert (await shop.http.get("/_emulator/sites")).json() == ["one.example"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sitez": []}, "sitez"),
        (
            {"users": [{"site": "none.example", "email": "a", "first_name": "b", "last_name": "c"}]},
            "none.example",
        ),
    ],
)
async def test_a_scenario_with_a_slip_is_refused_with_the_reason(
    shop: Any, change: dict[str, Any], reason: str
) -> None:
    scenario = {
        "subscriber": {"id": "s", "consumer_id": "c", "user_name": "u", "password": "p"},
        "sites": [{"name": "One", "domain": "one.example"}],
        "workflows": [{"name": "W", "stages": [{"printer": "New"}]}],
    }
    response = await shop.http.post("/_emulator/scenario", json={"scenario": {**scenario, **change}})
    assert response.status_code == 400
    assert reason in response.json()["Message"]
    assert (await shop.http.get("/_emulator/sites")).json()[0] == "shop.northfield.example"


def test_the_emulator_says_what_it_is() -> None:
    assert (EMULATOR.name, EMULATOR.role) == ("pressero", Role.STOREFRONT)


def test_the_documentation_has_every_call_of_the_vendor_s() -> None:
    theirs = [endpoint for endpoint in ENDPOINTS if endpoint.mark is not Mark.OWN]
    assert len(EMULATOR.calls) == len(theirs) > 50
    assert {call.mark for call in EMULATOR.calls} == {"seen", "inferred"}
    names = {switch.name for switch in EMULATOR.switches}
    assert {endpoint.switch for endpoint in ENDPOINTS} - {""} <= names
    assert all(endpoint.does.endswith(".") for endpoint in ENDPOINTS)
