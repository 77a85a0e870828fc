import asyncio
import json

import pytest
from makeready.products.model import ItemState
from makeready.subscribers.setup import install
from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.product import ProductDraft, ShopProduct
from makeready_imports.choices import ImportRequest
from makeready_imports.importer import QUIET_S
from makeready_imports.jobs import cancel, import_now, left_to_do, start
from makeready_imports.plan import plan_import
from msgspec import structs
from pretend import SITE, Bench, product
from steps import settle

WISH = ImportRequest(
    site=SITE,
    product_ids=("2284", "4107"),
    markup_percent="15",
    groups=("Everyone",),
    workflow="MIS transfer",
)


@pytest.fixture
async def ready(bench: Bench) -> Bench:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    return bench


async def run(bench: Bench, wish: ImportRequest = WISH) -> None:
    await import_now(bench.installation, bench.subscriber, wish)
    await settle(bench)


async def items(bench: Bench) -> dict[str, str]:
    """The state of each product, in the import that saw it last."""
    store = bench.installation.store.imports
    found = [item for job in reversed(await store.jobs("northfield")) for item in await store.items(job.id)]
    return {item.product_id: item.state for item in found}


async def test_products_are_made_with_all_that_was_chosen(ready: Bench) -> None:
    await run(ready)
    draft = ready.shop.products["opening-kit-m2284"]
    assert draft.part_number == draft.public_part_number == "117-2284"
    assert draft.engine_product_id == f"117-2284-{SITE}"
    assert draft.engine_id == "engine-1"
    assert (str(draft.markup_percent), draft.workflow_id) == ("15", "w1")
    assert [group.name for group in draft.groups] == ["Everyone"]
    assert await items(ready) == {"2284": "created", "4107": "created"}


async def test_importing_again_makes_nothing_twice(ready: Bench) -> None:
    await run(ready)
    await run(ready)
    assert len(ready.shop.products) == 2


async def test_two_imports_at_the_same_time_make_one_product(ready: Bench) -> None:
    await asyncio.gather(*(import_now(ready.installation, ready.subscriber, WISH) for _ in range(5)))
    await settle(ready)
    assert len(ready.shop.products) == 2


async def test_what_is_left_to_do_by_hand_is_kept(ready: Bench) -> None:
    await run(ready)
    for item in await ready.installation.store.imports.items(1):
        assert item.by_hand == ("Add a picture.",)
    written = await left_to_do(ready.installation, ready.subscriber, 1)
    assert written is not None
    assert [one["engine_product_id"] for one in json.loads(written.content)] == [
        f"117-2284-{SITE}",
        f"117-4107-{SITE}",
    ]


def lost_answer() -> OutcomeUnknown:
    error = OutcomeUnknown("the connection was cut")
    error.after_the_effect = True
    return error


@pytest.mark.parametrize("trouble", [lost_answer(), OutcomeUnknown("cut before"), RetryLater("down")])
async def test_whatever_happens_to_a_create_there_is_one_product_in_the_end(ready: Bench, trouble) -> None:
    ready.shop.create_trouble = [trouble]
    await run(ready)
    for _ in range(3):
        ready.clock.now += QUIET_S + 1
        await settle(ready)
    assert await items(ready) == {"2284": "created", "4107": "created"}
    assert len(ready.shop.products) == 2


async def test_a_shop_that_finds_nothing_ever_is_not_believed(ready: Bench) -> None:
    """One product is there and the other one's answer was lost: by the question, neither is there."""
    ready.shop.create_trouble = [OutcomeUnknown("cut before")]
    await run(ready)
    ready.shop.finds_nothing = True
    ready.clock.now += QUIET_S + 1
    await settle(ready)
    assert sorted((await items(ready)).values()) == ["created", "failed"]
    assert len(ready.shop.products) == 1


async def test_what_the_question_does_not_find_and_the_list_shows_is_there(ready: Bench) -> None:
    ready.shop.create_trouble = [lost_answer()]
    await run(ready)
    ready.shop.finds_nothing = True
    ready.clock.now += QUIET_S + 1
    await settle(ready)
    assert await items(ready) == {"2284": "created", "4107": "created"}
    assert len(ready.shop.products) == 2


