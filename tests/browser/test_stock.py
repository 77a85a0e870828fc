"""A real browser on the shop's pages: buyers are warned, and the shop works in every case."""

import re
from pathlib import Path
from typing import Any

import pytest
from browsing import BUTTON, PRICE, QUANTITY, WARNING, dress, enter, is_usable, warning
from playwright.async_api import Page, expect
from shopfront import KIT, NATURAL, TOTE, TRADE, Shopfront

AT_ONCE_MS = 1_000
"""Sooner than an open page asks again."""

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_there_needs_no_words(page: Page, shop: Shopfront) -> None:
    await page.goto(shop.product(KIT))
    await enter(page, 100)
    await warning(page, "")
    await is_usable(page)


async def test_stock_goes_to_zero_while_the_page_is_open(page: Page, shop: Shopfront) -> None:
    await page.goto(shop.product(KIT))
    await expect(page.locator(PRICE)).not_to_be_empty()
    shop.set_stock(KIT, 0)
    await warning(page, "Out of stock. You can still order; delivery may take longer.")
    await expect(page.locator(WARNING)).to_have_attribute("role", "status")
    await expect(page.locator(BUTTON)).to_be_enabled()  # this shop only warns
    shop.set_stock(KIT, 120)
    await warning(page, "")


async def test_a_warning_knows_the_quantity(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 3)
    await page.goto(shop.product(KIT))
    await enter(page, 2)
    await warning(page, "Only 3 left.")
    await enter(page, 4)
    await warning(page, "Only 3 of 4 are in stock. You can still order; delivery may take longer.")
    await enter(page, 3)
    await warning(page, "Only 3 left.")


async def test_what_is_not_there_cannot_be_put_into_the_cart_where_that_is_wanted(
    page: Page, shop: Shopfront
) -> None:
    shop.set_stock(KIT, 120)
    await page.goto(shop.product(KIT, TRADE))
    await enter(page, 121)
    await warning(page, "There are not 121 in stock. Please order fewer.")
    await expect(page.locator(BUTTON)).to_be_disabled()
    await enter(page, 120)
    await warning(page, "")
    await expect(page.locator(BUTTON)).to_be_enabled()
    shop.set_stock(KIT, 0)
    await warning(
        page, "Sold out for now. It cannot be ordered now. Please ask us, or choose another product."
    )
    await expect(page.locator(BUTTON)).to_be_disabled()
    await page.press(QUANTITY, "Enter")
    assert await heard(page, "submit", "button.form.requestSubmit()") == 0, (
        "not by the keyboard nor by a script"
    )
    shop.set_stock(KIT, 120)
    await warning(page, "")
    assert await heard(page, "submit", "button.form.requestSubmit()") == 1


async def heard(page: Page, event: str, act: str) -> int:
    """How often the page itself hears an event that an act on its button causes. The event does nothing else."""
    return int(
        await page.evaluate(f"""() => {{
            const button = document.getElementById('btnAddToCartButton');
            let count = 0;
            const hear = event => {{ count++; event.preventDefault(); }};
            button.form.addEventListener('{event}', hear);
            {act};
            button.form.removeEventListener('{event}', hear);
            return count;
        }}""")
    )


