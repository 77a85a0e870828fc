"""Products in the pages: looked for, planned, run, interrupted, gone on with; linked, unlinked."""

import asyncio
import html
import json
import re
from decimal import Decimal

import pytest
from browser import Browser, Page
from makeready.prices.model import KnownPrice
from makeready.subscribers.setup import install
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.price import PriceQuery, Quote
from makeready_hooks.model.product import ProductBinding, ShopProduct, StockLevel
from pretend import SITE, Bench, product
from steps import settle

AT = "/subscribers/northfield"
COUNT = 60


@pytest.fixture(autouse=True)
async def catalogue(bench: Bench) -> None:
    await bench.installation.store.subscribers.set_public_url("http://pages.example")
    await install.install(bench.installation, bench.subscriber)
    bench.mis.products = {str(key): product(str(key), f"Poster {key}") for key in range(1001, 1001 + COUNT)}


def button(page: Page, begin: str) -> str:
    """The value of a button of the search; "" if it is not there."""
    found = re.search(f'name="go" value="({begin}[^"]*)"', page.html)
    return html.unescape(found[1]) if found else ""


async def planned(mia: Browser, **choices: object) -> str:
    """Tick everything, choose, plan; return the address of the import."""
    await mia.get(f"{AT}/products?site={SITE}")
    await mia.send("/products/choose", go="all", product=None)
    await mia.send("/products/choose", go="choose")
    page = await mia.send("/products/plan", **choices)
    assert f"Planned: {COUNT} to make" in page.text
    return page.response.url.path


async def test_a_page_of_products_is_ticked_chosen_for_and_planned(mia: Browser, bench: Bench) -> None:
    page = await mia.get(f"{AT}/products?site={SITE}&q=poster")
    assert f"{COUNT} found" in page.text
    assert "Poster 1051" not in page.text
    last = await mia.send("/products/choose", go=button(page, "next "))
    assert "Poster 1051" in last.text
    assert button(last, "next ") == ""
    await mia.get(f"{AT}/products?site={SITE}&q=poster")
    page = await mia.send("/products/choose", product=["1001", "1003"])
    assert "2 products into shop.example" in page.text
    page = await mia.send("/products/plan", 422, markup="many", group=["Staff"])
    assert "The mark-up many is not a percentage." in page.text
    assert page.form("/products/plan")["group"] == ["Staff"], "what was chosen stays"
    page = await mia.send(
        "/products/plan", markup="25", workflow="MIS transfer", upload="yes", save_as="standard"
    )
    assert "Planned: 2 to make. Nothing has happened yet." in page.text
    assert bench.shop.products == {}
    await mia.send("/run")
    await settle(bench)
    assert [str(one.markup_percent) for one in bench.shop.products.values()] == ["25", "25"]
    assert [one.groups[0].name for one in bench.shop.products.values()] == ["Staff", "Staff"]
    page = await mia.get(f"{AT}/products?site={SITE}")
    assert page.html.count('class="imported"') == 2
    assert page.html.count("disabled") == 2, "they cannot be ticked again"
    page = await mia.send("/products/choose", product=None)
    assert "Nothing is selected. Tick the products to be imported, then go on." in page.text


async def test_an_import_is_interrupted_and_finished(mia: Browser, bench: Bench) -> None:
    at = await planned(mia)
    await mia.send("/run")
    assert "http-equiv" in mia.page.html, "without scripts the page loads itself again"

    create = bench.shop.create_shop_product
    job = int(at.rpartition("/")[2])

    async def making(draft):
        if len(bench.shop.products) == 20:
            form = mia.page.form("/pause")
            await mia.client.post(f"{at}/pause", data=form)
        return await create(draft)

    bench.shop.making = making
    await settle(bench)
    bench.shop.making = None
    made = len(bench.shop.products)
    assert 20 <= made < COUNT
    page = await mia.get(at)
    assert "paused" in page.text
    await mia.send("/run")
    await settle(bench)
    page = await mia.get(at)
    assert f"done: {COUNT} of {COUNT}" in page.text
    assert "Add a picture." in page.text
    assert len(bench.shop.products) == COUNT
    assert len(page.html) < 100_000
    assert (await mia.client.get(f"{at}/file")).headers["content-disposition"].endswith("left.csv")
    assert f'href="/admin{AT}/imports/{job}"' in (await mia.get(f"{AT}/imports")).html


async def test_what_failed_is_tried_again_and_what_is_planned_is_cancelled(
    mia: Browser, bench: Bench
) -> None:
    at = await planned(mia)
    bench.shop.create_trouble = [Refused("The name is too long.")]
    await mia.send("/run")
    await settle(bench)
    page = await mia.get(f"{at}?state=failed")
    assert "The name is too long." in page.text
    await mia.send("/run")
    await settle(bench)
    assert len(bench.shop.products) == COUNT
    await mia.get(at)
    assert not [form for form in mia.page.forms if "imports" in form["action"]], "it is done"
    bench.mis.products["1"] = product("1", "Another")
    await mia.get(f"{AT}/products?site={SITE}&q=Another")
    await mia.send("/products/choose", product=["1"])
    await mia.send("/products/plan")
    page = await mia.send("/cancel")
    assert "cancelled" in page.text
    await settle(bench)
    assert len(bench.shop.products) == COUNT


