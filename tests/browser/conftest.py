"""One Chromium and one set of shops for all tests; a fresh profile for each."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from person import Person
from playwright.async_api import Browser, Page, async_playwright
from shopfront import KIT, NATURAL, SCREENSHOTS, SHOP, TOTE, TRADE, Shopfront, chromium, shopfront

TIMEOUT_MS = 20_000
POLICY = "Content Security Policy"
"""What Chromium says of a page that breaks its own."""
ARGUMENTS = (
    "--host-resolver-rules=MAP *.example 127.0.0.1",
    "--disable-features=LocalNetworkAccessChecks",  # a page that a test has changed counts as from outside
    "--no-sandbox",
    "--disable-gpu",
)


@pytest.fixture(scope="session")
def shops() -> Iterator[Shopfront]:
    with shopfront() as made:
        yield made


@pytest.fixture
def shop(shops: Shopfront) -> Shopfront:
    """Everything is in stock, and the snippet is pasted."""
    for product_id, on_hand in ((KIT, 120), (TOTE, 310), (NATURAL, 500)):
        shops.set_stock(product_id, on_hand)
    shops.set_head(shops.snippets["northfield"], SHOP)
    shops.set_head(shops.snippets["southgate"], TRADE)
    return shops


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, shop: Shopfront, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page of a buyer who is signed in. What it showed at the end is kept as a picture; an error of a script
    fails the test.
    """
    context = await browser.new_context(locale="en-GB", viewport={"width": 1100, "height": 800})
    context.set_default_timeout(TIMEOUT_MS)
    for site in (SHOP, TRADE):
        url = shop.url(site)
        await context.add_cookies([{"name": "buyer", "value": shop.buyer_id(site), "url": url}])
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    await page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    await context.close()
    assert errors == []


NewPerson = Callable[..., Awaitable[Person]]


@pytest_asyncio.fixture(loop_scope="session")
async def new_person(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[NewPerson]:
    """Makes a person at a browser of their own, at the pages of a server. ``kind`` is what a context of Playwright
    takes: a time zone, no scripts.
    """
    contexts, errors = [], []
    name = re.sub(r"\W+", "-", request.node.name).strip("-")

    async def make(server_url: str, **kind: Any) -> Person:
        window = {"width": 1200, "height": 900}
        context = await browser.new_context(locale="en-GB", viewport=window, **kind)
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if POLICY in said.text else None)
        return Person(page, server_url)

    yield make
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for number, context in enumerate(contexts, 1):
        await context.pages[0].screenshot(path=SCREENSHOTS / f"{name}-{number}.png", full_page=True)
        await context.close()
    assert errors == []
