"""The tutorial docs/first-order.md, as its reader goes through it; its pictures are taken on the way."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from office import STAGE, Office, new_office
from person import Person
from PIL import Image
from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "out" / "screenshots" / "first-order"
"""`make pictures` copies them into docs/pictures."""
COLOURS, MOST_BYTES = 64, 60_000
PASSWORD = "correct horse battery staple"
SHOP = {
    "admin_url": "Admin address",
    "user_name": "API user name",
    "password": "Password",
    "subscriber_id": "Subscriber ID",
    "consumer_id": "Consumer ID",
}
MIS = {
    "server_url": "Server URL",
    "login": "API login",
    "password": "API password",
    "api_key": "Application ID",
}


@pytest_asyncio.fixture(loop_scope="session")
async def office() -> AsyncIterator[Office]:
    async with new_office() as made:
        yield made


async def test_a_newcomer_comes_from_nothing_to_the_first_order(
    office: Office, new_person: Callable[[str], Awaitable[Person]]
) -> None:
    olga = await new_person(office.server_url)
    await _sign_in_to_both_sides(olga, office)
    await _set_the_rest_up(olga)
    await _order_as_a_buyer(olga.page, office)
    await _look(olga, office)


async def _sign_in_to_both_sides(olga: Person, office: Office) -> None:
    await olga.page.goto(office.set_up_link)
    await olga.fill("Name", "olga")
    await olga.fill("New password", PASSWORD)
    await olga.fill("Repeat password", PASSWORD)
    await olga.press("Make the user and sign in")
    await olga.follow("New company")
    await olga.fill("Name", "Northfield Print")
    await olga.press("Add and connect its shop")
    given = await office.shop.connector_settings()
    for name, label in SHOP.items():
        await olga.fill(label, str(given[name]))
    await olga.page.locator("summary", has_text="Advanced").first.click()
    await olga.fill("Allow unencrypted http", "yes")
    await olga.fill("Call limit", "1000")  # a reader waits for the limit instead
    await olga.page.locator("summary", has_text="Advanced").first.click()
    await _picture(olga.page, "shop")
    await olga.press("Test and continue")
    await olga.sees("Signed in to Aleyant Pressero.")
    given = await office.mis.connector_settings()
    for name, label in MIS.items():
        await olga.fill(label, str(given[name]))
    await olga.page.locator("summary", has_text="Advanced").first.click()
    await olga.fill("Allow unencrypted http", "yes")
    await olga.press("Test and continue")
    await olga.sees("Signed in to Tharstern.")


async def _set_the_rest_up(olga: Person) -> None:
    await olga.fill("Send orders at stage", STAGE)
    await _picture(olga.page, "stage")
    await olga.press("Save and continue")
    await olga.sees(f"Orders go to the MIS at the stage {STAGE}.")
    await olga.fill("Customer code", "ALEY001")
    await olga.fill("Which customer code orders carry", "fixed")
    await olga.press("Try it and continue")
    await olga.press("Set up and continue")
    await olga.sees("Webhook and pricing engine set up in Aleyant Pressero.")
    await olga.fill("Product of the MIS", "4107")
    await _picture(olga.page, "product")
    await olga.press("Import and continue")
    await olga.sees("The product is being imported")
    await olga.press("It is pasted, or comes later")
    await olga.sees("Waiting for an order")


async def _order_as_a_buyer(page: Page, office: Office) -> None:
    """At the emulated shop, in another tab: a person of the shop orders, and its staff moves the item."""
    shop = await page.context.new_page()
    at = f"http://{office.shop_host}"
    await shop.goto(f"{at}/sign-in")
    await shop.get_by_role("button", name="Ada Fairfax").click()
    buyer = Person(shop, office.server_url)
    await shop.goto(at)
    await buyer.reads_until("Navy tote bag")
    await shop.get_by_role("link", name="Navy tote bag").first.click()
    await buyer.sees("each")  # a price came, through us
    await _picture(shop, "price")
    await shop.get_by_role("button", name="Add to cart").click()
    await shop.goto(f"{at}/cart")
    await shop.get_by_label("PO number").fill("PO 7781")
    await shop.get_by_role("button", name="Place order").click()
    await buyer.sees("Thank you")
    number = await shop.locator("#orderNumber").inner_text()
    await shop.goto(f"{at}/admin/orders/{number}")
    await shop.get_by_label("Stage").select_option(label=STAGE)
    await shop.get_by_role("button", name="Move").click()
    await shop.close()


async def _look(olga: Person, office: Office) -> None:
    await olga.sees("The first order is in the MIS.")
    await olga.page.get_by_role("link", name="6994", exact=True).first.click()
    await olga.sees("In the MIS")
    await _picture(olga.page, "arrived")
    [order] = await office.mis.orders()
    assert order["reference"] == "6994-1"


async def _picture(page: Page, name: str) -> None:
    """Small enough for a repository: few colours do for a page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.set_viewport_size({"width": 1000, "height": 700})
    await page.evaluate("() => window.scrollTo(0, 0)")
    taken = Image.open(io.BytesIO(await page.screenshot()))
    file = PICTURES / f"first-order-{name}.png"
    taken.convert("RGB").quantize(COLOURS).save(file, optimize=True)
    assert file.stat().st_size <= MOST_BYTES
