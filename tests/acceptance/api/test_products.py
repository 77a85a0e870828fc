"""Products and imports through the JSON API. Every answer must fit the OpenAPI document."""

import asyncio
import json

import pytest
from api import NORTHFIELD, Api
from makeready.subscribers.setup import install
from makeready_hooks.model.product import ProductBinding, ShopProduct
from pretend import SITE, Bench, product
from steps import settle

IMPORTS = f"{NORTHFIELD}/imports"


@pytest.fixture
async def ready(bench: Bench) -> Bench:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    bench.mis.products = {str(key): product(str(key), f"Poster {key}") for key in range(1, 13)}
    return bench


async def planned(api: Api, **wish: object) -> int:
    job: int = (await api.post(IMPORTS, body={"site": SITE, "all_matching": "", **wish}))["job"]
    return job


async def test_products_are_found_page_by_page_and_those_in_a_site_are_marked(ready: Bench, api: Api) -> None:
    job = await planned(api, all_matching=None, product_ids=["3"])
    await api.post(f"{IMPORTS}/{job}/run")
    await settle(ready)
    page = await api.get(f"{NORTHFIELD}/products", site=SITE, limit=5)
    assert (len(page["products"]), page["total"]) == (5, 12)
    marked = [one["product"]["id"] for one in page["products"] if one["imported"]]
    assert marked == ["3"]
    last, cursor = page, page["next_cursor"]
    while cursor:
        last = await api.get(f"{NORTHFIELD}/products", cursor=cursor)
        cursor = last["next_cursor"]
    assert [one["product"]["id"] for one in last["products"]] == ["11", "12"]


async def test_a_site_tells_what_can_be_chosen(ready: Bench, api: Api) -> None:
    assert (await api.get(f"{NORTHFIELD}/sites"))["sites"][0] == SITE
    found = await api.get(f"{NORTHFIELD}/sites/{SITE}")
    assert [one["name"] for one in found["groups"]] == ["Everyone", "Staff"]
    assert found["categories"] is None


async def test_an_import_is_planned_run_and_seen(ready: Bench, api: Api) -> None:
    plan = await api.post(IMPORTS, body={"site": SITE, "product_ids": ["1", "2", "404"]})
    assert [item["action"] for item in plan["items"]] == ["create", "create"]
    assert plan["errors"] == ["The MIS has no product 404 that is for sale."]
    assert ready.shop.products == {}
    one = f"{IMPORTS}/{plan['job']}"
    assert (await api.post(f"{one}/run"))["state"] == "running"
    await settle(ready)
    first = await api.get(one, limit=1)
    assert [item["product_id"] for item in first["items"]] == ["1"]
    shown = await api.get(one, limit=1, cursor=first["next_cursor"])
    assert shown["next_cursor"] is None
    assert shown["progress"]["counts"] == {"created": 2}
    assert [item["product_id"] for item in shown["items"]] == ["2"]
    assert [job["job"] for job in (await api.get(IMPORTS))["imports"]] == [plan["job"]]
    assert (await api.get(one, state="failed"))["items"] == []


async def test_an_import_is_paused_gone_on_with_and_cancelled(ready: Bench, api: Api) -> None:
    one = f"{IMPORTS}/{await planned(api)}"
    assert "does not run" in (await api.post(f"{one}/pause", 409))["detail"]
    await api.post(f"{one}/run")
    assert (await api.post(f"{one}/pause"))["state"] == "paused"
    await settle(ready)
    assert ready.shop.products == {}
    await api.post(f"{one}/run")
    assert (await api.post(f"{one}/cancel"))["counts"] == {"cancelled": 12}


async def test_an_import_s_progress_is_a_stream_of_events(ready: Bench, api: Api) -> None:
    one = f"{IMPORTS}/{await planned(api)}"
    await api.post(f"{one}/run")
    following = asyncio.create_task(api.stream(f"{one}/events"))
    await settle(ready)
    events = [event.split("\n") for event in (await following).strip().split("\n\n")]
    names = [lines[0] for lines in events]
    assert names == ["event: progress"] * (len(names) - 1) + ["event: end"]
    last = json.loads(events[-2][1].removeprefix("data: "))
    assert (last["state"], last["settled"], last["total"]) == ("done", 12, 12)


async def test_what_is_left_to_do_by_hand_is_a_file(ready: Bench, api: Api) -> None:
    one = f"{IMPORTS}/{await planned(api, all_matching=None, product_ids=['1'])}"
    assert (await api.get(f"{one}/file", 404))["detail"] == "Nothing is left to do by hand for this import."
    await api.post(f"{one}/run")
    await settle(ready)
    answer = await api.raw(f"{one}/file")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert b"1" in answer.content


