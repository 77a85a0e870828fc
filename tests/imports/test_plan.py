"""What a plan decides about each product and why; choices, their profiles, and input that is wrong."""

import pytest
from makeready.subscribers.setup import install
from makeready_hooks.errors import ConfigError, RetryLater
from makeready_hooks.model.product import ProductBinding, ProductKind, ProductPage, ProductSearch, ShopProduct
from makeready_hooks.model.setup import Check
from makeready_imports import catalogue
from makeready_imports import choices as choosing
from makeready_imports.choices import Existing, ImportRequest
from makeready_imports.csv_file import Row
from makeready_imports.jobs import import_now, start
from makeready_imports.plan import Plan, plan_import
from makeready_inspect.check import check_subscriber
from msgspec import structs
from pretend import SITE, Bench, product
from steps import settle


@pytest.fixture
async def ready(bench: Bench) -> Bench:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    return bench


async def plan(bench: Bench, *ids: str, rows: tuple[Row, ...] = (), **choices) -> Plan:
    wish = ImportRequest(site=SITE, product_ids=ids or ("2284",), **choices)
    return await plan_import(bench.installation, bench.subscriber, wish, rows)


def in_shop(bench: Bench, key: str, **values: str) -> None:
    """A product that the shop had before."""
    bench.shop.others[key] = ShopProduct(id=key, **values)
    bench.shop.bindings[key] = ProductBinding(part_number=values.get("part_number", ""))


SAME = [
    ({"part_number": "117-2284"}, "part number 117-2284"),
    ({"part_number": "c-2284"}, "part number C-2284"),
    ({"public_part_number": "C-2284"}, "part number C-2284"),
    ({"name": "opening  KIT "}, "name Opening kit"),
]


@pytest.mark.parametrize(("values", "because"), SAME)
async def test_a_product_whose_number_or_name_exists_is_skipped_and_says_why(
    ready: Bench, values, because: str
) -> None:
    in_shop(ready, "x", **values)
    [item] = (await plan(ready)).items
    assert (item.action, item.state) == ("skip", "skipped")
    assert because in item.reason


@pytest.mark.parametrize(("values", "because"), SAME)
async def test_or_it_is_linked_and_the_plan_shows_what_changes(ready: Bench, values, because: str) -> None:
    in_shop(ready, "x", **values)
    made = await plan(ready, existing=Existing.LINK)
    [item] = made.items
    assert (item.action, item.shop_product_id) == ("link", "x")
    assert because in item.reason
    assert item.changes[0] == f"part number {values.get('part_number', '(none)')} becomes 117-2284"
    await start(ready.installation, ready.subscriber, made.job.id)
    await settle(ready)
    assert ready.shop.products == {}
    assert ready.shop.others["x"].part_number == "117-2284"


@pytest.mark.parametrize(("values", "because"), SAME)
async def test_or_another_is_made_beside_it(ready: Bench, values, because: str) -> None:
    in_shop(ready, "x", url_name="opening-kit-m2284", **values)
    made = await plan(ready, existing=Existing.NEW)
    [item] = made.items
    assert (item.action, item.url_name) == ("create", "opening-kit-m2284-2")
    await start(ready.installation, ready.subscriber, made.job.id)
    await settle(ready)
    assert set(ready.shop.products) == {"opening-kit-m2284-2"}


async def test_a_number_goes_before_a_name(ready: Bench) -> None:
    in_shop(ready, "by-name", name="Opening kit")
    in_shop(ready, "by-number", part_number="C-2284")
    [item] = (await plan(ready, existing=Existing.LINK)).items
    assert item.shop_product_id == "by-number"


async def test_of_several_that_match_none_is_linked(ready: Bench) -> None:
    in_shop(ready, "x", name="Opening kit", part_number="OLD-1")
    in_shop(ready, "y", name="Opening kit", part_number="OLD-2")
    [item] = (await plan(ready, existing=Existing.LINK)).items
    assert item.action == "skip"
    assert "Opening kit (OLD-1) and 1 more" in item.reason


