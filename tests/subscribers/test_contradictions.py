"""A change of settings is checked against what stands in the shop, before it is saved."""

import pytest
from makeready.subscribers import changes
from makeready_hooks.errors import ConfigError, NotSupported, RetryLater
from makeready_hooks.model.product import ShopProduct
from pretend import SITE, Bench
from world import link


async def propose(bench: Bench, **part: object) -> changes.Proposal:
    return await changes.propose(bench.installation, "northfield", part)


@pytest.mark.parametrize(
    ("part", "field", "words"),
    [
        ({"orders": {"trigger_stage": "Prepres"}}, "orders.trigger_stage", "has no stage Prepres."),
        (
            {"orders": {"site_trigger_stages": {SITE: "Nowhere"}}},
            "orders.site_trigger_stages",
            "has no stage Nowhere.",
        ),
        (
            {"status": {"enabled": True, "stages": {"Printing": "Pres"}}},
            "status.stages",
            "has no stage Pres. Did you mean Press",
        ),
        (
            {"orders": {"site_trigger_stages": {"gone.example": "Press"}}},
            "orders.site_trigger_stages",
            "does not show its user the site gone.example",
        ),
        ({"orders": {"test_sites": ["gone.example"]}}, "orders.test_sites", "the site gone.example"),
        (
            {"prices": {"site_languages": {"gone.example": "de"}}},
            "prices.site_languages",
            "site gone.example",
        ),
    ],
)
async def test_a_stage_or_site_that_the_shop_does_not_have_is_refused_with_those_it_has(
    bench: Bench, part: dict, field: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=words) as refused:
        await propose(bench, **part)
    assert refused.value.field == f"subscribers.northfield.{field}"
    assert ("Press, Bindery" if "stage " in words else SITE) in refused.value.fix


@pytest.mark.parametrize(
    ("row", "words", "there"),
    [
        ({"Expres": "Bike"}, "The shop has no shipping method Expres.", "Did you mean Express"),
        ({"Express": "DHL"}, "The MIS has no carrier and service DHL.", "(DHL / Express, Bike)"),
    ],
)
async def test_a_shipping_method_or_carrier_that_there_is_not_is_refused(
    bench: Bench, row: dict, words: str, there: str
) -> None:
    with pytest.raises(ConfigError, match=words) as refused:
        await propose(bench, shipping={"methods": row})
    assert refused.value.field == "subscribers.northfield.shipping.methods"
    assert there in refused.value.fix
    assert (await propose(bench, shipping={"methods": {"Express": "DHL / Express"}})).warnings == ()
    with pytest.raises(ConfigError, match=r"the site gone\.example"):
        await propose(bench, shipping={"site_methods": {"gone.example": {"Express": "Bike"}}})


async def test_names_are_taken_however_they_are_typed(bench: Bench) -> None:
    stages = {f" {SITE.upper()}": "pRESS "}
    proposal = await propose(bench, orders={"trigger_stage": "to  the mis", "site_trigger_stages": stages})
    assert proposal.warnings == ()


async def test_what_contradicted_before_hinders_no_other_change(bench: Bench) -> None:
    bench.shop.stages = ("Press",)
    assert (await propose(bench, orders={"reconcile_days": 5.0})).warnings == ()
    assert (await propose(bench, orders={"trigger_stage": "Press"})).warnings == ()


@pytest.mark.parametrize(
    ("exc", "warned"), [(RetryLater("The shop is away."), 1), (NotSupported("No list."), 0)]
)
async def test_with_the_vendor_away_a_change_is_saved_with_a_warning(
    bench: Bench, exc: Exception, warned: int
) -> None:
    async def away() -> None:
        raise exc

    bench.shop.listing = away
    proposal = await propose(bench, orders={"trigger_stage": "Prepress"})
    assert len(proposal.warnings) == warned
    assert all("could not be looked at: The shop is away." in one for one in proposal.warnings)
    await changes.save(bench.installation, [proposal])
    assert (await bench.installation.subscriber("northfield")).orders.trigger_stage == "Prepress"


async def test_the_number_stays_while_linked_products_carry_it(bench: Bench) -> None:
    await link(bench.installation, "northfield", "2284")
    with pytest.raises(
        ConfigError, match="1 product in the shop carries a part number that begins with 117"
    ) as no:
        await propose(bench, **await given(bench, 118))
    assert no.value.field == "subscribers.northfield.external_user_id"
    assert "Keep 117" in no.value.fix


async def test_the_number_stays_while_the_shop_s_items_carry_it_whoever_made_them(bench: Bench) -> None:
    assert (await propose(bench, **await given(bench, 118))).warnings == ()
    bench.shop.others["p1"] = ShopProduct(
        id="p1", name="Kit", url_name="kit", part_number="117-2284", public_part_number=""
    )
    with pytest.raises(ConfigError, match="2 products in the shop carry part numbers that begin with 117"):
        await propose(bench, **await given(bench, 118))  # in each of its two sites


async def given(bench: Bench, number: int) -> dict:
    exported = changes.export(bench.installation, await bench.installation.subscriber("northfield"))
    return {**exported, "external_user_id": number}
