"""What buyers do on a product page, and what they see."""

import re

from playwright.async_api import Page, Route, expect
from shopfront import Shopfront

WARNING, BUTTON, PRICE = "#makeready-stock", "#btnAddToCartButton", "#pricingEngine_lblFinalPrice"
QUANTITY = "#Q1"
PATIENCE_MS = 15_000
"""An open page asks every 5 seconds."""


async def enter(page: Page, quantity: int) -> None:
    await page.fill(QUANTITY, str(quantity))
    await page.dispatch_event(QUANTITY, "change")


async def warning(page: Page, text: str | re.Pattern[str]) -> None:
    await expect(page.locator(WARNING)).to_have_text(text, timeout=PATIENCE_MS)


async def is_usable(page: Page) -> None:
    """The page prices, and its button puts the product into the cart."""
    await expect(page.locator(PRICE)).not_to_be_empty()
    await expect(page.locator(BUTTON)).to_be_enabled()
    await page.click(BUTTON)
    await page.wait_for_url("**/cart", wait_until="domcontentloaded")


async def dress(page: Page, shop: Shopfront, *changes: tuple[str, str]) -> None:
    """The shop has a skin of its own: its product pages are as ever, but for these patterns."""

    async def skin(route: Route) -> None:
        if route.request.resource_type != "document":
            await route.continue_()
            return
        html = shop.html_of(route.request.url)
        for pattern, new in changes:
            html, count = re.subn(pattern, new, html)
            assert count, pattern
        await route.fulfill(body=html, content_type="text/html; charset=utf-8")

    await page.route("**/product/*", skin)
