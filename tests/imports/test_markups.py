"""The mark-up of products that are in a shop is changed: shown first, done once, never added twice."""

from decimal import Decimal

import pytest
from makeready.products.doubled_markups import MarkupsDoubled
from makeready.products.model import ImportItem, ItemState, JobState
from makeready.subscribers.model import Subscriber
from makeready.subscribers.setup import install
from makeready.work import engine_for
from makeready_hooks import Capability
from makeready_hooks.errors import ConfigError, NotSupported, Refused, RetryLater
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import cancel, import_now, pause, progress, start
from makeready_imports.links import unlink
from makeready_imports.markups.plan import plan_markups
from msgspec import structs
from pretend import SITE, Bench
from steps import settle
from told import late

KIT, BAG = "p-opening-kit-m2284", "p-tote-bag-m4107"


@pytest.fixture
async def imported(bench: Bench) -> Bench:
    """Both products are in the shop, with 25 per cent."""
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    wish = ImportRequest(site=SITE, product_ids=("2284", "4107"), markup_percent="25")
    await import_now(bench.installation, bench.subscriber, wish)
    await settle(bench)
    return bench


async def planned(bench: Bench, markup: str = "30", ids: tuple[str, ...] = ("2284", "4107")) -> int:
    made = await plan_markups(bench.installation, bench.subscriber, SITE, markup, ids)
    return made.job.id


async def items(bench: Bench, job: int) -> dict[str, ImportItem]:
    return {one.product_id: one for one in await bench.installation.store.imports.items(job)}


async def run(bench: Bench, job: int) -> dict[str, ImportItem]:
    await start(bench.installation, bench.subscriber, job)
    await settle(bench)
    return await items(bench, job)


async def test_a_plan_shows_what_was_and_what_becomes_of_it_and_changes_nothing(imported: Bench) -> None:
    job = await planned(imported, "30,5 %")
    shown = (await items(imported, job))["2284"]
    assert shown.changes == ("the mark-up 25 % becomes 30.5 %",)
    assert shown.figures.markup_percent == "25"
    assert shown.figures.price_breaks == imported.mis.products["2284"].price_breaks
    await settle(imported)
    assert imported.shop.marked == []


async def test_each_is_set_once_and_a_second_run_has_nothing_to_do(imported: Bench) -> None:
    job = await planned(imported)
    done = await run(imported, job)
    assert {one.state for one in done.values()} == {ItemState.CHANGED}
    assert imported.shop.markups == {KIT: 30, BAG: 30}
    assert sorted(imported.shop.marked) == [KIT, BAG]
    assert (await progress(imported.installation, imported.subscriber, job)).state == JobState.DONE
    with pytest.raises(Refused, match="there is nothing to run"):
        await start(imported.installation, imported.subscriber, job)
    again = await items(imported, await planned(imported))
    assert {one.reason for one in again.values()} == {"It has this mark-up already."}


async def test_a_lost_answer_is_looked_at_and_nothing_is_done_again(imported: Bench) -> None:
    imported.shop.markup_trouble = [late(RetryLater("The connection was cut."))]
    job = await planned(imported)
    assert {one.state for one in (await run(imported, job)).values()} == {"creating", "planned"}
    imported.clock.now += 60
    await settle(imported)
    assert {one.state for one in (await items(imported, job)).values()} == {ItemState.CHANGED}
    assert sorted(imported.shop.marked) == [KIT, BAG]


async def test_what_somebody_changed_meanwhile_is_left_alone_and_read_for_the_next_plan(
    imported: Bench,
) -> None:
    job = await planned(imported)
    imported.shop.markups[KIT] = Decimal(40)
    done = await run(imported, job)
    assert done["2284"].state == ItemState.FAILED
    assert done["2284"].reason.startswith("In the shop its mark-up is 40 % now, and was 25 % when")
    assert imported.shop.markups == {KIT: 40, BAG: 30}
    job = await planned(imported)
    assert (await items(imported, job))["2284"].figures.markup_percent == "40"
    assert (await run(imported, job))["2284"].state == ItemState.CHANGED


async def test_mark_ups_by_quantity_are_left_to_the_shop(imported: Bench) -> None:
    job = await planned(imported)
    imported.shop.markups[KIT] = None
    assert (await run(imported, job))["2284"].reason == (
        "The shop's mark-up depends on the quantity: change it there."
    )
    again = await items(imported, await planned(imported))
    assert (again["2284"].action, again["2284"].state) == ("skip", "skipped")


