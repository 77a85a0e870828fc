"""A mark-up is added once: settings and imports that would add a second one are refused, with a way out."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from api import NORTHFIELD, Api, token
from makeready.products.model import ImportChoices, ImportItem, ItemAction, ItemState
from makeready.stores import Store
from makeready.subscribers import changes
from makeready.subscribers.model import Subscriber
from makeready.subscribers.setup import install
from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.price import Quote
from makeready_imports import jobs, links
from makeready_imports.choices import ImportRequest
from makeready_imports.importer import QUIET_S
from makeready_imports.plan import plan_import
from makeready_prices.answer import answer_price_call
from msgspec import json
from pretend import SITE, Bench
from processes import run
from steps import settle

SETTINGS = f"{NORTHFIELD}/settings"
ENGINE = {"markup": "engine", "markup_percent": "30"}
OTHER = "other.example"


@pytest.fixture
async def ready(bench: Bench) -> Bench:
    await bench.installation.store.subscribers.set_public_url("http://pages.example")
    await install.install(bench.installation, bench.subscriber)
    bench.mis.quotes = [Quote(total=Decimal("97.50"))]
    return bench


@pytest.fixture
async def operator(bench: Bench, api: Api) -> Api:
    return api.as_(await token(bench, "olga", "", operator=True))


async def now(bench: Bench) -> Subscriber:
    return await bench.installation.subscriber("northfield")


async def planned(bench: Bench, percent: str, *ids: str, site: str = SITE) -> int:
    wish = ImportRequest(site=site, product_ids=ids or ("2284", "4107"), markup_percent=percent)
    return (await plan_import(bench.installation, await now(bench), wish)).job.id


async def imported(bench: Bench, percent: str, *ids: str, site: str = SITE) -> int:
    number = await planned(bench, percent, *ids, site=site)
    await jobs.start(bench.installation, await now(bench), number)
    await settle(bench)
    return number


async def proposal(bench: Bench, **prices: Any) -> changes.Proposal:
    given = {**changes.export(bench.installation, await now(bench)), "prices": prices}
    return await changes.propose(bench.installation, "northfield", given)


async def priced(bench: Bench, **prices: Any) -> None:
    """Save these settings of prices, in place of those that are there."""
    await changes.save(bench.installation, [await proposal(bench, **prices)])


async def price(bench: Bench) -> str:
    subscriber = await now(bench)
    connectors = await bench.installation.connectors(subscriber)
    call = IncomingCall(method="POST", headers={}, query={}, body=f"117-2284-{SITE}".encode())
    answered = await answer_price_call(bench.installation, subscriber, connectors, "shop", call)
    return str(json.decode(answered.answer.body)["total"])


# Settings


async def test_a_mark_up_of_ours_beside_the_shop_s_is_refused_through_the_api(
    ready: Bench, operator: Api
) -> None:
    await imported(ready, "25")
    shown = await operator.get(SETTINGS)
    body = {"version": shown["version"], "settings": {**shown["settings"], "prices": ENGINE}}
    for call in ("propose", "apply"):
        problem = await operator.post(f"{SETTINGS}/{call}", 422, body)
        assert problem["field"] == "settings.prices.markup"
        assert (
            "the shop adds one to 2 products that we imported with it (117-2284, 117-4107)"
            in problem["detail"]
        )
        assert "Leave the mark-up to the shop. Or " in problem["detail"]
    assert (await now(ready)).prices.markup == "shop"
    assert await price(ready) == "97.50"


async def test_it_is_refused_in_the_pages(ready: Bench, new_browser) -> None:
    await imported(ready, "25")
    olga = new_browser()
    await olga.sign_in("olga")
    await olga.get("/subscribers/northfield/settings/rules/prices")
    page = await olga.send("rules/prices", 422, **{"shared.markup": "engine", "shared.markup_percent": "30"})
    assert "The mark-up would be added twice: the shop adds one to 2 products" in page.text
    assert (await now(ready)).prices.markup == "shop"


def test_it_is_refused_on_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    head = "[subscribers.northfield]\nexternal_user_id = 117\n"
    file.write_text(head)
    apply = ("subscriber", "apply", str(file), "--yes")
    db = tmp_path / "makeready.db"
    assert run(*apply, db=db).returncode == 0
    _made_in(db)
    file.write_text(head + '[subscribers.northfield.prices]\nmarkup = "engine"\nmarkup_percent = 30\n')
    done = run(*apply, db=db)
    assert done.returncode == 3
    assert "the shop adds one to 1 product that" in done.stderr
    file.write_text(head + '[subscribers.northfield.prices]\nlanguage = "de"\n')
    assert run(*apply, db=db).returncode == 0


def _made_in(db: Path) -> None:
    """A product that was imported with 25 %."""
    import asyncio  # noqa: PLC0415

    store = Store.open(db)
    item = ImportItem(
        product_id="1", name="Card", action=ItemAction.CREATE, state=ItemState.CREATED, part_number="117-1"
    )
    asyncio.run(
        store.imports.plan("northfield", ImportChoices(site=SITE, markup_percent="25"), [item], now=1.0)
    )
    store.close()


async def test_taking_back_the_change_to_the_shop_s_mark_up_is_refused_as_well(
    ready: Bench, operator: Api
) -> None:
    await priced(ready, **ENGINE)
    await priced(ready)
    await imported(ready, "25")
    last = (await operator.get(f"{SETTINGS}/history"))["changes"][0]
    problem = await operator.post(f"{SETTINGS}/history/{last['id']}/undo", 409)
    assert "added twice" in problem["detail"]
    assert (await now(ready)).prices.markup == "shop"


async def test_an_import_that_ends_between_the_look_and_the_saving_is_noticed(ready: Bench) -> None:
    looked = await proposal(ready, **ENGINE)
    await imported(ready, "25")
    with pytest.raises(ConfigError, match="the shop adds one to 2 products"):
        await changes.save(ready.installation, [looked])
    assert (await now(ready)).prices.markup == "shop"
    assert await ready.installation.store.subscribers.changes("northfield", 10) == []


@pytest.mark.parametrize(
    ("prices", "is_refused"),
    [
        (ENGINE, True),
        ({"markup": "engine"}, False),
        ({"markup": "engine", "site_markup_percents": {SITE: "5"}}, True),
        ({"markup": "engine", "site_markup_percents": {OTHER: "5"}}, False),
        ({**ENGINE, "site_markup_percents": {SITE: "0"}}, False),
        ({"rounding": ".99"}, False),
    ],
)
async def test_only_a_mark_up_of_the_product_s_own_site_counts(
    ready: Bench, prices, is_refused: bool
) -> None:
    await imported(ready, "25")
    if is_refused:
        with pytest.raises(ConfigError, match="added twice"):
            await priced(ready, **prices)
    else:
        await priced(ready, **prices)


async def test_products_without_a_mark_up_stop_nothing(ready: Bench) -> None:
    await imported(ready, "0")
    await priced(ready, **ENGINE)
    assert await price(ready) == "126.75"


async def test_a_product_that_is_no_longer_linked_still_has_its_mark_up(ready: Bench) -> None:
    await imported(ready, "25", "2284")
    await links.unlink(ready.installation, ready.subscriber, SITE, ["2284"])
    assert await price(ready) == "97.50", "the shop still asks for it"
    with pytest.raises(ConfigError, match="117-2284"):
        await priced(ready, **ENGINE)


async def test_what_was_doubled_before_does_not_stop_other_changes(ready: Bench) -> None:
    await imported(ready, "25")
    item = ImportItem(
        product_id="1", name="Card", action=ItemAction.CREATE, state=ItemState.CREATED, part_number="117-1"
    )
    choices = ImportChoices(site=OTHER, markup_percent="25")
    await priced(ready, markup="engine", site_markup_percents={OTHER: "5"})
    await ready.installation.store.imports.plan("northfield", choices, [item], now=ready.clock())
    await priced(ready, markup="engine", site_markup_percents={OTHER: "5"}, language="de")
    with pytest.raises(ConfigError, match=r"1 product that we imported with it \(117-1\)"):
        await priced(ready, markup="engine", site_markup_percents={OTHER: "6"})
    await priced(ready)


# The ways out


async def test_a_mark_up_that_was_taken_out_in_the_shop_is_said_so_and_ours_is_added_once(
    ready: Bench,
) -> None:
    await imported(ready, "25")
    with pytest.raises(ConfigError) as caught:
        await priced(ready, **ENGINE)
    said = str(caught.value).split('shop_markups_removed_at = "')[1].split('"')[0]
    await priced(ready, **ENGINE, shop_markups_removed_at=said)
    assert await price(ready) == "126.75"
    with pytest.raises(ConfigError, match="added twice"):
        await priced(ready, **ENGINE)
    await priced(ready)


async def test_what_was_imported_with_a_mark_up_after_that_counts_again(ready: Bench) -> None:
    said = "1970-01-12T13:46:40Z"
    await imported(ready, "25", "2284")
    await priced(ready, shop_markups_removed_at=said)
    ready.clock.now += 60
    await imported(ready, "25", "4107")
    with pytest.raises(ConfigError, match=r"1 product that we imported with it \(117-4107\)"):
        await priced(ready, **ENGINE, shop_markups_removed_at=said)


@pytest.mark.parametrize("said", ["2999-01-01", "last week"])
async def test_a_moment_that_cannot_be_is_refused(ready: Bench, said: str) -> None:
    with pytest.raises(ConfigError, match=r"shop_markups_removed_at is no moment|has not come yet"):
        await priced(ready, shop_markups_removed_at=said)


# Imports


async def test_a_plan_with_a_mark_up_is_not_run_once_the_engine_adds_one(ready: Bench) -> None:
    number = await planned(ready, "25")
    await priced(ready, **ENGINE)
    with pytest.raises(Refused, match=f"The mark-up of job {number} would be added twice"):
        await jobs.start(ready.installation, await now(ready), number)
    await settle(ready)
    assert ready.shop.products == {}
    assert (await ready.installation.store.imports.job("northfield", number)).state == "planned"


async def test_a_running_import_with_a_mark_up_stops_the_change_until_it_has_ended(ready: Bench) -> None:
    number = await planned(ready, "25")
    await jobs.start(ready.installation, await now(ready), number)
    with pytest.raises(ConfigError, match="2 products"):
        await priced(ready, **ENGINE)
    with pytest.raises(ConfigError, match="2 products"):
        await priced(ready, **ENGINE, shop_markups_removed_at="1970-01-12T13:46:40Z")
    await jobs.cancel(ready.installation, await now(ready), number)
    await priced(ready, **ENGINE)
    await settle(ready)
    assert ready.shop.products == {}


async def test_a_paused_import_is_not_gone_on_with_once_the_engine_adds_a_mark_up(ready: Bench) -> None:
    number = await planned(ready, "25")
    await jobs.start(ready.installation, await now(ready), number)
    await jobs.pause(ready.installation, await now(ready), number)
    await priced(ready, **ENGINE)
    with pytest.raises(Refused, match="added twice"):
        await jobs.start(ready.installation, await now(ready), number)


async def test_a_product_that_may_have_been_made_counts(ready: Bench) -> None:
    ready.shop.create_trouble = [OutcomeUnknown("cut")]
    number = await imported(ready, "25", "2284")
    await jobs.cancel(ready.installation, await now(ready), number)
    with pytest.raises(ConfigError, match="117-2284"):
        await priced(ready, **ENGINE)
    ready.clock.now += QUIET_S + 1
    await settle(ready)
    assert ready.shop.products == {}, "it was not made, as we know now"
    await priced(ready, **ENGINE)
