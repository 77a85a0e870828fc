"""State files, scenarios, catalogues."""

import json
from pathlib import Path
from typing import Any

import pytest


async def test_orders_survive_a_restart(start: Any, sample: Any, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    first = await start(state=state)
    await first.post("orders/submit", sample("order-minimal.json"))
    before = await first.orders()
    second = await start(state=state)
    assert await second.orders() == before
    (bag,) = await second.items("products", id=4107)
    assert bag["QtyAllocated"] == 65
    answer = await second.post("orders/submit", sample("order-minimal.json"))
    assert answer.json()["Details"]["Orders"][0]["ID"] == 30002


async def test_a_confirmed_order_is_on_disk_before_the_answer(
    start: Any, sample: Any, tmp_path: Path
) -> None:
    api = await start(state=tmp_path / "state.db")
    await api.post("orders/submit", sample("order-minimal.json"))
    copy = tmp_path / "copy.db"
    for suffix in ("", "-wal"):
        (tmp_path / f"copy.db{suffix}").write_bytes((tmp_path / f"state.db{suffix}").read_bytes())
    assert len(await (await start(state=copy)).orders()) == 1


async def test_a_reset_empties_the_state_file(start: Any, sample: Any, tmp_path: Path) -> None:
    api = await start(state=tmp_path / "state.db")
    await api.post("orders/submit", sample("order-minimal.json"))
    await api.control("POST", "reset", {})
    assert await (await start(state=tmp_path / "state.db")).orders() == []


async def test_artwork_on_its_way_is_fetched_after_a_restart(
    start: Any, served: Any, sample: Any, files: str, tmp_path: Path
) -> None:
    first = await start({"artwork": "off"}, state=tmp_path / "state.db")
    await first.post("orders/submit", sample("order-kit.json", files=files))
    second = await served(state=tmp_path / "state.db")
    await second.settle()
    assert (await second.orders())[0]["files"][0]["fetched"] is True


SCENARIO = {
    "title": "One kit",
    "logins": [{"email": "api@northfield.example", "password": "press-gang"}],
    "products": [{"id": 7, "code": "ONE", "description": "One", "price": 1.25}],
}


async def test_a_scenario_can_be_json(start: Any, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(SCENARIO), "utf-8")
    api = await start(scenario=path)
    assert [(row["ID"], row["Price"]) for row in await api.items("products")] == [(7, 1.25)]


async def test_a_scenario_can_be_loaded_while_it_runs(api: Any) -> None:
    await api.control("POST", "scenario", {"text": json.dumps(SCENARIO), "kind": "json"})
    assert (await api.get("products")).status_code == 401
    await api.sign_in()
    assert len(await api.items("products")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[[products]]\nid = 1",
        "[[customers]]\nid=1\ncode='A'\nname='A'\n[[customers]]\nid=1\ncode='B'\nname='B'",
        "[[products]]\nprise = 2",
        "[[widgets]]\nid = 1",
        "no toml",
    ],
)
async def test_a_scenario_that_makes_no_sense_changes_nothing(api: Any, text: str) -> None:
    answer = await api.http.post("/_emulator/scenario", json={"text": text, "kind": "toml"})
    assert answer.status_code == 400
    assert "scenario" in answer.json()["error"]
    assert len(await api.items("products")) == 18


async def test_the_scenario_that_ships_has_what_a_demonstration_needs(api: Any) -> None:
    rows = {row["Code"]: row for row in await api.items("products")}
    assert len(rows) >= 14
    assert (rows["KIT-2284"]["ID"], rows["KIT-2284"]["Price"], rows["KIT-2284"]["Weight"]) == (2284, 20, 3.2)
    assert rows["TOTE-NVY"]["QtyInStock"] == 310
    assert [code for code, row in rows.items() if row.get("QtyInStock") == 0] == ["MUG-GAL", "PROC-CREASE"]
    assert any("ü" in row["Description"] for row in rows.values())


async def test_a_catalogue_of_5000_is_the_same_for_the_same_seed(start: Any) -> None:
    async def page(seed: int) -> list[dict[str, Any]]:
        api = await start({"page-size": "50"}, seed=seed)
        assert (await api.control("POST", "catalogue", {"count": 5000}))["products"] == 5018
        details = await api.details("products", pageNumber=60)
        assert details["TotalItemCount"] == 5018
        items: list[dict[str, Any]] = details["Items"]
        return items

    first = await page(3)
    assert first == await page(3)
    assert first != await page(4)


async def test_a_catalogue_has_every_kind_of_product(api: Any) -> None:
    await api.control("POST", "catalogue", {"count": 100})
    rows = [row for row in await api.items("products", pageSize=500) if row["Code"].startswith("GEN-")]
    assert len({row["Code"] for row in rows}) == 100
    assert sum(row["ProductTypes_ID"] > 0 for row in rows) == 5
    assert sum(row["StockType"] == "Part" for row in rows) == 5
    assert sum(row.get("QtyInStock") == 0 for row in rows) == 5
    assert any(row.get("PriceBreaks") for row in rows)
