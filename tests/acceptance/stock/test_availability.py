"""What shop pages are told: by site and URL name, to pages of that site only, no more than is allowed."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.stock.model import StockRules
from makeready.web.app import create_app
from makeready_availability.availability import Availability, Entry, product_answer
from makeready_availability.endpoint import AvailabilityEndpoint
from makeready_hooks.model.product import StockLevel
from pretend import Bench
from world import KIT, SITE, World, link, stocked

NAME, PATH = "product-m2284", "/integrations/availability"
ORIGIN = f"https://{SITE}"


class Pages:
    """Pages of the shop."""

    def __init__(self, world: World, http: httpx.AsyncClient) -> None:
        self.world = world
        self._http = http

    async def ask(
        self, *products: str, site: str = SITE, origin: str | None = ORIGIN, **more: str
    ) -> httpx.Response:
        await self.world.pass_time(2)  # what is in memory is old
        return await self.ask_again(*products, site=site, origin=origin, **more)

    async def ask_again(
        self, *products: str, site: str = SITE, origin: str | None = ORIGIN, headers: Any = (), **more: str
    ) -> httpx.Response:
        query = [("site", site), *(("product", product) for product in products), *more.items()]
        sent = {**dict(headers), **({"Origin": origin} if origin else {})}
        return await self._http.get(PATH, params=query, headers=sent)

    async def told(self, *products: str) -> dict[str, Any]:
        products_told: dict[str, Any] = (await self.ask(*products)).json()["products"]
        return products_told


@asynccontextmanager
async def pages(folder: Path, monkeypatch: pytest.MonkeyPatch, **rules: Any) -> AsyncIterator[Pages]:
    monkeypatch.setattr("makeready_availability.endpoint.SAME_FOR_S", 0.0)
    monkeypatch.setattr(
        "makeready_availability.availability.WAIT_AFTER_S", 0.0
    )  # what is old is renewed first
    async with stocked(folder, **rules) as world:
        await world.pass_time(0)
        app = create_app(world.installation, work=False)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://bridge.example") as http,
        ):
            yield Pages(world, http)


def test_what_pages_ask_is_not_compared_with_every_address_of_other_extensions(bench: Bench) -> None:
    paths = [getattr(one, "path", "") for one in create_app(bench.installation, work=False).routes]
    assert paths.index(PATH) < paths.index("/admin") < paths.index("/api/v1")
    assert paths.index("/price/{segment}/{connector}") < paths.index(PATH)


async def test_a_page_is_told_whether_a_product_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pages(tmp_path, monkeypatch) as shop:
        assert await shop.told(NAME) == {NAME: {"state": "in"}}
        assert await shop.told(NAME, "business-cards", "PRODUCT-M2284") == {
            NAME: {"state": "in"},
            "PRODUCT-M2284": {"state": "in"},
        }
        assert await shop.told(f"{NAME}:120") == {NAME: {"state": "in"}}
        assert await shop.told(f"{NAME}:121") == {NAME: {"state": "in", "short": True}}
        await shop.world.shelf(10)
        await shop.world.sync()
        assert await shop.told(NAME) == {NAME: {"state": "few"}}
        await shop.world.shelf(0)
        await shop.world.sync()
        assert await shop.told(f"{NAME}:5") == {NAME: {"state": "out"}}


async def test_what_buyers_have_ordered_is_not_there_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pages(tmp_path, monkeypatch, levels="exact", fresh_s=0) as shop:
        await shop.world.hear_of(await shop.world.buy(117))
        assert await shop.told(NAME) == {NAME: {"state": "few", "left": 3}}


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (ORIGIN, 200),
        (f"http://{SITE}:8080", 200),
        ("https://www.northfield.example", 200),
        (None, 200),
        ("https://shop.elsewhere.example", 403),
        (f"https://{SITE}.elsewhere.example", 403),
        (f"https://x{SITE}", 403),
        ("null", 403),
        (f"ftp://{SITE}", 403),
        ("https://[", 403),
    ],
)
async def test_pages_of_the_site_s_domains_and_no_others_may_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str | None, status: int
) -> None:
    async with pages(tmp_path, monkeypatch, domains={"www.northfield.example": SITE}) as shop:
        answer = await shop.ask(NAME, origin=origin)
        assert answer.status_code == status
        allowed = answer.headers.get("access-control-allow-origin")
        assert allowed == (origin if status == 200 else None)
        assert answer.headers["vary"] == "Origin"
        assert ("products" in answer.json()) == (status == 200)


async def test_a_site_that_we_do_not_know_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pages(tmp_path, monkeypatch) as shop:
        for site in ("shop.elsewhere.example", ""):
            assert (await shop.ask(NAME, site=site)).status_code == 404


async def test_the_same_answer_is_not_sent_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with pages(tmp_path, monkeypatch) as shop:
        first = await shop.ask(NAME)
        assert first.headers["cache-control"] == "public, max-age=2"
        same = await shop.ask_again(NAME, headers={"If-None-Match": first.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        await shop.world.shelf(0)
        await shop.world.sync()
        await shop.world.pass_time(2)
        await shop.ask_again(NAME)
        other = await shop.ask_again(NAME, headers={"If-None-Match": first.headers["etag"]})
        assert other.status_code == 200


async def test_whoever_asks_too_often_is_told_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pages(tmp_path, monkeypatch, calls_per_minute=60) as shop:
        answers = [await shop.ask_again(NAME) for _ in range(12)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
        assert answers[-1].headers["retry-after"] == "10"


async def test_an_open_product_page_is_told_what_the_mis_says_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pages(tmp_path, monkeypatch, fresh_s=10) as shop:
        await shop.world.pass_time(11)
        await shop.world.shelf(0)
        journal = len(await shop.world.mis.journal())
        answers = await asyncio.gather(*(shop.ask_again(f"{NAME}:{n}") for n in range(1, 20)))
        assert {answer.json()["products"][NAME]["state"] for answer in answers} == {"out"}
        assert len(await shop.world.mis.journal()) - journal == 1, "one call for all who wait"
        await shop.world.shelf(50)
        assert await shop.told(f"{NAME}:1") == {NAME: {"state": "out"}}, "fresh enough"


async def test_a_list_of_products_asks_the_mis_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pages(tmp_path, monkeypatch) as shop:
        await shop.world.pass_time(100)
        journal = len(await shop.world.mis.journal())
        await shop.ask(NAME)
        assert len(await shop.world.mis.journal()) == journal


async def test_an_mis_that_is_away_keeps_nobody_waiting_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pages(tmp_path, monkeypatch) as shop:
        await shop.world.pass_time(11)
        await shop.world.mis.set_switches({"error-before": "1"})
        assert await shop.told(f"{NAME}:1") == {NAME: {"state": "in"}}
        journal = len(await shop.world.mis.journal())
        assert await shop.told(f"{NAME}:2") == {NAME: {"state": "in"}}
        assert len(await shop.world.mis.journal()) == journal


async def test_a_level_that_nobody_could_read_for_long_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pages(tmp_path, monkeypatch, stale_after_s=3600, fresh_s=0) as shop:
        await shop.world.mis.set_switches({"error-before": "1"})
        await shop.world.pass_time(3000)
        assert await shop.told(NAME) == {NAME: {"state": "in"}}
        await shop.world.pass_time(700)
        assert await shop.told(NAME) == {}


async def test_settings_of_a_shop_come_along_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"fr": {"out": "Épuisé."}}
    async with pages(
        tmp_path, monkeypatch, block=True, back_orders=True, badges=False, texts=texts, refresh_s=40
    ) as shop:
        answer = (await shop.ask(NAME, shop="1")).json()
        assert answer["again"] == 40
        assert answer["shop"] == {"block": True, "back_orders": True, "texts": texts}
        assert "shop" not in (await shop.ask(NAME)).json()
        await shop.world.apply(warn=False)
        await shop.world.pass_time(5)
        await shop.ask(NAME)
        assert await shop.told(NAME) == {}


@pytest.mark.parametrize(
    "odd", ["", ":", ":5", "a:b", "a:-1", "a:²", "%ff", "a" * 500, f"{NAME}:99999999999999999999"]
)
async def test_odd_names_are_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str) -> None:
    async with pages(tmp_path, monkeypatch) as shop:
        answer = await shop.ask(odd, NAME, shop="2")
        assert answer.status_code == 200
        assert NAME in answer.json()["products"]


@pytest.mark.parametrize(
    "query", [b"%ff%fe=1", b"site=%", b"site=&" * 200, b"a" * 7000, b"&&;;=="], ids=range(5)
)
async def test_odd_queries_are_survived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: bytes
) -> None:
    async with pages(tmp_path, monkeypatch) as shop:
        url = httpx.URL("http://bridge.example", path=PATH, query=query)
        assert (await shop._http.get(url)).status_code in (400, 404)


async def test_long_questions_are_refused_and_nothing_of_them_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pages(tmp_path, monkeypatch) as shop:
        assert (await shop.ask_again("a" * 30_000)).status_code == 414
        ask = AvailabilityEndpoint(
            Availability(shop.world.installation)
        )  # a client would keep addresses itself
        for length, most in ((30_000, 1_000_000), (7_900, 12_000_000)):
            tracemalloc.start()
            for number in range(2_000):
                query = b"%d" % number + b"a" * length
                await ask(
                    {"query_string": query, "headers": [], "client": None, "method": "GET"}, nothing, swallow
                )
            kept, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert kept < most, "of 60 MB and 16 MB"


async def nothing() -> Any:
    raise AssertionError("it reads no body")


async def swallow(message: Any) -> None:
    pass


async def test_two_subscribers_never_see_each_other_s_stock(bench: Bench, client: httpx.AsyncClient) -> None:
    store = bench.installation.store
    await store.subscribers.save(
        [_other(bench.subscriber, name="southgate", external_user_id=118, url_token="other")]
    )
    for name, site, on_hand in (("northfield", "a.example", 0), ("southgate", "b.example", 50)):
        await link(bench.installation, name, KIT, site=site)
        level = StockLevel(product_id=KIT, on_hand=Decimal(on_hand))
        await store.stock.save_levels(name, [level], read_at=bench.clock())
    for site, state in (("a.example", "out"), ("b.example", "in")):
        answer = await client.get(PATH, params={"site": site, "product": NAME})
        assert answer.json()["products"] == {NAME: {"state": state}}
    foreign = await client.get(PATH, params={"site": "a.example"}, headers={"Origin": "https://b.example"})
    assert foreign.status_code == 403


def _other(subscriber: Any, **changes: Any) -> Any:
    return type(subscriber)(
        **{**{name: getattr(subscriber, name) for name in subscriber.__struct_fields__}, **changes}
    )


@given(
    free=st.integers(-5, 200),
    quantity=st.integers(0, 300),
    few=st.integers(0, 20),
    levels=st.sampled_from(["bands", "few", "exact"]),
)
def test_a_page_is_told_no_more_than_is_allowed(free: int, quantity: int, few: int, levels: Any) -> None:
    rules = StockRules(few=few, levels=levels)
    answer = product_answer(
        Entry(product_id="p", free=free, expected_on="2026-04-02", read_at=0.0), quantity, rules
    )
    assert (answer.state == "out") == (free <= 0)
    assert (answer.state == "few") == (0 < free <= few)
    assert answer.short == (free > 0 and quantity > free)
    told = free > 0 and (levels == "exact" or (levels == "few" and free <= few))
    assert answer.left == (free if told else -1)
    assert bool(answer.expected) == (free <= 0 or quantity > free)


# The script and the stylesheet


@pytest.mark.parametrize("name", ["makeready", "Tharstern"])
async def test_script_and_stylesheet_are_served_under_both_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async with pages(tmp_path, monkeypatch) as shop:
        for suffix, kind in (("js", "text/javascript; charset=utf-8"), ("css", "text/css; charset=utf-8")):
            answer = await shop._http.get(f"/integrations/{name}.{suffix}")
            assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
            assert answer.headers["content-encoding"] == "gzip"
            assert "max-age=600" in answer.headers["cache-control"]
            same = await shop._http.get(answer.url, headers={"If-None-Match": answer.headers["etag"]})
            assert (same.status_code, same.content) == (304, b"")
            version = answer.headers["etag"].strip('"')
            fixed = await shop._http.get(answer.url, params={"v": version})
            assert "immutable" in fixed.headers["cache-control"]
            plain = await shop._http.get(answer.url, headers={"Accept-Encoding": "identity"})
            assert plain.content == answer.content
        assert (await shop._http.get("/integrations/Tharstern.exe")).status_code == 404


def test_script_and_stylesheet_are_small() -> None:
    folder = Path(__file__).parents[3] / "plugins/pressero/makeready_pressero/storefront"
    sizes = [len(gzip.compress((folder / f"stock.{suffix}").read_bytes())) for suffix in ("js", "css")]
    assert sum(sizes) <= 6000