async def test_a_create_in_doubt_is_not_repeated_while_it_may_still_take_effect(ready: Bench) -> None:
    ready.shop.create_trouble = [OutcomeUnknown("cut"), OutcomeUnknown("cut")]
    await run(ready)
    ready.clock.now += QUIET_S - 1
    await settle(ready)
    assert set((await items(ready)).values()) == {ItemState.IN_DOUBT}
    assert ready.shop.products == {}


async def test_a_product_of_the_shop_that_another_of_the_mis_has_fails_with_both_named(ready: Bench) -> None:
    async def one_id(draft: ProductDraft) -> ShopProduct:
        return ShopProduct(id="p-1", name=draft.name, url_name=draft.url_name)

    ready.shop.making = one_id
    await run(ready)
    assert await items(ready) == {"2284": "created", "4107": "failed"}
    [failed] = [one for one in await ready.installation.store.imports.items(1) if one.product_id == "4107"]
    assert failed.reason.startswith("The site's product p-1 is linked with product 2284 of the MIS.")


async def test_what_came_into_the_shop_since_the_plan_was_made_is_not_made_twice(ready: Bench) -> None:
    plan = await plan_import(ready.installation, ready.subscriber, WISH)
    await run(ready)
    for product_id in WISH.product_ids:
        link = await ready.installation.store.links.get("northfield", SITE, product_id)
        await ready.installation.store.links.delete(link)
    await start(ready.installation, ready.subscriber, plan.job.id)
    await settle(ready)
    first = await ready.installation.store.imports.items(plan.job.id)
    assert [one.state for one in first] == [ItemState.FAILED] * 2
    assert all("Since the plan was made, shop.example has a product" in one.reason for one in first)
    assert len(ready.shop.products) == 2


async def test_a_refusal_is_kept_with_its_reason_and_can_be_tried_anew(ready: Bench) -> None:
    ready.shop.create_trouble = [Refused("UrlName is taken."), Refused("UrlName is taken.")]
    await run(ready)
    assert await items(ready) == {"2284": "failed", "4107": "failed"}
    await run(ready)
    assert await items(ready) == {"2284": "created", "4107": "created"}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"product_ids": ("9", "10")}, "no product 9 that is for sale. The MIS has no product 10"),
        ({"site": "nowhere.example"}, f"no site nowhere.example. There are: {SITE}, other.example"),
        ({"markup_percent": "1000.1"}, "1000.1 is not a percentage"),
        ({"categories": ("Toys",)}, "no category Toys"),
        ({"public_part_number": "{price}"}, "Write text with any of {part_number}"),
        ({"public_part_number": "{id"}, "cannot be made"),
        ({"public_part_number": " "}, "cannot be made"),
        ({"public_part_number": "{id:>20}"}, "cannot be made"),
        ({"all_matching": "zeppelin", "product_ids": ()}, "No product matches"),
        ({"groups": ("Nobody",)}, "no group Nobody. There are: Everyone, Staff"),
        ({"workflow": "None such"}, "no workflow None such"),
        ({"markup_percent": "a lot"}, "a lot is not a percentage"),
        ({"markup_percent": "-1"}, "-1 is not a percentage"),
        ({"markup_percent": "NaN"}, "NaN is not a percentage"),
        ({"product_ids": ()}, "No product"),
    ],
)
async def test_a_wrong_wish_is_refused_whole_and_names_the_fix(ready: Bench, change, text) -> None:
    wish = ImportRequest(**{"site": SITE, "product_ids": ("2284",), **change})
    with pytest.raises(ConfigError, match=text):
        await plan_import(ready.installation, ready.subscriber, wish)
    assert await items(ready) == {}


async def test_without_a_pricing_engine_nothing_is_imported(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="makeready subscriber install northfield"):
        await plan_import(bench.installation, bench.subscriber, WISH)


async def test_the_mis_is_asked_for_many_products_at_once(ready: Bench) -> None:
    for number in range(60):
        ready.mis.products[str(number)] = product(str(number), f"Poster {number}")
    plan = await plan_import(
        ready.installation, ready.subscriber, ImportRequest(site=SITE, all_matching="poster")
    )
    ready.mis.products_asked.clear()
    await start(ready.installation, ready.subscriber, plan.job.id)
    await settle(ready)
    assert len(ready.shop.products) == 60
    assert sorted([len(ids) for ids in ready.mis.products_asked]) == [10, 25, 25]


