"""Where our script cannot help, the shop works as if it were not there."""

import json

import pytest
from browsing import WARNING, dress, enter, is_usable, warning
from playwright.async_api import Page, expect
from shopfront import KIT, Shopfront, ill_server

pytestmark = pytest.mark.asyncio(loop_scope="session")

OUT_OF_STOCK = "Out of stock. You can still order; delivery may take longer."


async def says_nothing(page: Page) -> None:
    for text in await page.locator(".makeready-stock, .makeready-badge").all_text_contents():
        assert text == ""


async def test_our_server_is_down(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    with ill_server("slow", shop) as gone:
        url = gone.url
    shop.set_head(shop.snippets["northfield"].replace(shop.server_url, url))
    await page.goto(shop.product(KIT))
    await says_nothing(page)
    await is_usable(page)


async def test_our_server_never_answers(page: Page, shop: Shopfront) -> None:
    with ill_server("slow", shop) as slow:
        shop.set_head(shop.snippets["northfield"].replace(shop.server_url, slow.url))
        await page.goto(shop.product(KIT), wait_until="domcontentloaded", timeout=5_000)
        await says_nothing(page)
        await is_usable(page)
        slow.released.set()


async def test_our_server_goes_down_while_the_page_is_open(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    await page.goto(shop.product(KIT))
    await warning(page, OUT_OF_STOCK)
    await page.route("**/integrations/availability*", lambda route: route.abort())
    await page.evaluate("makereadyStock.refresh()")
    await enter(page, 5)
    await warning(page, OUT_OF_STOCK)  # what is known is kept for some minutes
    await page.clock.install()
    await page.clock.fast_forward(400_000)
    await enter(page, 6)
    await warning(page, "")
    await is_usable(page)


async def test_our_server_answers_with_pages(page: Page, shop: Shopfront) -> None:
    """A proxy in front of us that is set up wrongly. The browser itself complains of the script."""
    with ill_server("rubbish files", shop) as ill:
        shop.set_head(shop.snippets["northfield"].replace(shop.server_url, ill.url))
        await page.goto(shop.product(KIT))
        await says_nothing(page)
        await is_usable(page)


RUBBISH = [
    b"<html>Bad gateway</html>",
    b"",
    b"null",
    b"[]",
    b'{"products": 7, "again": "soon"}',
    b'{"products": {"NAME": {"state": "constructor", "left": "<b>"}}, "again": -1, "shop": {"block": true, "texts": 3}}',
    b'{"products": {"NAME": null}, "again": 1e400}',
    b'{"products": {"NAME": {"state": "in", "left": {}}}, "again": null, "shop": {"block": true, "texts": {"en": null}}}',
]


async def test_our_server_answers_rubbish(page: Page, shop: Shopfront) -> None:
    with ill_server("rubbish", shop) as ill:
        shop.set_head(shop.snippets["northfield"].replace(shop.server_url, ill.url))
        for rubbish in RUBBISH:
            ill.rubbish = rubbish.replace(b"NAME", shop.url_name(KIT).encode())
            async with page.expect_response("**/integrations/availability*"):
                await page.goto(shop.product(KIT))
            await enter(page, 5)
            await says_nothing(page)
            await is_usable(page)


async def test_words_of_an_answer_are_never_markup(page: Page, shop: Shopfront) -> None:
    name = shop.url_name(KIT)
    bad = "<img src=x onerror=alert(1)>"
    answer = {
        "products": {name: {"state": "out", "expected": bad}},
        "again": 5,
        "shop": {"texts": {"en": {"out": bad}}},
    }
    with ill_server("rubbish", shop, json.dumps(answer).encode()) as ill:
        shop.set_head(shop.snippets["northfield"].replace(shop.server_url, ill.url))
        await page.goto(shop.product(KIT))
        await expect(page.locator(WARNING)).to_contain_text("<img src=x")
        assert await page.locator(f"{WARNING} *").count() == 0


async def test_a_skin_without_the_nodes_is_left_alone(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    await dress(
        page,
        shop,
        (r'id="btnAddToCartButton" class="addToCartButton"', 'id="buy"'),
        (r'id="(pricingArea|urlName|orderItemId|Q1)"', ""),
        (r"product-form", "own-form"),
        (r"pricingGridQuantity", "own-quantity"),
        (r'<script src="/content/store.js" defer></script>', ""),  # which needs the nodes itself
    )
    await page.goto(shop.product(KIT), wait_until="networkidle")
    assert any("Tharstern.js" in url for url in requests)
    assert not any("availability" in url and shop.url_name(KIT) in url for url in requests)
    assert await page.locator(".makeready-stock").count() == 0
    await page.click("#buy")
    await page.wait_for_url("**/cart")


async def test_a_skin_without_the_hidden_name_is_known_by_its_address(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    scripts = r'<script src="/content/store.js" defer></script>'  # which needs the node itself
    await dress(page, shop, (r'<input type="hidden" id="urlName"[^>]*>', ""), (scripts, ""))
    await page.goto(shop.product(KIT))
    await warning(page, OUT_OF_STOCK)


async def test_a_product_that_is_not_of_the_mis_is_not_spoken_of(page: Page, shop: Shopfront) -> None:
    async with page.expect_response("**/integrations/availability*"):
        await page.goto(shop.url(path="/product/business-cards"))
    await says_nothing(page)
    await is_usable(page)


async def test_pages_without_products_ask_nothing(page: Page, shop: Shopfront) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    await page.goto(shop.url(path="/orders"), wait_until="networkidle")
    assert any("Tharstern.js" in url for url in requests)
    assert not any("availability" in url for url in requests)


async def test_a_snippet_that_is_pasted_twice_is_once(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    shop.set_head(shop.snippets["northfield"] * 2)
    await page.goto(shop.product(KIT), wait_until="networkidle")
    await warning(page, OUT_OF_STOCK)
    assert sum("availability" in url for url in requests) == 1
    assert await page.locator(".makeready-stock").count() == 1
    own = await page.evaluate("Object.keys(window).filter(name => /makeready/i.test(name))")
    assert own == ["makereadyStock"]