async def test_a_product_that_is_not_linked_any_more_is_left_alone(imported: Bench) -> None:
    job = await planned(imported)
    await unlink(imported.installation, imported.subscriber, SITE, ["2284"])
    done = await run(imported, job)
    assert done["2284"].reason.startswith("It is not linked any more.")
    assert imported.shop.markups == {BAG: 30}
    with pytest.raises(ConfigError, match="2284 is not linked in"):
        await planned(imported, ids=("2284",))


async def test_a_pause_and_a_cancel_leave_what_was_not_begun(imported: Bench) -> None:
    job = await planned(imported)
    await start(imported.installation, imported.subscriber, job)
    await pause(imported.installation, imported.subscriber, job)
    await settle(imported)
    assert imported.shop.marked == []
    await start(imported.installation, imported.subscriber, job)
    await cancel(imported.installation, imported.subscriber, job)
    await settle(imported)
    assert imported.shop.marked == []
    assert {one.state for one in (await items(imported, job)).values()} == {ItemState.CANCELLED}


async def test_what_was_on_its_way_when_it_was_cancelled_is_looked_at(imported: Bench) -> None:
    job = await planned(imported, ids=("2284",))
    await start(imported.installation, imported.subscriber, job)
    imported.shop.markup_trouble = [late(RetryLater("The connection was cut.", after_s=60))]
    await engine_for(imported.installation).run_due()
    await cancel(imported.installation, imported.subscriber, job)
    await settle(imported)
    assert (await items(imported, job))["2284"].state == ItemState.CHANGED
    assert imported.shop.marked == [KIT]


@pytest.mark.parametrize("text", ["many", "-1", "1001", "", "25 25", "nan", "1e3"])
async def test_what_is_no_mark_up_is_refused(imported: Bench, text: str) -> None:
    with pytest.raises(ConfigError, match="is not a percentage"):
        await planned(imported, text)


async def test_a_shop_that_cannot_do_it_says_what_to_do_instead(imported: Bench) -> None:
    imported.shop.can.discard(Capability.CHANGE_MARKUP)
    with pytest.raises(NotSupported, match="cannot be changed from here") as caught:
        await planned(imported)
    assert "Change them in the shop" in caught.value.fix


def engine(bench: Bench, percent: str = "30") -> Subscriber:
    prices = structs.replace(bench.subscriber.prices, markup="engine", markup_percent=Decimal(percent))
    return structs.replace(bench.subscriber, prices=prices)


async def test_the_engine_adds_none_before_the_shop_s_are_seen_to_be_gone(imported: Bench) -> None:
    look = imported.installation.store.markups.look
    with pytest.raises(MarkupsDoubled):
        await look(imported.subscriber, engine(imported))
    job = await planned(imported, "0", ("2284",))
    await run(imported, job)
    with pytest.raises(MarkupsDoubled) as caught:
        await look(imported.subscriber, engine(imported))
    assert [one.part_number for one in caught.value.products] == ["117-4107"]
    await run(imported, await planned(imported, "0"))
    await look(imported.subscriber, engine(imported))


async def test_a_product_that_had_none_counts_from_the_moment_that_it_is_to_get_one(imported: Bench) -> None:
    look = imported.installation.store.markups.look
    await run(imported, await planned(imported, "0"))
    job = await planned(imported, "10", ("2284",))
    await look(imported.subscriber, engine(imported))
    await start(imported.installation, imported.subscriber, job)
    with pytest.raises(MarkupsDoubled):
        await look(imported.subscriber, engine(imported))


async def test_a_plan_is_not_run_while_the_engine_adds_a_mark_up(imported: Bench) -> None:
    await run(imported, await planned(imported, "0"))
    job = await planned(imported, "10")
    await imported.installation.store.subscribers.save([engine(imported)])
    with pytest.raises(Refused, match=f"The mark-up of job {job} would be added twice"):
        await start(imported.installation, imported.subscriber, job)
    with pytest.raises(ConfigError, match="would be added twice"):
        await plan_markups(imported.installation, engine(imported), SITE, "10", ("2284",))
    made = await plan_markups(imported.installation, engine(imported), SITE, "0", ("2284",))
    assert made.items, "to nothing it can always be brought"
