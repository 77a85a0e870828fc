"""Links with what the shop has, undone; un-linking; the comparison."""

import pytest
from makeready.subscribers.setup import install
from makeready_hooks.errors import ConfigError, Refused, RetryLater
from makeready_hooks.model.product import Pairing, ProductBinding, ShopProduct
from makeready_imports import jobs, link_existing, links
from makeready_imports.choices import ImportRequest
from makeready_imports.csv_file import Row
from makeready_imports.jobs import import_now
from makeready_imports.plan import Plan
from msgspec import structs
from pretend import SITE, Bench
from steps import settle

BEFORE = ProductBinding(
    part_number="OLD-1",
    mis_product_id="from-before",
    pairings=(
        Pairing(group_id="g2", engine_id="breaks", configuration={"steps": [1, 2.5]}),
        Pairing(group_id="g1", engine_id="breaks"),
    ),
)


@pytest.fixture
async def ready(bench: Bench) -> Bench:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    for key in ("x", "y"):
        number = "OLD-1" if key == "x" else "OLD-2"
        bench.shop.others[key] = ShopProduct(
            id=key, name=f"Product {key}", part_number=number, public_part_number=f"PUB-{key}", url_name=key
        )
        bench.shop.bindings[key] = structs.replace(BEFORE, part_number=number)
    return bench


def pair(shop_product: str, product: str, line: int = 0) -> Row:
    return Row(shop_product=shop_product, product=product, line=line)


async def plan(bench: Bench, *rows: Row) -> Plan:
    return await link_existing.plan_links(bench.installation, bench.subscriber, SITE, rows)


async def link(bench: Bench, *rows: Row) -> int:
    made = await plan(bench, *rows)
    await jobs.start(bench.installation, bench.subscriber, made.job.id)
    await settle(bench)
    return made.job.id


async def undo(bench: Bench, *ids: str) -> list[str]:
    done = await link_existing.undo(bench.installation, bench.subscriber, SITE, ids)
    return [one.problem for one in done]


@pytest.mark.parametrize("shop_product", ["x", "OLD-1", "old-1", "PUB-x"])
async def test_number_and_engine_of_every_group_change_and_nothing_else(
    ready: Bench, shop_product: str
) -> None:
    before = ready.shop.others["x"]
    await link(ready, pair(shop_product, "2284"))
    engine = {"engine_id": "engine-1", "configuration": f"117-2284-{SITE}"}
    assert ready.shop.bindings["x"] == ProductBinding(
        part_number="117-2284",
        mis_product_id=f"117-2284-{SITE}",
        pairings=(Pairing(group_id="g2", **engine), Pairing(group_id="g1", **engine)),
    )
    assert ready.shop.others["x"] == structs.replace(before, part_number="117-2284")
    assert ready.shop.products == {}


async def test_undoing_gives_back_what_was_there(ready: Bench) -> None:
    await link(ready, pair("x", "2284"))
    assert await undo(ready, "2284") == [""]
    assert ready.shop.bindings["x"] == BEFORE
    assert await undo(ready, "2284") == [f"{SITE} did not have 2284 before it was linked."]
    await link(ready, pair("x", "4107"))
    assert ready.shop.others["x"].part_number == "117-4107"


@pytest.mark.parametrize("after_the_effect", [True, False])
async def test_an_answer_that_was_lost_changes_nothing_about_what_can_be_undone(
    ready: Bench, after_the_effect: bool
) -> None:
    lost = RetryLater("cut", after_s=1)
    lost.after_the_effect = after_the_effect
    ready.shop.bind_trouble = [lost]
    job = await link(ready, pair("x", "2284"))
    ready.clock.now += 2
    await settle(ready)
    [item] = await ready.installation.store.imports.items(job)
    assert item.state == "linked"
    await undo(ready, "2284")
    assert ready.shop.bindings["x"] == BEFORE


async def test_undoing_leaves_a_product_alone_that_was_given_another_number_meanwhile(ready: Bench) -> None:
    await link(ready, pair("x", "2284"))
    ready.shop.bindings["x"] = structs.replace(BEFORE, part_number="NEW-7")
    assert await undo(ready, "2284") == ["Its part number in the shop is NEW-7 now: it was not touched."]
    assert ready.shop.bindings["x"].part_number == "NEW-7"


async def test_a_product_that_we_made_cannot_be_undone(ready: Bench) -> None:
    await import_now(ready.installation, ready.subscriber, ImportRequest(site=SITE, product_ids=("2284",)))
    await settle(ready)
    assert await undo(ready, "2284") == [f"{SITE} did not have 2284 before it was linked."]


async def test_rows_that_are_wrong_are_told_with_their_lines_and_not_linked(ready: Bench) -> None:
    ready.shop.others["z"] = ShopProduct(id="z", part_number="PUB-y")
    made = await plan(
        ready,
        pair("x", "2284", 2),
        pair("OLD-1", "4107", 3),
        pair("nothing", "4107", 4),
        pair("", "4107", 5),
        pair("PUB-y", "4107", 6),
        pair("y", "9", 7),
    )
    assert [(item.product_id, item.action) for item in made.items] == [("2284", "link")]
    assert sorted(str(error) for error in made.errors) == [
        "Line 3: OLD-1 is in line 2 already.",
        "Line 4: Product 4107 is in line 3 already.",
        "Line 5: Product 4107 is in line 3 already.",
        "Line 6: Product 4107 is in line 3 already.",
        "Line 7: The MIS has no product 9 that is for sale.",
    ]


