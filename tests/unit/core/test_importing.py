import asyncio

import pytest
from makeready.flows import subscribers
from makeready.flows.choosing import Wish
from makeready.flows.importing import QUIET_S
from makeready.flows.jobs import import_now
from makeready.flows.planning import plan_import
from makeready.store.states import ItemState
from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused, RetryLater
from pretend import SITE, Bench
from steps import settle

WISH = Wish(
    site=SITE,
    product_ids=("2284", "4107"),
    markup_percent="15",
    groups=("Everyone",),
    workflow="MIS transfer",
)


@pytest.fixture
async def ready(bench: Bench) -> Bench:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await subscribers.install(bench.installation, bench.subscriber)
    return bench


async def run(bench: Bench, wish: Wish = WISH) -> None:
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
    await asyncio.gather(*(plan_import(ready.installation, ready.subscriber, WISH) for _ in range(5)))
    await settle(ready)
    assert len(ready.shop.products) == 2


async def test_what_is_left_to_do_by_hand_is_kept(ready: Bench) -> None:
    await run(ready)
    item = await ready.installation.store.imports.item("northfield", SITE, "2284")
    assert item is not None
    assert item.by_hand == ("Add a picture.",)


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


async def test_a_create_in_doubt_is_not_repeated_while_it_may_still_take_effect(ready: Bench) -> None:
    ready.shop.create_trouble = [OutcomeUnknown("cut"), OutcomeUnknown("cut")]
    await run(ready)
    ready.clock.now += QUIET_S - 1
    await settle(ready)
    assert set((await items(ready)).values()) == {ItemState.IN_DOUBT}
    assert ready.shop.products == {}


async def test_a_refusal_is_kept_with_its_reason_and_can_be_tried_anew(ready: Bench) -> None:
    ready.shop.create_trouble = [Refused("UrlName is taken."), Refused("UrlName is taken.")]
    await run(ready)
    assert await items(ready) == {"2284": "failed", "4107": "failed"}
    await run(ready)
    assert await items(ready) == {"2284": "created", "4107": "created"}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"product_ids": ("2284", "9")}, "no product 9"),
        ({"groups": ("Nobody",)}, "no group Nobody. There are: Everyone, Staff"),
        ({"workflow": "None such"}, "no workflow None such"),
        ({"markup_percent": "a lot"}, "a lot is not a percentage"),
        ({"markup_percent": "-1"}, "-1 is not a percentage"),
        ({"markup_percent": "NaN"}, "NaN is not a percentage"),
        ({"product_ids": ()}, "No product"),
    ],
)
async def test_a_wrong_wish_is_refused_whole_and_names_the_fix(ready: Bench, change, text) -> None:
    wish = Wish(**{"site": SITE, "product_ids": ("2284",), **change})
    with pytest.raises(ConfigError, match=text):
        await plan_import(ready.installation, ready.subscriber, wish)
    assert await items(ready) == {}


async def test_without_a_pricing_engine_nothing_is_imported(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="makeready subscriber install northfield"):
        await plan_import(bench.installation, bench.subscriber, WISH)