async def test_a_link_is_suggested_planned_run_and_undone(ready: Bench, api: Api) -> None:
    ready.shop.others["p7"] = ShopProduct(id="p7", name="Poster 7", part_number="OLD-7")
    ready.shop.bindings["p7"] = ProductBinding(part_number="OLD-7")
    [found] = (await api.get(f"{NORTHFIELD}/links/suggestions", site=SITE))["suggestions"]
    assert (found["product_id"], found["shop_product_id"]) == ("7", "p7")
    body = {"site": SITE, "pairs": [{"product": "7", "shop_product": "OLD-7"}]}
    plan = await api.post(f"{NORTHFIELD}/links/plan", body=body)
    await api.post(f"{IMPORTS}/{plan['job']}/run")
    await settle(ready)
    assert ready.shop.bindings["p7"].part_number == "117-7"
    linked = {"site": SITE, "product_ids": ["7"]}
    assert (await api.post(f"{NORTHFIELD}/links/undo", body=linked))["done"][0]["problem"] == ""
    assert ready.shop.bindings["p7"].part_number == "OLD-7"
    assert "not linked" in (await api.post(f"{NORTHFIELD}/links/unlink", body=linked))["done"][0]["problem"]


async def test_what_is_in_a_shop_is_listed_page_by_page(ready: Bench, api: Api) -> None:
    await api.post(f"{IMPORTS}/{await planned(api, all_matching='Poster 1')}/run")
    await settle(ready)
    first = await api.get(f"{NORTHFIELD}/links", site=SITE, limit=3)
    assert [one["product_id"] for one in first["links"]] == ["1", "10", "11"]
    assert (first["links"][0]["existed"], first["links"][0]["part_number"]) == (False, "117-1")
    rest = await api.get(f"{NORTHFIELD}/links", site=SITE, cursor=first["next_cursor"])
    assert ([one["product_id"] for one in rest["links"]], rest["next_cursor"]) == (["12"], None)
    [found] = (await api.get(f"{NORTHFIELD}/links", site=SITE, q="117-12"))["links"]
    assert found == rest["links"][0]
    assert (await api.get(f"{NORTHFIELD}/links", 422))["field"] == "site"


async def test_imports_come_page_by_page(ready: Bench, api: Api) -> None:
    made = [await planned(api) for _ in range(3)]
    page = await api.get(IMPORTS, limit=2)
    last = await api.get(IMPORTS, limit=2, cursor=page["next_cursor"])
    assert [one["job"] for one in (*page["imports"], *last["imports"])] == made[::-1]
    assert last["next_cursor"] is None


async def test_choices_are_kept_used_and_forgotten(ready: Bench, api: Api) -> None:
    profiles, wish = f"{NORTHFIELD}/profiles", {"site": SITE, "markup_percent": "25", "groups": ["Staff"]}
    kept = await api.post(profiles, body={"name": "posters", "wish": {**wish, "product_ids": ["1"]}})
    assert (kept["name"], kept["wish"]["product_ids"]) == ("posters", [])
    [one] = (await api.get(profiles, site=SITE))["profiles"]
    assert one == kept
    plan = await api.post(IMPORTS, body={**one["wish"], "product_ids": ["1"]})
    assert (await api.get(IMPORTS))["imports"][0]["markup_percent"] == "25"
    assert plan["job"]
    for wrong, field in (
        ({"groups": ["Nobody"]}, "wish.groups"),
        ({"markup_percent": "x"}, "wish.markup_percent"),
    ):
        assert (await api.post(profiles, 422, {"name": "p", "wish": {**wish, **wrong}}))["field"] == field
    await api.post(f"{profiles}/posters/delete", body={"site": SITE})
    assert (await api.get(profiles, site=SITE))["profiles"] == []
    assert (await api.post(f"{profiles}/posters/delete", 404, {"site": SITE}))["field"] == "profile"


async def test_links_that_do_not_fit_are_told(ready: Bench, api: Api) -> None:
    found = await api.get(f"{NORTHFIELD}/links/check", site=SITE)
    assert found["looked_at"] == 0


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("imports", {"site": "nowhere.example", "product_ids": ["1"]}, "site"),
        ("imports", {"site": SITE}, "product_ids"),
        ("imports", {"site": SITE, "product_ids": ["1"], "markup_percent": "-3"}, "markup_percent"),
        ("imports", {"site": SITE, "product_ids": ["1"], "groups": ["Nobody"]}, "groups"),
        ("imports", {"site": SITE, "product_ids": ["1"], "existing": "perhaps"}, "existing"),
        ("links/plan", {"site": SITE, "pairs": []}, "pairs"),
        ("links/unlink", {"site": SITE}, "product_ids"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_planned(
    ready: Bench, api: Api, path, body, field
) -> None:
    assert (await api.post(f"{NORTHFIELD}/{path}", 422, body))["field"] == field
    assert (await api.get(IMPORTS))["imports"] == []


@pytest.mark.parametrize("job", ["0", "99", "x", "1e3", "9" * 40])
async def test_an_import_that_there_is_not_is_404_or_422(ready: Bench, api: Api, job: str) -> None:
    answer = await api.raw(f"{IMPORTS}/{job}")
    assert answer.status_code in (404, 422)
    assert answer.json()["field"] == "job"
