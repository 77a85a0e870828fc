"""A product in variants becomes one of the shop's for each variant that is chosen; the blueprint itself is refused."""

import pytest
from makeready.subscribers.setup import install
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.product import LeadTime, MisProduct, ProductKind
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import import_now
from makeready_imports.plan import plan_import
from msgspec import structs
from pretend import SITE, Bench, product
from steps import settle

VARIANTS = ("TEE-R", "TEE-B")
SENTENCE = "Product TEE is not for sale by itself: import its variants instead (TEE-R, TEE-B)."


def variant(key: str, colour: str) -> MisProduct:
    return structs.replace(
        product(key, "T-shirt"), options=(("Colour", colour),), lead_time=LeadTime(days=5, working=True)
    )


@pytest.fixture
async def ready(bench: Bench) -> Bench:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    blueprint = structs.replace(
        product("TEE", "T-shirt"), kind=ProductKind.BLUEPRINT, price_breaks=(), variants=VARIANTS
    )
    bench.mis.products |= {
        "TEE": blueprint,
        "TEE-R": variant("TEE-R", "red"),
        "TEE-B": variant("TEE-B", "blue"),
    }
    return bench


async def test_each_chosen_variant_is_made_under_a_name_of_its_own(ready: Bench) -> None:
    wish = ImportRequest(site=SITE, product_ids=VARIANTS)
    made = await plan_import(ready.installation, ready.subscriber, wish)
    assert [(one.name, one.reason) for one in made.items] == [
        ("T-shirt (red)", "It is new. Lead time: 5 working days."),
        ("T-shirt (blue)", "It is new. Lead time: 5 working days."),
    ]
    await import_now(ready.installation, ready.subscriber, wish)
    await settle(ready)
    drafts = {one.part_number: (one.name, one.engine_product_id) for one in ready.shop.products.values()}
    assert drafts == {
        f"117-{key}": (name, f"117-{key}-{SITE}")
        for key, name in (("TEE-R", "T-shirt (red)"), ("TEE-B", "T-shirt (blue)"))
    }


async def test_the_blueprint_is_refused_with_the_names_of_its_variants(ready: Bench) -> None:
    wish = ImportRequest(site=SITE, product_ids=("TEE",))
    with pytest.raises(ConfigError, match=r"import its variants instead \(TEE-R, TEE-B\)"):
        await plan_import(ready.installation, ready.subscriber, wish)


async def test_of_all_that_match_the_blueprint_is_left_out(ready: Bench) -> None:
    wish = ImportRequest(site=SITE, all_matching="TEE")
    made = await plan_import(ready.installation, ready.subscriber, wish)
    assert {one.product_id: one.action for one in made.items} == {
        "TEE": "skip",
        "TEE-R": "create",
        "TEE-B": "create",
    }
    assert next(one.reason for one in made.items if one.product_id == "TEE") == SENTENCE


def test_a_lead_time_is_told_in_words() -> None:
    assert [LeadTime(days=1).text, LeadTime(days=4, working=False).text] == [
        "1 working day",
        "4 calendar days",
    ]