async def test_a_warning_survives_every_redraw_of_the_page(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    head = "<script>window.seen = []; function calcFinish(sender, data) { seen.push(data.FormattedCost); }</script>"
    shop.set_head(head + shop.snippets["southgate"], TRADE)
    await page.goto(shop.product(KIT, TRADE))
    await warning(page, re.compile("Sold out"))
    for quantity in (5, 7, 9):  # each draws the options again, and enables the button again
        await enter(page, quantity)
        await page.wait_for_function("document.body.dataset.updatingPrice === 'false'")
        await expect(page.locator(BUTTON)).to_be_disabled()
    assert len(await page.evaluate("seen")) >= 3, "the site's own calcFinish is still called"
    await page.evaluate("window.calcFinish = function () { window.late = true; }")
    await enter(page, 11)
    await page.wait_for_function("window.late === true")
    await expect(page.locator(BUTTON)).to_be_disabled()
    for change in ("+= ''", "= document.querySelector('.product-form').cloneNode(true).innerHTML"):
        await page.evaluate(
            f"document.querySelector('.product-form').innerHTML {change}"
        )  # all nodes are new ones
        await page.evaluate("document.getElementById('btnAddToCartButton').disabled = false")
        await expect(page.locator(BUTTON)).to_be_disabled(timeout=AT_ONCE_MS)
        await warning(page, re.compile("Sold out"))
    for _ in range(3):
        await page.evaluate("document.getElementById('makeready-stock').remove()")
        await expect(page.locator(WARNING)).to_contain_text("Sold out", timeout=AT_ONCE_MS)


async def test_a_script_that_fights_for_the_button_does_not_make_the_page_hang(
    page: Page, shop: Shopfront
) -> None:
    shop.set_stock(KIT, 0)
    await page.goto(shop.product(KIT, TRADE))
    await warning(page, re.compile("Sold out"))
    await page.evaluate("""() => {
        const button = document.getElementById('btnAddToCartButton');
        new MutationObserver(() => { button.disabled = false; }).observe(button, { attributes: true });
        button.disabled = false;
    }""")
    assert await page.evaluate("1 + 1") == 2
    clicks = "button.disabled = false; button.click()"
    assert await heard(page, "click", clicks) == 0, "it is enabled for a moment, and does nothing"


async def test_a_file_is_uploaded_as_ever(page: Page, shop: Shopfront, tmp_path: Path) -> None:
    artwork = tmp_path / "front.pdf"
    artwork.write_bytes(b"%PDF-1.4")
    shop.set_stock(TOTE, 45)
    await page.goto(shop.product(TOTE))
    await enter(page, 2)
    await warning(page, "Only 5 left.")  # 40 are promised to others
    await page.set_input_files("#fileUploads_0", artwork)
    await is_usable(page)
    assert "front.pdf" in shop.files_in_carts()


async def test_lists_of_products_show_badges(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    shop.set_stock(TOTE, 44)
    await page.goto(shop.product(KIT))
    await warning(page, re.compile("Out of stock"))
    await page.goto(shop.product(TOTE))
    await warning(page, re.compile("Only 4 of 100 are in stock"))
    await page.goto(shop.url())
    link = page.locator(f'a[href="/product/{shop.url_name(KIT)}"] .makeready-badge')
    await expect(link).to_have_text("Out of stock")
    few = page.locator(f'a[href="/product/{shop.url_name(TOTE)}"] .makeready-badge')
    await expect(few).to_have_text("Only a few left")
    assert await page.locator(f'a[href="/product/{shop.url_name(NATURAL)}"] .makeready-badge').count() == 0


OUT, SHORT, LEFT = (
    {"state": "out"},
    {"state": "in", "short": True},
    {"state": "in", "left": 270, "short": True},
)
STOPS, LATER = {"block": True}, {"back_orders": True}


@pytest.mark.parametrize(
    ("product", "rules", "text"),
    [
        (LEFT, STOPS, "At most 270 can be ordered now."),
        (LEFT, LATER, "Only 270 left, the rest ships later."),
        (LEFT, {}, "Only 270 of 5000 are in stock. You can still order; delivery may take longer."),
        (SHORT, STOPS, "There are not 5000 in stock. Please order fewer."),
        (SHORT, LATER, "There are not 5000 in stock. You can order; what is missing ships later."),
        (OUT, LATER, "Out of stock. You can order; what is missing ships later."),
        (OUT, STOPS, "Out of stock. It cannot be ordered now. Please ask us, or choose another product."),
        (
            {**LEFT, "expected": "2026-12-04"},
            {**LATER, "language": "en-GB"},
            "Only 270 left, the rest ships later. More expected on 04/12/2026.",
        ),
        (LEFT, {**STOPS, "language": "de"}, "Zurzeit können höchstens 270 bestellt werden."),
        (LEFT, {**LATER, "language": "de"}, "Nur noch 270 auf Lager, der Rest wird später geliefert."),
        (
            SHORT,
            {**STOPS, "language": "de"},
            "Der Bestand reicht nicht für 5000 Stück. Bitte bestellen Sie weniger.",
        ),
    ],
)
async def test_what_a_buyer_can_do_is_said_by_the_shop_s_rules(
    page: Page, shop: Shopfront, product: dict[str, Any], rules: dict[str, Any], text: str
) -> None:
    answer = {"products": {shop.url_name(KIT): product}, "again": 600, "shop": rules}
    await page.route("**/integrations/availability?*", lambda route: route.fulfill(json=answer))
    await page.goto(shop.product(KIT))
    await enter(page, 5000)
    await warning(page, text)
    button = expect(page.locator(BUTTON))
    await (button.to_be_disabled() if rules.get("block") else button.to_be_enabled())


async def test_it_speaks_the_language_of_the_page(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    for language, text in (
        ("fr-FR", "En rupture de stock. Vous pouvez commander ; la livraison peut prendre plus de temps."),
        ("de-DE", "Nicht auf Lager. Sie können trotzdem bestellen; die Lieferung kann länger dauern."),
        ("es-ES", "Agotado. Puede pedirlo; la entrega puede tardar más."),
        ("nl-NL", "Niet op voorraad. U kunt bestellen; de levering kan langer duren."),
        ("pt-PT", "Out of stock. You can still order; delivery may take longer."),
    ):
        await page.unroute_all()
        await dress(page, shop, ('lang="en-US"', f'lang="{language}"'))
        await page.goto(shop.product(KIT))
        await warning(page, text)


async def test_the_snippet_works_as_it_is_published(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    url = shop.server_url
    shop.set_head(
        f'<!-- THARSTERN INTEGRATION --> <meta http-equiv="Access-Control-Allow-Origin" content="{url}/" /> '
        f'<script type="text/javascript" src="{url}/integrations/Tharstern.js"></script> '
        f'<link href="{url}/integrations/Tharstern.css" rel="stylesheet"> <!-- END THARSTERN INTEGRATION -->'
    )
    await page.goto(shop.product(KIT))
    await warning(page, re.compile("Out of stock"))
    await expect(page.locator(WARNING)).to_have_css("color", "rgb(138, 28, 18)")  # the stylesheet is used


async def test_a_strict_content_security_policy_is_enough(page: Page, shop: Shopfront) -> None:
    shop.set_stock(KIT, 0)
    url = shop.server_url
    allowed = "".join(f"{kind}-src 'self' {url}; " for kind in ("script", "style", "connect"))
    policy = f"default-src 'self'; {allowed} img-src 'self' data:"
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    shop.set_head(
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">' + shop.snippets["northfield"]
    )
    await page.goto(shop.product(KIT))
    await warning(page, re.compile("Out of stock"))
    await expect(page.locator(WARNING)).to_have_css("color", "rgb(138, 28, 18)")  # the stylesheet is used
    assert [text for text in complaints if "Content Security Policy" in text] == []