async def test_the_name_of_another_product_of_the_mis_is_in_nobody_s_way(ready: Bench) -> None:
    ready.mis.products["9"] = product("9", "Opening kit")
    await import_now(ready.installation, ready.subscriber, ImportRequest(site=SITE, product_ids=("2284",)))
    await settle(ready)
    first, second = (await plan(ready, "2284", "9")).items
    assert (first.action, first.reason) == ("skip", "It is in the shop already.")
    assert (second.action, second.url_name) == ("create", "opening-kit-m9")


async def test_a_product_that_was_deleted_in_the_shop_is_not_made_again_by_itself(ready: Bench) -> None:
    await import_now(ready.installation, ready.subscriber, ImportRequest(site=SITE, product_ids=("2284",)))
    await settle(ready)
    ready.shop.products.clear()
    [item] = (await plan(ready)).items
    assert (item.action, item.reason.endswith("unlink it to make it again.")) == ("skip", True)


@pytest.mark.parametrize(
    ("template", "number"),
    [("{part_number}", "117-2284"), ("{code}", "C-2284"), ("NF/{id}", "NF/2284"), ("fixed", "fixed")],
)
async def test_the_public_part_number_is_made_by_a_rule(ready: Bench, template: str, number: str) -> None:
    [item] = (await plan(ready, public_part_number=template)).items
    assert item.public_part_number == number


async def test_a_product_that_lacks_what_its_public_number_is_made_of_is_skipped(ready: Bench) -> None:
    ready.mis.products["2284"] = structs.replace(ready.mis.products["2284"], code="")
    [item] = (await plan(ready, public_part_number="{code}")).items
    assert (item.action, item.reason) == ("skip", "It lacks what {code} is made of.")


# Rows that are wrong


async def test_a_wrong_row_is_told_with_its_line_and_the_others_are_planned(ready: Bench) -> None:
    ready.mis.products["7"] = structs.replace(product("7", "Sheet"), kind=ProductKind.OTHER)
    texts = ("2284", "nonsense", "7", "C-4107", "C-2284 ", "c-2284")
    rows = tuple(Row(product=text, line=line) for line, text in enumerate(texts, 2))
    made = await plan_import(ready.installation, ready.subscriber, ImportRequest(site=SITE), rows)
    assert [item.product_id for item in made.items] == ["2284", "4107"]
    assert [str(error) for error in made.errors] == [
        "Line 3: The MIS has no product nonsense that is for sale.",
        "Line 4: Product 7 is a part or a process, not for sale.",
        "Line 6: Product 2284 is in line 2 already.",
        "Line 7: The MIS has no product c-2284 that is for sale. It has the code C-2284.",
    ]


async def test_a_code_of_two_products_has_to_be_an_id(ready: Bench) -> None:
    ready.mis.products["9"] = structs.replace(product("9", "Other kit"), code="C-2284")
    with pytest.raises(ConfigError, match="2 products have the code C-2284: give an id, one of 2284, 9"):
        await plan(ready, "C-2284")


async def test_ten_thousand_rows_are_planned_with_one_reading_of_the_catalogue(ready: Bench) -> None:
    ready.mis.products = {str(key): product(str(key), f"Poster {key}") for key in range(9_000)}
    rows = tuple(Row(product=str(key), line=key + 1) for key in range(10_000))
    made = await plan_import(ready.installation, ready.subscriber, ImportRequest(site=SITE), rows)
    assert (len(made.items), len(made.errors)) == (9_000, 1_000)
    assert made.errors[0].row.line == 9_001
    assert ready.mis.products_asked == []


# Profiles, and the page that a person chooses from

CHOSEN = ImportRequest(site=SITE, markup_percent="12.5", groups=("Staff",), existing=Existing.NEW)


async def test_choices_are_saved_under_a_name_for_one_site(ready: Bench) -> None:
    wish = structs.replace(CHOSEN, product_ids=("2284",))
    await choosing.save_profile(ready.installation, ready.subscriber, " trade ", wish)
    assert await choosing.profile(ready.installation, ready.subscriber, SITE, "trade") == CHOSEN
    with pytest.raises(ConfigError, match="no profile trade"):
        await choosing.profile(ready.installation, ready.subscriber, "other.example", "trade")


