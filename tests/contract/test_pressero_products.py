"""Products in accounts that take less: what is left to a person is said, and read back rather than believed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import NotSupported, OutcomeUnknown, Refused
from makeready_hooks.model.product import Choice, Pairing, ProductBinding, ProductDraft, ShopMarkup
from makeready_hooks.testing.kit import Vendor, emulating
from makeready_pressero.plugin import CONNECTOR, Pressero, build
from makeready_pressero.products.markups import markup_from
from makeready_pressero_emulator import EMULATOR
from msgspec import structs

SITE = "shop.northfield.example"
UPLOAD = "Require an upload: Catalog > Products > Kit 1 > File Upload, name Artwork."
CATEGORIES = "Assign the categories Stationery: Catalog > Products > Kit 1 > Categories."
ENGINE = f"Enter the MIS Product ID 117-1-{SITE}: Catalog > Products > Kit 1 > Pricing, engine Makeready."
MIS_ID = f"Enter the integration id 117-1-{SITE}: Catalog > Products > Kit 1 > Integration."


@asynccontextmanager
async def account(**switches: str) -> AsyncIterator[Vendor]:
    named = {name.replace("_", "-"): value for name, value in switches.items()}
    async with emulating(EMULATOR, {"rate-limit": "off", **named}) as vendor:
        yield vendor


def connector(vendor: Vendor) -> Pressero:
    context = ConnectorContext(subscriber="a", http=vendor.http, pricing_url="https://bridge.example/price/a")
    return build(msgspec.convert(vendor.settings, CONNECTOR.settings, dec_hook=decode_secret), context)


async def full_draft(pressero: Pressero, number: int = 1) -> ProductDraft:
    """All that can be asked for."""
    choices = await pressero.read_site_choices(SITE)
    assert choices.groups and choices.categories
    [category] = [one for one in choices.categories if one.name == "Stationery"]
    engine = (await pressero.install())[1]
    return ProductDraft(
        site=SITE,
        name=f"Kit {number}",
        part_number=f"117-{number}",
        public_part_number=f"KIT-{number}",
        url_name=f"kit-m{number}",
        engine_product_id=f"117-{number}-{SITE}",
        engine_id=engine.id,
        markup_percent=Decimal("12.5"),
        groups=choices.groups,
        categories=(category,),
        upload_required=True,
        stock=Decimal(7),
    )


@pytest.mark.parametrize(
    ("switches", "left"),
    [
        ({}, ()),
        ({"inferred_product_members": "off"}, (UPLOAD, CATEGORIES, ENGINE)),
        ({"inferred_product_members": "refuse"}, (UPLOAD, CATEGORIES, ENGINE, MIS_ID)),
        ({"product_extras": "off"}, (UPLOAD, CATEGORIES)),
    ],
    ids=str,
)
async def test_what_an_account_does_not_take_is_a_sentence_on_every_product(switches, left) -> None:
    async with account(**switches) as vendor:
        pressero = connector(vendor)
        draft = await full_draft(pressero)
        before = len(await vendor.driver.products())
        made = await pressero.create_shop_product(draft)
        assert made.by_hand == left
        second = await pressero.create_shop_product(await full_draft(pressero, 2))
        assert [one.replace("Kit 2", "Kit 1").replace("117-2", "117-1") for one in second.by_hand] == [*left]
        assert await connector(vendor).list_missing_fields(draft, made.id) == left
        assert len(await vendor.driver.products()) == before + 2


@pytest.mark.parametrize(("switch", "refused"), [("on", 0), ("refuse", 1)])
async def test_a_product_with_stock_costs_two_calls(switch: str, refused: int) -> None:
    async with account(inferred_product_members=switch) as vendor:
        pressero = connector(vendor)
        drafts = [await full_draft(pressero, number) for number in range(1, 6)]
        vendor.http.sent.clear()
        for draft in drafts:
            await pressero.create_shop_product(draft)
        assert len(vendor.http.sent) == 2 * len(drafts) + 1 + refused, "and one to read the first back"


async def test_products_that_are_made_side_by_side_are_read_back_once() -> None:
    async with account() as vendor:
        pressero = connector(vendor)
        drafts = [await full_draft(pressero, number) for number in range(1, 6)]
        vendor.http.sent.clear()
        await asyncio.gather(*map(pressero.create_shop_product, drafts))
        assert [method for method, _ in vendor.http.sent].count("GET") == 1


async def test_a_product_that_cannot_be_read_back_may_have_been_made() -> None:
    async with account() as vendor:
        pressero = connector(vendor)
        draft = structs.replace(await full_draft(pressero), stock=None)
        vendor.http.lose = 2
        with pytest.raises(OutcomeUnknown):
            await pressero.create_shop_product(draft)
        assert await pressero.find_shop_product(SITE, draft.url_name)


async def test_a_refusal_that_has_another_cause_stays_one() -> None:
    async with account() as vendor:
        pressero = connector(vendor)
        draft = structs.replace(await full_draft(pressero), groups=(Choice(id="nobody", name="Nobody"),))
        with pytest.raises(Refused, match="refuses POST"):
            await pressero.create_shop_product(draft)
        assert (await pressero.create_shop_product(await full_draft(pressero))).by_hand == ()


async def test_a_binding_that_the_account_refuses_is_left_to_a_person_whole() -> None:
    faults = {"fault_path": f"PUT /api/site/{SITE}/products", "error_before": "1", "error_status": "403"}
    async with account(**faults) as vendor:
        pressero = connector(vendor)
        [card, *_] = await pressero.list_shop_products(SITE)
        wanted = ProductBinding(
            part_number="117-9",
            mis_product_id="117-9-x",
            pairings=(Pairing(group_id="g", engine_id="e", configuration="117-9-x"),),
        )
        assert len(await pressero.write_shop_binding(SITE, card.id, wanted)) == 3
        assert (await pressero.read_shop_binding(SITE, card.id)).part_number == card.part_number


async def test_an_engine_id_that_the_account_ignores_is_left_to_a_person() -> None:
    async with account(inferred_product_members="off") as vendor:
        pressero = connector(vendor)
        [card, *_] = await pressero.list_shop_products(SITE)
        was = await pressero.read_shop_binding(SITE, card.id)
        pairings = tuple(structs.replace(one, configuration="117-9-x") for one in was.pairings)
        [sentence] = await pressero.write_shop_binding(
            SITE, card.id, ProductBinding(part_number="117-9", mis_product_id="117-9-x", pairings=pairings)
        )
        assert "with MIS Product ID 117-9-x" in sentence


async def test_a_mark_up_that_the_account_does_not_show_is_set_and_left_to_a_person_to_look_at() -> None:
    async with account(product_extras="off") as vendor:
        pressero = connector(vendor)
        made = await pressero.create_shop_product(await full_draft(pressero))
        with pytest.raises(NotSupported, match="does not show the mark-up"):
            await pressero.read_shop_markup(SITE, made.id)
        [sentence] = await pressero.write_shop_markup(SITE, made.id, Decimal("27.5"))
        assert sentence.startswith("Enter the mark-up 27.5 %, which is not shown to us: Catalog")
        state = await vendor.driver.state()
        assert [one["Markup"] for one in state["products"][made.id]["markups"]] == ["27.5"]


@pytest.mark.parametrize(
    ("rows", "percent"),
    [
        ([], "0"),
        ([{"MinQty": 1, "MaxQty": 999_999, "Markup": 12.5}], "12.5"),
        ([{"MinQty": 1, "MaxQty": 9, "Markup": 5}, {"MinQty": 10, "MaxQty": 999_999, "Markup": "5"}], "5"),
        ([{"MinQty": 1, "MaxQty": 9, "Markup": 5}, {"MinQty": 10, "MaxQty": 999_999, "Markup": 4}], None),
        ([{"MinQty": 10, "MaxQty": 999_999, "Markup": 4}], None),
    ],
)
def test_a_mark_up_is_one_for_any_quantity_or_depends_on_it(rows: object, percent: str | None) -> None:
    assert markup_from(rows) == ShopMarkup(percent=None if percent is None else Decimal(percent))


@pytest.mark.parametrize(
    "rows", [None, "25", [25], [{"Markup": 5}], [{"MinQty": 1, "MaxQty": 9, "Markup": "x"}]]
)
def test_rows_that_are_no_mark_ups_are_none(rows: object) -> None:
    assert markup_from(rows) is None
