"""A company with two MIS: pages ask which one, and say which one."""

from browser import Browser
from makeready.products.routes import RouteRules
from makeready.subscribers.setup import install
from msgspec import structs
from pretend import SITE, Bench, Mis, line, order, product
from steps import ask_to_look, settle

AT = "/subscribers/northfield"


async def test_products_are_those_of_the_mis_that_is_chosen(mia: Browser, bench: Bench, press: Mis) -> None:
    press.products = {"WF-1": product("WF-1", "Banner")}
    page = await mia.get(f"{AT}/products?site={SITE}")
    assert ("Opening kit" in page.text, "Banner" in page.text) == (True, False)
    page = await mia.get(f"{AT}/products?site={SITE}&mis=press")
    assert ("Opening kit" in page.text, "Banner" in page.text) == (False, True)


async def test_an_import_is_from_the_mis_whose_products_were_ticked(
    mia: Browser, bench: Bench, press: Mis
) -> None:
    press.products = {"WF-1": product("WF-1", "Banner")}
    await bench.installation.store.subscribers.set_public_url("http://pages.example")
    await install.install(bench.installation, bench.subscriber)
    await mia.get(f"{AT}/products?site={SITE}&mis=press")
    await mia.send("/products/choose", product=["WF-1"])
    await mia.send("/products/plan")
    [job] = await bench.installation.store.imports.jobs("northfield")
    assert job.choices.mis == "press"


async def test_the_page_and_the_list_say_which_has_what(mia: Browser, bench: Bench, press: Mis) -> None:
    routes = RouteRules(products={"4107": "press"}, fallback="mis")
    changed = structs.replace(bench.subscriber, routes=routes, version=bench.subscriber.version + 1)
    await bench.installation.store.subscribers.save([changed])
    bench.shop.orders["6994"] = order("6994", line(1), line(2, part_number="117-4107"))
    await ask_to_look(bench, "6994")
    await settle(bench)
    page = await mia.get(f"{AT}/orders/6994")
    assert "In the MIS (mis) as SO-1" in page.text
    assert "In the MIS (press) as SO-1" in page.text
    page = await mia.get(f"{AT}/orders")
    assert "SO-1 press" in page.text


async def test_a_product_that_one_of_them_has_not_is_told_with_its_name(
    mia: Browser, bench: Bench, press: Mis
) -> None:
    press.products = {}
    changed = structs.replace(
        bench.subscriber, routes=RouteRules(fallback="press"), version=bench.subscriber.version + 1
    )
    await bench.installation.store.subscribers.save([changed])
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    page = await mia.get(f"{AT}/orders/6994")
    assert "The MIS (press) has no product 2284." in page.text