async def test_a_profile_with_a_wrong_choice_is_not_saved(ready: Bench) -> None:
    wish = structs.replace(CHOSEN, groups=("Nobody",))
    with pytest.raises(ConfigError, match="no group Nobody"):
        await choosing.save_profile(ready.installation, ready.subscriber, "trade", wish)
    assert await choosing.profiles(ready.installation, ready.subscriber, SITE) == {}


async def test_what_is_in_the_chosen_site_is_marked_on_the_page(ready: Bench) -> None:
    await import_now(ready.installation, ready.subscriber, ImportRequest(site=SITE, product_ids=("2284",)))
    await settle(ready)
    marks = {}
    for site in (SITE, "other.example", ""):
        page = await catalogue.list_products(ready.installation, ready.subscriber, ProductSearch(), site)
        marks[site] = [one.product.id for one in page.products if one.imported]
    assert marks == {SITE: ["2284"], "other.example": [], "": []}


async def test_a_workflow_without_the_stage_at_which_orders_go_is_told_before_anything_is_made(
    ready: Bench,
) -> None:
    assert (await plan(ready, workflow="MIS transfer")).job.choices.warning == ""
    ready.shop.stages = ("Approval", "Press")
    made = await plan(ready, workflow="MIS transfer")
    assert "workflow MIS transfer has no stage To the MIS" in made.job.choices.warning
    kept = await ready.installation.store.imports.job("northfield", made.job.id)
    assert kept is not None
    assert kept.choices == made.job.choices
    assert (await plan(ready)).job.choices.warning == "", "the site's own is not known"


async def test_the_check_tells_of_workflows_of_linked_products_that_lack_the_stage(ready: Bench) -> None:
    async def told() -> list[Check]:
        found = await check_subscriber(ready.installation, ready.subscriber)
        return [check for _, check in found if check.name == "workflows"]

    for product_id, workflow in (("2284", "MIS transfer"), ("4107", "")):
        wish = ImportRequest(site=SITE, product_ids=(product_id,), workflow=workflow)
        await import_now(ready.installation, ready.subscriber, wish)
    await settle(ready)
    assert await told() == []
    ready.shop.stages = ("Approval", "Press")
    [one] = await told()
    assert (one.ok, one.message) == (
        False,
        "1 linked product, such as 117-2284 in the workflow MIS transfer, has a workflow without the stage To the MIS, at "
        "which orders go to the MIS: their orders wait for ever.",
    )
    assert "put the products into another one" in one.fix


async def test_a_stage_is_the_same_however_it_is_typed(ready: Bench) -> None:
    ready.shop.stages = (" to the  MIS",)
    assert (await plan(ready, workflow="MIS transfer")).job.choices.warning == ""


async def test_all_that_match_are_read_however_small_the_pages_of_the_mis_are(ready: Bench) -> None:
    ready.mis.products = {str(number): product(str(number), f"Poster {number}") for number in range(20)}
    ready.mis.page_size, ready.mis.counts = 7, False
    wish = ImportRequest(site=SITE, all_matching="poster")
    assert len((await plan_import(ready.installation, ready.subscriber, wish)).items) == 20
    listing = await catalogue.list_products(ready.installation, ready.subscriber, ProductSearch(), SITE)
    assert (len(listing.products), listing.next, listing.total) == (7, "7", None)


async def test_a_list_that_leads_in_a_circle_is_no_list(
    ready: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    connectors = await ready.installation.connectors(ready.subscriber)
    circle = ProductPage(products=(product("1", "Poster"),), next="again")

    async def search(mis: str, search: ProductSearch) -> ProductPage:
        return circle

    monkeypatch.setattr(connectors, "search_mis_products", search, raising=False)
    with pytest.raises(RetryLater, match="leads back"):
        await catalogue.all_matching(connectors, "mis", "")