async def test_a_product_that_the_mis_no_longer_has_is_failed_alone(ready: Bench) -> None:
    plan = await plan_import(ready.installation, ready.subscriber, WISH)
    del ready.mis.products["2284"]
    await start(ready.installation, ready.subscriber, plan.job.id)
    await settle(ready)
    assert await items(ready) == {"2284": "failed", "4107": "created"}


async def test_a_product_that_has_our_url_name_and_another_number_is_not_taken_for_ours(ready: Bench) -> None:
    ready.shop.create_trouble = [OutcomeUnknown("cut")]
    await run(ready, structs.replace(WISH, product_ids=("2284",)))
    ready.shop.others["x"] = ShopProduct(id="x", part_number="OTHER", url_name="opening-kit-m2284")
    ready.clock.now += QUIET_S + 1
    await settle(ready)
    [item] = await ready.installation.store.imports.items(1)
    assert (item.state, item.shop_product_id) == ("failed", "")
    assert "rename it in the shop" in item.reason


async def test_a_shop_that_is_away_holds_up_the_batch_and_fails_nothing(ready: Bench) -> None:
    ready.shop.create_trouble = [RetryLater("down", after_s=20)]
    await run(ready)
    assert await items(ready) == {"2284": "planned", "4107": "planned"}
    ready.clock.now += 21
    await settle(ready)
    assert await items(ready) == {"2284": "created", "4107": "created"}


async def test_a_wrong_password_is_waited_for_and_fails_nothing(ready: Bench) -> None:
    ready.shop.create_trouble = [ConfigError("The login is refused.")]
    await run(ready)
    [first, _] = await ready.installation.store.imports.items(1)
    assert (first.state, first.reason) == ("planned", "The login is refused.")
    ready.clock.now += 60
    await settle(ready)
    assert len(ready.shop.products) == 2


async def test_a_create_that_a_killed_process_began_is_not_repeated_at_once(ready: Bench) -> None:
    await import_now(ready.installation, ready.subscriber, structs.replace(WISH, product_ids=("2284",)))
    imports = ready.installation.store.imports
    task = await imports.task("northfield", SITE, "2284")
    assert task is not None
    await imports.begin(task, now=ready.clock.now)  # here it was killed; the shop is still making it
    ready.clock.now += QUIET_S - 1
    await settle(ready)
    assert ready.shop.products == {}
    await ready.shop.create_shop_product(draft_of(task.link.url_name))
    ready.clock.now += 2
    await settle(ready)
    assert await items(ready) == {"2284": "created"}
    assert len(ready.shop.products) == 1


def draft_of(url_name: str) -> ProductDraft:
    number, engine = "117-2284", f"117-2284-{SITE}"
    return ProductDraft(
        site=SITE,
        name="Opening kit",
        part_number=number,
        public_part_number=number,
        url_name=url_name,
        engine_product_id=engine,
        engine_id="engine-1",
    )


async def test_a_product_that_a_cancelled_import_may_have_made_is_found_by_the_next(ready: Bench) -> None:
    """Also if it is called otherwise by then: it is looked for by the URL name that it was made with."""
    wish = structs.replace(WISH, product_ids=("2284",))
    first = await plan_import(ready.installation, ready.subscriber, wish)
    ready.mis.products["2284"] = product("2284", "Renamed kit")
    second = await plan_import(ready.installation, ready.subscriber, wish)
    ready.shop.create_trouble = [lost_answer()]
    ready.shop.find_trouble = [RetryLater("down", after_s=60)]
    await start(ready.installation, ready.subscriber, first.job.id)
    await settle(ready)
    ready.clock.now += QUIET_S + 1
    await settle(ready)
    await cancel(ready.installation, ready.subscriber, first.job.id)
    await start(ready.installation, ready.subscriber, second.job.id)
    await settle(ready)
    [item] = await ready.installation.store.imports.items(second.job.id)
    assert (item.state, list(ready.shop.products)) == ("created", ["opening-kit-m2284"])


async def test_a_product_that_could_not_be_looked_for_is_not_forgotten(ready: Bench) -> None:
    ready.shop.create_trouble = [lost_answer()]
    ready.shop.find_trouble = [Refused("This user may not search.")]
    await run(ready, structs.replace(WISH, product_ids=("2284",)))
    ready.clock.now += QUIET_S + 1
    await settle(ready)
    assert await items(ready) == {"2284": "failed"}
    await start(ready.installation, ready.subscriber, 1)
    await settle(ready)
    assert await items(ready) == {"2284": "created"}
    assert len(ready.shop.products) == 1