async def test_progress_is_told_while_it_happens(mia: Browser, bench: Bench) -> None:
    at = await planned(mia)
    await mia.send("/run")
    events, _ = await asyncio.gather(mia.client.get(f"{at}/events"), settle(bench))
    assert events.headers["content-type"].startswith("text/event-stream")
    told = [line.removeprefix("data: ") for line in events.text.splitlines() if line.startswith("data: {")]
    assert json.loads(told[-1]) == {
        "total": COUNT,
        "settled": COUNT,
        "sentence": f"done: {COUNT} of {COUNT}, created {COUNT}",
    }
    assert events.text.endswith("event: end\ndata:\n\n")


async def test_a_product_that_the_shop_has_is_linked_and_let_go(mia: Browser, bench: Bench) -> None:
    bench.shop.others["p1"] = ShopProduct(
        id="p1", name="Old poster", part_number="C-1001", public_part_number="OLD-1", url_name="old"
    )
    bench.shop.bindings["p1"] = ProductBinding(part_number="C-1001")
    page = await mia.get(f"{AT}/link?site={SITE}")
    assert "Old poster" in page.text
    page = await mia.send("/link/plan")
    assert "Planned: 1 to link" in page.text
    assert "part number C-1001 becomes 117-1001" in page.text
    await mia.send("/run")
    await settle(bench)
    assert bench.shop.bindings["p1"].part_number == "117-1001"
    page = await mia.get(f"{AT}/linked?site={SITE}")
    assert "linked by import" in page.text
    answer = await mia.client.post(
        f"/admin{AT}/linked/undo", data={**page.form("/linked/unlink"), "product": "1001"}
    )
    assert answer.status_code == 303
    assert bench.shop.bindings["p1"].part_number == "C-1001"
    assert "1001 is as it was before." in (await mia.get(f"{AT}/linked?site={SITE}")).text


async def test_what_no_longer_fits_together_is_shown_and_unlinked(mia: Browser, bench: Bench) -> None:
    await planned(mia)
    await mia.send("/run")
    await settle(bench)
    bench.shop.products.popitem()
    page = await mia.get(f"{AT}/linked?site={SITE}&compare=yes")
    assert "Deleted in the shop" in page.text
    page = await mia.send("/linked/unlink", product=["1060", "1059"])
    assert "2 no longer linked" in page.text
    assert f"{COUNT - 2} in shop.example" in page.text


async def test_linked_products_are_shown_with_what_is_known_and_nobody_is_asked(
    mia: Browser, bench: Bench
) -> None:
    assert "No product is linked yet" in (await mia.get(f"{AT}/linked")).text
    await planned(mia)
    await mia.send("/run")
    await settle(bench)
    store, now = bench.installation.store, bench.clock()
    for quantity, total, at in ((100, "12.5", now - 7200), (10, "3", now - 90)):
        known = KnownPrice(quote=Quote(total=Decimal(total)), at=at)
        query = PriceQuery(product_id="1001", quantity=quantity, site=SITE)
        await store.prices.keep("northfield", "live", query, known)
    level = StockLevel(product_id="1001", on_hand=Decimal(9), allocated=Decimal(2))
    await store.stock.save_levels("northfield", [level], read_at=now - 3600)
    asked = bench.mis.products_asked, bench.mis.questions
    before = [list(one) for one in asked]
    page = await mia.get(f"{AT}/linked?q=poster+1001")
    assert f"1 in {SITE}" in page.text, "the only site with links is shown at once"
    assert "3.00 for 10 1 minute ago" in page.text, "the last price that was given"
    assert "7 free 1 hour ago" in page.text
    [made] = [one for one in bench.shop.products.values() if one.part_number == "117-1001"]
    assert f"https://{SITE}/product/{made.url_name}" in page.links
    assert [list(one) for one in asked] == before
    assert "no price asked yet" in (await mia.get(f"{AT}/linked?q=1002")).text


class Away(dict):
    """Products of an MIS that cannot be reached."""

    def values(self):
        raise RetryLater("The MIS is away.", fix="Try again later.")


async def test_a_vendor_that_is_away_is_told_and_the_page_stays(mia: Browser, bench: Bench) -> None:
    bench.mis.products = Away()
    for path in ("products", "link"):
        page = await mia.get(f"{AT}/{path}?site={SITE}")
        assert "The MIS is away. Try again later." in page.text, path
        assert page.form("/sign-out")


async def test_a_lost_answer_makes_nothing_twice(mia: Browser, bench: Bench) -> None:
    trouble = OutcomeUnknown("cut")
    trouble.after_the_effect = True
    bench.shop.create_trouble = [trouble]
    await planned(mia)
    await mia.send("/run")
    await settle(bench)
    bench.clock.now += 1000
    await settle(bench)
    assert len(bench.shop.products) == COUNT


async def test_an_mis_that_counts_nothing_is_paged_by_what_it_gives(mia: Browser, bench: Bench) -> None:
    bench.mis.page_size, bench.mis.counts = 7, False
    page = await mia.get(f"{AT}/products?site={SITE}&q=poster")
    assert "7 shown" in page.text
    assert "None" not in page.text
    assert "Poster 1008" in (await mia.send("/products/choose", go=button(page, "next "))).text