@pytest.mark.parametrize(
    ("shop_product", "problem"),
    [
        ("nothing", "The site has no product nothing."),
        ("", "It names no product of the shop."),
        ("PUB-y", "2 products of the site have the part number PUB-y: give an id."),
        ("x", "x belongs to product 2284 already."),
    ],
)
async def test_a_shop_s_product_is_named_exactly_and_belongs_to_one(
    ready: Bench, shop_product: str, problem: str
) -> None:
    await link(ready, pair("x", "2284"))
    ready.shop.others["z"] = ShopProduct(id="z", part_number="PUB-y")
    with pytest.raises(ConfigError) as caught:
        await plan(ready, pair(shop_product, "4107"))
    assert caught.value.message == problem


async def test_two_links_of_one_product_at_the_same_time_make_one(ready: Bench) -> None:
    plans = [await plan(ready, pair("x", "2284")), await plan(ready, pair("x", "4107"))]
    for made in plans:
        await jobs.start(ready.installation, ready.subscriber, made.job.id)
    await settle(ready)
    states = [(await ready.installation.store.imports.items(made.job.id))[0] for made in plans]
    assert [item.state for item in states] == ["linked", "skipped"]
    assert states[1].reason == "The shop's product belongs to 2284."


async def test_a_product_that_the_shop_refused_is_free_for_another(ready: Bench) -> None:
    ready.shop.bind_trouble = [Refused("No.")]
    await link(ready, pair("x", "2284"))
    await link(ready, pair("x", "4107"))
    assert ready.shop.others["x"].part_number == "117-4107"


async def test_a_cancelled_link_changes_nothing_more(ready: Bench) -> None:
    ready.shop.bind_trouble = [RetryLater("down", after_s=5)]
    job = await link(ready, pair("x", "2284"), pair("y", "4107"))
    await jobs.cancel(ready.installation, ready.subscriber, job)
    ready.clock.now += 60
    await settle(ready)
    assert {item.state for item in await ready.installation.store.imports.items(job)} == {"cancelled"}
    assert ready.shop.others["x"].part_number == "OLD-1"


async def test_matches_are_suggested_by_number_and_by_name_with_their_certainty(ready: Bench) -> None:
    ready.shop.others["x"] = structs.replace(ready.shop.others["x"], public_part_number="C-2284")
    for key in ("y", "z"):
        ready.shop.others[key] = ShopProduct(id=key, name="tote  bag", part_number=key)
    found = await link_existing.suggest(ready.installation, ready.subscriber, SITE)
    assert [(one.product_id, one.shop_product_id, one.because, one.certain) for one in found] == [
        ("2284", "x", "part number C-2284", True),
        ("4107", "y", "name Tote bag", False),
        ("4107", "z", "name Tote bag", False),
    ]
    await link(ready, pair("x", "2284"), pair("y", "4107"))
    assert await link_existing.suggest(ready.installation, ready.subscriber, SITE) == ()


# Un-linking, and what does not fit together


async def test_unlinking_leaves_the_shop_s_product_as_it_is(ready: Bench) -> None:
    await link(ready, pair("x", "2284"))
    before = (ready.shop.others["x"], ready.shop.bindings["x"])
    done = await links.unlink(ready.installation, ready.subscriber, SITE, ("2284", "4107"))
    assert [one.problem for one in done] == ["", f"4107 is not linked in {SITE}."]
    assert (ready.shop.others["x"], ready.shop.bindings["x"]) == before
    assert (await plan(ready, pair("x", "2284"))).items[0].action == "link"


async def test_a_product_that_is_being_made_cannot_be_unlinked(ready: Bench) -> None:
    ready.shop.create_trouble = [RetryLater("down")]
    job = await import_now(
        ready.installation, ready.subscriber, ImportRequest(site=SITE, product_ids=("2284",))
    )
    await settle(ready)
    [one] = await links.unlink(ready.installation, ready.subscriber, SITE, ("2284",))
    assert one.problem == f"2284 is being made just now: cancel import {job} first."


async def test_what_does_not_fit_together_is_reported_and_nothing_is_changed(ready: Bench) -> None:
    ready.mis.products["5"] = structs.replace(ready.mis.products["4107"], id="5")
    await import_now(
        ready.installation, ready.subscriber, ImportRequest(site=SITE, product_ids=("2284", "4107", "5"))
    )
    await settle(ready)
    fine = await links.check_links(ready.installation, ready.subscriber, SITE)
    assert (fine.looked_at, fine.gone_from_shop, fine.gone_from_mis, fine.not_linked) == (3, (), (), ())
    del ready.shop.products["opening-kit-m2284"]
    del ready.mis.products["4107"]
    kept = ready.shop.products["tote-bag-m5"]
    ready.shop.products["tote-bag-m5"] = structs.replace(kept, part_number="OTHER")
    ready.shop.others["z"] = ShopProduct(id="z", part_number="117-999")
    found = await links.check_links(ready.installation, ready.subscriber, SITE)
    assert [link.product_id for link in found.gone_from_shop] == ["2284"]
    assert [link.product_id for link in found.gone_from_mis] == ["4107"]
    assert [(link.product_id, one.part_number) for link, one in found.renumbered] == [("5", "OTHER")]
    assert [one.id for one in found.not_linked] == ["z"]
    assert len(await ready.installation.store.links.of_site("northfield", SITE)) == 3
