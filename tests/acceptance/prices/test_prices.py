"""A buyer at a product page: choices, prices, an order that names its estimate, and an MIS that is away."""

import httpx
import pytest
from makeready_hooks.testing.emulation import BuyerItem
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from processes import run
from story import SHOP_SITE, STAGE, import_product, order, prepare, until

CARD, TOTE = "business-card-m4112", "navy-tote-bag-m4107"
COTTON = {"paper": "COTTON600", "lamination": "matt"}
TEMPLATES = """
[subscribers.northfield.connectors.tharstern.estimate_options.23.paper]
path = "Parts[0].PaperCode"
label = "Paper"
default = "SILK350"
values = { COTTON600 = "Cotton 600 gsm", SILK350 = "Silk 350 gsm" }

[subscribers.northfield.connectors.tharstern.estimate_options.23.lamination]
path = "Processes[]"
label = "Lamination"
default = "none"
values = { none = "None", matt = "Matt" }
send = { matt = { ProcessTypeID = 5 } }
"""


def switch(url: str, **values: str) -> None:
    given = {name.replace("_", "-"): value for name, value in values.items()}
    httpx.put(f"{url}/_emulator/switches", json=given, trust_env=False).raise_for_status()


def page_price(site, quantity: int, product: str = CARD, **options: str) -> dict:
    """What the product page's own call answers."""
    asked = {"Q1": quantity, "Options": [{"Key": key, "Value": value} for key, value in options.items()]}
    answer = httpx.post(
        f"{site.shop_url}/product/{product}/pricing", json={"pricingParameters": asked}, trust_env=False
    )
    return answer.raise_for_status().json()


def records(site) -> dict[str, int]:
    state = httpx.get(f"{site.mis_url}/_emulator/state", trust_env=False).json()
    return state["records"]


def change_settings(site, more: str, prices: str = "") -> None:
    """As an operator does: export, edit, apply."""
    exported = run("subscriber", "export", "northfield", db=site.db).stdout
    lines = [line for line in exported.splitlines() if line != "[subscribers.northfield.prices]"]
    file = site.db.with_name("changed.toml")
    file.write_text("\n".join([*lines, "[subscribers.northfield.prices]", prices, more]))
    applied = run("subscriber", "apply", str(file), "--yes", db=site.db)
    assert applied.returncode == 0, applied.stderr


@pytest.fixture
def shop(site):
    yield site
    switch(site.shop_url, plugin_form="json", plugin_soap_quantity="parameter")
    switch(site.mis_url, hang="0")


@pytest.fixture
async def people(shop):
    """At the shop's pages, and in the MIS."""
    buyers, mis = PRESSERO.driver(shop.shop_url), THARSTERN.driver(shop.mis_url)
    yield buyers, mis
    await buyers.aclose()
    await mis.aclose()


async def test_a_buyer_chooses_sees_a_price_and_orders_at_that_price(shop, people) -> None:
    """61.75 for 500 cards; on cotton 24.25 + 500 * 0.075 * 2.4 = 114.25; matt 12 + 500 * 0.02 more."""
    buyers, mis = people
    change_settings(shop, TEMPLATES)
    checked = run("subscriber", "check", "northfield", db=shop.db).stdout
    assert "ok    tharstern options of product type 23: 2 options fit" in checked
    with shop.serve() as server:
        prepare(shop, server.url)
        import_product(shop, "4112")
        page = httpx.get(f"{shop.shop_url}/product/{CARD}", trust_env=False).text
        assert all(text in page for text in ("Paper", "Silk 350 gsm", "Cotton 600 gsm", "Lamination"))
        for form, quantity_in in (("json", "parameter"), ("soap", "parameter"), ("soap12", "option")):
            switch(shop.shop_url, plugin_form=form, plugin_soap_quantity=quantity_in)
            shown = await buyers.ask_price(SHOP_SITE, "117-4112", 500)
            assert (str(shown.total), str(shown.weight), shown.error) == ("61.75", "1", "")
            dear = page_price(shop, 500, **COTTON)
            assert (dear["Cost"], dear["ErrorMessage"]) == (136.25, None)
        cards = BuyerItem(part_number="117-4112", quantity=500, options=COTTON)
        placed = await buyers.place_order(order("117-4112", items=(cards,)))
        assert records(shop)["estimate"] == 2  # one a question, however often it was asked
        await buyers.approve(placed.order_number, 1)
        await buyers.move_to_stage(placed.order_number, 1, STAGE)
        [arrived] = await until(mis.orders, "the order is in the MIS")
    [line] = arrived["lines"]
    assert (line["estimate_id"], line["net"]) == (88002, "136.25")


def test_a_price_is_explained_and_while_the_mis_hangs_the_last_known_one_serves(shop) -> None:
    change_settings(shop, "", 'price_max_age_s = 0\ndeadline_s = 0.5\nlanguage = "de"')
    with shop.serve() as server:
        prepare(shop, server.url)
        import_product(shop, "4107")
        import_product(shop, "4112")
        assert page_price(shop, 100, TOTE)["Cost"] == 340
        switch(shop.mis_url, hang="1")
        assert page_price(shop, 100, TOTE)["Cost"] == 340
        assert page_price(shop, 50, TOTE)["Cost"] > 170, "worked out from the list that is known"
        away = page_price(shop, 500, CARD)
        assert (away["Cost"], away["ErrorMessage"][:32]) == (0, "Der Preis ist gerade nicht verfü")
        switch(shop.mis_url, hang="0")
    asked = run("price", "northfield", "4107", "-q", "100", "--site", SHOP_SITE, "--explain", db=shop.db)
    assert asked.returncode == 0, asked.stderr
    for text in ("asked of the MIS", "3.4 for one, from 100", "ALEY001", "left to the shop", "340"):
        assert text in asked.stdout
