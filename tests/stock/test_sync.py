"""Stock of the MIS is read on a schedule and when something hints at it, and kept with its history."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makeready.stock.model import HistoryPoint, StockRules
from makeready.stores import Store
from makeready.subscribers import changes
from makeready.webhooks.receive import receive_webhook
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.product import ProductSearch, StockLevel
from makeready_inspect.stock_view import mirror_state, stock_views
from world import KIT, STOCK_POLL_S, World, link, stocked

DAY = 86_400.0


async def history(world: World) -> list[tuple[float, int]]:
    points = await world.installation.store.stock.history("northfield", KIT, since=0)
    return [(point.at, int(point.free)) for point in points]


async def product_calls(world: World) -> int:
    return sum(entry["function"] == "products" for entry in await world.mis.journal())


async def test_stock_is_read_on_schedule_and_a_change_is_kept_with_its_time(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.pass_time(0)
        first = world.clock()
        await world.pass_time(STOCK_POLL_S)
        await world.shelf(90)
        await world.pass_time(STOCK_POLL_S)
        assert await history(world) == [(first, 120), (first + 2 * STOCK_POLL_S, 90)]
        [view] = await stock_views(world.installation, await world.installation.subscriber("northfield"))
        assert view.level is not None
        assert (view.level.read_at, view.level.changed_at) == (world.clock(), world.clock())
        assert view.available == 90


async def test_nothing_is_read_where_it_is_switched_off_or_nothing_was_imported(tmp_path: Path) -> None:
    async with stocked(tmp_path, enabled=False) as world:
        await world.pass_time(STOCK_POLL_S)
        await world.pass_time(STOCK_POLL_S)
        assert await product_calls(world) == 0


async def test_what_is_ordered_is_not_for_sale(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        await world.hear_of(await world.buy(20))
        [view] = await stock_views(world.installation, await world.installation.subscriber("northfield"))
        assert (view.ordered, view.available) == (20, 100)


async def test_an_outage_of_the_mis_costs_delay_only(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        await world.mis.set_switches({"error-before": "1"})
        await world.shelf(7)
        await world.pass_time(STOCK_POLL_S)
        assert (await history(world))[-1][1] == 120
        await world.mis.set_switches({"error-before": "0"})
        await world.pass_time(STOCK_POLL_S)
        assert (await history(world))[-1][1] == 7


def low_inventory(key: str, level: int | None, name: str = "117-2284") -> IncomingCall:
    data = {"StockName": name, **({"CurrentLevel": level} if level is not None else {})}
    body = json.dumps({"Type": 3, "TypeName": "LowInventory", "Data": data}).encode()
    digest = hashlib.sha1(key.encode() + body).hexdigest()  # noqa: S324 - the vendor's choice
    return IncomingCall(method="POST", headers={"messagehash": digest}, body=body)


async def say_low(world: World, level: int | None, name: str = "117-2284") -> bool:
    subscriber = await world.installation.subscriber("northfield")
    sealed = subscriber.connectors["pressero"].signing_key
    key = world.installation.vault.open(sealed, field="key")
    return await receive_webhook(world.installation, subscriber, "pressero", low_inventory(key, level, name))


async def test_an_event_of_low_stock_is_compared_with_the_mis_at_once(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        await world.shelf(4)
        assert await say_low(world, 9)
        await world.pass_time(0)
        mirror = await world.mirror()
        assert (mirror.said_level, mirror.said_at) == (9, world.clock())
        assert (await history(world))[-1] == (world.clock(), 4)
        assert await world.level() == 4


@pytest.mark.parametrize("name", ["NF-VOUCHER", "", "118-2284"])
async def test_an_event_about_what_is_not_ours_asks_for_nothing(tmp_path: Path, name: str) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        assert not await say_low(world, 9, name)


async def test_the_state_of_the_mirror_is_said_in_words(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:

        async def state() -> str:
            subscriber = await world.installation.subscriber("northfield")
            return (await mirror_state(world.installation, subscriber)).state

        assert await state() == "untried"
        await world.settled()
        await world.shelf(90)
        await world.pass_time(STOCK_POLL_S)
        assert await state() == "works"
        await world.apply(mirror=False)
        assert await state() == "off"


async def test_thousands_of_products_are_read_with_few_calls(tmp_path: Path) -> None:
    async with stocked(tmp_path, mirror=False) as world:
        await world.pass_time(0)
        await world.mis.generate_catalogue(600)
        known = await _ids(world)
        assert len(known) > 500
        await link(world.installation, "northfield", *known)
        await world.pass_time(STOCK_POLL_S)  # learns how the site is asked best
        before = await product_calls(world)
        await world.pass_time(STOCK_POLL_S)
        assert await product_calls(world) - before == 2, "two pages of 500"
        levels = await world.installation.store.stock.levels("northfield")
        assert len(levels) > 500


async def _ids(world: World) -> list[str]:
    subscriber = await world.installation.subscriber("northfield")
    connectors = await world.installation.connectors(subscriber)
    page = await connectors.search_mis_products(connectors.mis(), ProductSearch(page_size=10_000))
    return [product.id for product in page.products if product.id != KIT]


def test_rules_name_a_text_that_there_is_not() -> None:
    with pytest.raises(ValueError, match=r"no text sold_out; there are: out, few"):
        StockRules(texts={"en": {"sold_out": "Gone."}})


async def test_settings_of_stock_are_checked_shown_and_kept(tmp_path: Path) -> None:
    async with stocked(tmp_path, levels="few", texts={"de": {"out": "Leider weg."}}) as world:
        kept = (await world.installation.subscriber("northfield")).stock
        assert (kept.levels, kept.texts) == ("few", {"de": {"out": "Leider weg."}})
        exported = changes.export(world.installation, await world.installation.subscriber("northfield"))
        assert exported["stock"] == {"levels": "few", "texts": {"de": {"out": "Leider weg."}}}
        with pytest.raises(ConfigError, match="no text gone"):
            await world.apply(texts={"de": {"gone": "Weg."}})
        with pytest.raises(ConfigError, match="poll_every_s"):
            await world.apply(poll_every_s=1)


# The store


def level(free: int, allocated: int = 0) -> StockLevel:
    return StockLevel(product_id="p", on_hand=Decimal(free + allocated), allocated=Decimal(allocated))


async def test_an_answer_that_was_asked_for_earlier_and_comes_later_changes_nothing(store: Store) -> None:
    await store.stock.save_levels("s", [level(5)], read_at=20.0)
    assert await store.stock.save_levels("s", [level(9)], read_at=10.0) == []
    assert (await store.stock.levels("s"))["p"].free == 5


async def test_history_keeps_changes_only_and_tells_what_was_so_before_it_begins(store: Store) -> None:
    for at, free in ((10.0, 5), (20.0, 5), (30.0, 7), (40.0, 7)):
        await store.stock.save_levels("s", [level(free)], read_at=at)
    await store.stock.save_levels("s", [level(7, allocated=3)], read_at=50.0)
    assert await store.stock.history("s", "p", since=25.0) == [
        HistoryPoint(at=10.0, free=Decimal(5)),
        HistoryPoint(at=30.0, free=Decimal(7)),
    ]


@settings(max_examples=30)
@given(minutes=st.lists(st.integers(0, 200 * 1440), max_size=60, unique=True))
async def test_thinning_keeps_the_last_point_of_each_hour_or_day_and_all_of_the_last_week(
    minutes: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store.open(tmp_path_factory.mktemp("thin") / "test.db")
    start, now = 20_000 * DAY, 20_200 * DAY
    moments = sorted(start + minute * 60.0 for minute in minutes)
    for number, at in enumerate(moments):
        await store.stock.save_levels("s", [level(number)], read_at=at)
    await store.stock.thin("s", now=now)
    kept = [point.at for point in await store.stock.history("s", "p", since=0)]
    store.close()
    assert kept == sorted({_step(at, now): at for at in moments}.values())


def _step(at: float, now: float) -> tuple[str, float]:
    """Of moments with the same step the last one stays."""
    if at >= now - 7 * DAY:
        return ("each", at)
    if at >= now - 60 * DAY:
        return ("hour", at // 3600)
    return ("day", at // DAY)
