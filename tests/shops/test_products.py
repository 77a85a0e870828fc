"""Imports, prices and stock of a company with two shops, whose sites and ids are the same."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from makeready.subscribers.setup import install
from makeready_availability.availability import Availability
from makeready_hooks import Capability, ListKind, hookimpl
from makeready_hooks.errors import NotSupported, RetryLater
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.product import ProductBinding, ShopProduct, ShopStock
from makeready_imports.choices import Existing, ImportRequest
from makeready_imports.jobs import import_now
from makeready_imports.link_existing import undo
from makeready_inspect.stock_view import mirror_state
from makeready_prices.answer import answer_price_call
from makeready_stock.mirror import StockMirror
from msgspec import structs
from pretend import SITE, Bench, Clock, Shop, new_bench
from steps import LIST, settle
from world import link

THEIRS = f"market:{SITE}"


@pytest.fixture
async def ready(bench: Bench, market: Shop) -> Bench:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    return bench


async def take_in(bench: Bench, site: str, *products: str) -> None:
    wish = ImportRequest(site=site, product_ids=products, groups=("Everyone",), workflow="MIS transfer")
    await import_now(bench.installation, bench.subscriber, wish)
    await settle(bench)


async def test_products_come_into_the_site_of_the_shop_that_was_named(ready: Bench, market: Shop) -> None:
    await take_in(ready, SITE, "2284")
    await take_in(ready, THEIRS, "2284", "4107")
    assert [one.part_number for one in ready.shop.products.values()] == ["117-2284"]
    drafts = list(market.products.values())
    assert [one.part_number for one in drafts] == ["117-2284", "117-4107"]
    told = drafts[0]
    assert (told.site, told.engine_id, told.workflow_id) == (SITE, "engine-1", "w1"), "in its own ids"
    assert [group.id for group in told.groups] == ["g1"]
    assert {one.engine_product_id for one in drafts} == {f"117-2284-{THEIRS}", f"117-4107-{THEIRS}"}


async def test_a_product_that_is_linked_can_be_given_back_what_it_was_bound_to(
    ready: Bench, market: Shop
) -> None:
    before = ProductBinding(part_number="OLD")
    for shop in (ready.shop, market):
        shop.others["9"] = ShopProduct(id="9", name="Opening kit", part_number="OLD", url_name="kit")
        shop.bindings["9"] = before
    wish = ImportRequest(site=THEIRS, product_ids=("2284",), groups=("Staff",), existing=Existing.LINK)
    await import_now(ready.installation, ready.subscriber, wish)
    await settle(ready)
    [pairing] = market.bindings["9"].pairings
    assert (pairing.group_id, pairing.engine_id, pairing.configuration) == (
        "g2",
        "engine-1",
        f"117-2284-{THEIRS}",
    )
    assert ready.shop.bindings["9"] == before
    await undo(ready.installation, ready.subscriber, THEIRS, ["2284"])
    assert market.bindings["9"] == before


async def test_sites_of_both_are_offered_also_while_one_is_away(ready: Bench, market: Shop) -> None:
    connectors = await ready.installation.connectors(ready.subscriber)
    sites = {SITE, "other.example"}
    both = sites | {f"market:{one}" for one in sites}
    assert {one.domain for one in await connectors.list_sites()} == both
    assert {one.value for one in await connectors.list_options(ListKind.SITES)} == both
    market.away = RetryLater("no connection")
    assert {one.domain for one in await connectors.list_sites()} == sites
    ready.shop.away = RetryLater("no connection")
    with pytest.raises(RetryLater):
        await connectors.list_sites()


async def price(bench: Bench, connector: str, product: str) -> dict[str, str]:
    call = IncomingCall(method="POST", headers={}, query={}, body=product.encode())
    connectors = await bench.installation.connectors(bench.subscriber)
    answered = await answer_price_call(bench.installation, bench.subscriber, connectors, connector, call)
    found: dict[str, str] = msgspec.json.decode(answered.answer.body)
    return found


async def test_each_shop_is_told_prices_with_the_mark_up_of_its_own_site(ready: Bench) -> None:
    rules = structs.replace(
        ready.subscriber.prices,
        markup="engine",
        site_markup_percents={THEIRS: Decimal(100), SITE: Decimal(0)},
    )
    ready = structs.replace(ready, subscriber=structs.replace(ready.subscriber, prices=rules, version=9))
    ready.mis.quotes = [LIST]
    assert (await price(ready, "shop", f"117-2284-{SITE}"))["total"] == "82.50"
    assert (await price(ready, "market", f"117-2284-{THEIRS}"))["total"] == "165.00"
    assert [one.site for one in ready.mis.questions] == [SITE, THEIRS]


async def test_a_price_is_asked_for_a_site_of_the_shop_that_asks_alone(ready: Bench, market: Shop) -> None:
    ready.mis.quotes = [LIST]
    market.sites = (SITE, "stall.example")
    assert "total" in await price(ready, "market", "117-2284-market:stall.example")
    assert "total" not in await price(ready, "shop", "117-2284-stall.example")
    assert [(one.product_id, one.site) for one in ready.mis.questions] == [("2284", "market:stall.example")]


async def test_a_page_of_a_shop_names_its_site_as_buyers_know_it(bench: Bench, market: Shop) -> None:
    await link(bench.installation, "northfield", "2284", site=SITE)
    await link(bench.installation, "northfield", "2284", site="market:stall.example")
    availability = Availability(bench.installation)
    found = [await availability.shop_of(one) for one in (SITE, "stall.example", "market:stall.example")]
    assert [one and one.site for one in found] == [SITE, "market:stall.example", "market:stall.example"]


class Shelf(Shop):
    """A shop with the level of one stock item, which it moves if it can."""

    def __init__(self, *, moves: bool) -> None:
        super().__init__()
        self.level, self.moves = 0, moves
        self.can.add(Capability.STOCK_MIRROR)

    @hookimpl
    async def read_shop_stock(self, site: str, names: tuple[str, ...]) -> tuple[ShopStock, ...]:
        return tuple(ShopStock(name=one, id="s1", level=self.level) for one in names if site == SITE)

    @hookimpl
    async def update_shop_stock(self, site: str, stock: ShopStock, change: int) -> bool:
        assert (site, stock.id) == (SITE, "s1")
        if not self.moves:
            raise NotSupported("It has no such call.")
        self.level += change
        return True


async def test_a_shop_that_keeps_no_levels_is_not_tried(bench: Bench, market: Shop) -> None:
    await link(bench.installation, "northfield", "2284", site=THEIRS)
    connectors = await bench.installation.connectors(bench.subscriber)
    mirror = StockMirror(bench.installation, bench.subscriber, connectors)
    await mirror.run(await bench.installation.store.stock.links("northfield"), {"2284": Decimal(40)})
    assert (await bench.installation.store.mirrors.trial("northfield", "market")).state == ""


async def test_levels_of_both_follow_and_one_that_cannot_stops_no_other(tmp_path: Path, clock: Clock) -> None:
    ours, theirs = Shelf(moves=False), Shelf(moves=True)
    bench = new_bench(tmp_path, clock, shop=ours, market=theirs)
    store = bench.installation.store
    await store.subscribers.save([bench.subscriber])
    await link(bench.installation, "northfield", "2284", site=SITE)
    await link(bench.installation, "northfield", "2284", site=THEIRS)
    connectors = await bench.installation.connectors(bench.subscriber)
    for _ in range(3):
        mirror = StockMirror(bench.installation, bench.subscriber, connectors)
        await mirror.run(await store.stock.links("northfield"), {"2284": Decimal(40)})
        clock.now += 10_000
    assert (ours.level, theirs.level) == (0, 40)
    trials = [await store.mirrors.trial("northfield", one) for one in ("shop", "market")]
    assert [one.state for one in trials] == ["refused", "works"]
    told = await mirror_state(bench.installation, bench.subscriber)
    assert "market: The shop's own stock levels follow the MIS." in told.text
    assert "shop: The shop's own stock levels cannot be kept in step" in told.text
    await bench.installation.aclose()
