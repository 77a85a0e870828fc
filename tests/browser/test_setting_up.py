"""A company from nothing, as its integrator does it: the first user, both sides, an import that the power cuts."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from office import SITE, STAGE, Office, new_office
from person import Person
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

PRODUCTS = 60
PASSWORD = "correct horse battery staple"
SHOP_FIELDS = {
    "admin_url": "Admin address",
    "user_name": "API user name",
    "password": "Password",
    "subscriber_id": "Subscriber ID",
    "consumer_id": "Consumer ID",
    "allow_plain_http": "Allow unencrypted http",
}
MIS_FIELDS = {
    "server_url": "Server URL",
    "login": "API login",
    "password": "API password",
    "api_key": "Application ID",
    "allow_plain_http": "Allow unencrypted http",
    "customer_code": "Customer code",
}
CALLS = "100"
"""In 10 seconds: an import that lasts long enough to be cut."""


@pytest_asyncio.fixture(loop_scope="session")
async def office() -> AsyncIterator[Office]:
    async with new_office() as made:
        await made.mis.generate_catalogue(PRODUCTS + 3)  # of twenty, one is a part and not for sale
        yield made


async def test_a_company_is_set_up_from_nothing(
    office: Office, new_person: Callable[[str], Awaitable[Person]]
) -> None:
    olga = await new_person(office.server_url)
    await _make_the_first_user(olga, office)
    await _give_the_public_address(olga, office)
    await _add_the_company(olga, office)
    await olga.follow("Settings")
    await _connect(olga, "Aleyant Pressero", await office.shop.connector_settings(), SHOP_FIELDS, CALLS)
    await _connect(olga, "Tharstern", await office.mis.connector_settings(), MIS_FIELDS)
    await _choose_the_stage(olga)
    await olga.press("Test the connections")
    await olga.sees("Nothing is wrong.")
    await olga.follow("Settings")
    await olga.press("Set up in the vendors' accounts")
    await olga.sees("Webhook and pricing engine set up in Aleyant Pressero.")
    await _import(olga, office)
    await olga.follow("Overview")
    await olga.sees("Set up: 5 of 10, next: Customers")
    await _give_a_manager_access(olga, await new_person(office.server_url))


async def _make_the_first_user(olga: Person, office: Office) -> None:
    await olga.page.goto(office.set_up_link)
    await olga.fill("Name", "olga@bridge.example")
    await olga.fill("New password", PASSWORD)
    await olga.fill("Repeat password", PASSWORD)
    await olga.press("Make the user and sign in")
    await olga.sees("Sign out")


async def _give_the_public_address(olga: Person, office: Office) -> None:
    await olga.follow("Server")
    await olga.fill("Public address", office.server_url)
    await olga.press("Save")
    await olga.sees("The address is saved.")
    await olga.follow("Makeready")


async def _add_the_company(olga: Person, office: Office) -> None:
    office.make("subscriber", "list")  # another command beside the running server does no harm
    await olga.follow("New company")
    await olga.fill("Name", "Northfield Print")
    await olga.press("Add and connect its shop")
    await olga.sees("The company is added.")


async def _connect(
    olga: Person, kind: str, given: dict[str, str], labels: dict[str, str], calls: str = ""
) -> None:
    await olga.follow(f"Connect {kind}")
    await olga.page.locator("summary", has_text="Advanced").click()
    for name, value in given.items():
        if name in labels:
            await olga.fill(labels[name], "yes" if value is True else str(value))
    if calls:
        await olga.fill("Call limit", calls)
    await olga.press("Review changes")
    await olga.sees("before")
    await olga.press("Save")
    await olga.sees("settings were changed")


async def _choose_the_stage(olga: Person) -> None:
    await olga.page.locator("a[href$='/settings/rules/orders']").click()
    await olga.fill("Send orders at stage", STAGE)
    await olga.press("Review changes")
    await olga.press("Save")
    await olga.sees("1 setting was changed.")


async def _import(olga: Person, office: Office) -> None:
    """All that match a word; the server is killed in the midst, and goes on by itself."""
    await olga.follow("Products")
    if await olga.field("Site").input_value() != SITE:
        await olga.fill("Site", SITE)
    await olga.fill("Name or number in the MIS", "GEN")
    await olga.press("Search")
    await olga.press(f"Select all {PRODUCTS} results")
    await olga.press("Next: import options")
    await olga.fill("Mark-up, per cent", "25")
    await olga.press("Show the plan")
    await olga.sees(f"{PRODUCTS} to make")
    await olga.press("Run it")
    progress = olga.page.locator("progress")
    await expect(progress).to_have_js_property("max", PRODUCTS)
    await expect(progress).not_to_have_js_property("value", 0)
    office.die()
    assert 1 <= len(await _imported(office)) < PRODUCTS
    office.start_again()
    await olga.page.reload()
    await olga.sees(f"{PRODUCTS} made")
    numbers = await _imported(office)
    assert len(numbers) == len(set(numbers)) == PRODUCTS


async def _imported(office: Office) -> list[str]:
    numbers = [str(product["PrintersPartNum"]) for product in await office.shop.products()]
    return [number for number in numbers if number.startswith("101-")]


async def _give_a_manager_access(olga: Person, mia: Person) -> None:
    await olga.go("/users")
    await olga.page.get_by_text("Add a user with a password instead").click()
    form = olga.page.locator("form[action$='/users/add']")
    await form.get_by_label("Name").fill("mia@northfield.example")
    await form.get_by_label("Role").select_option("manager")
    await form.get_by_label("Company").select_option("northfield-print")
    await form.get_by_role("button", name="Add").click()
    password = await olga.page.locator("#secret").inner_text()
    await mia.sign_in("mia@northfield.example", password.strip())
    await mia.sees("Last orders")
    await mia.sees_not("New company")
