"""An integrator with several companies: from one to the other, with and without scripts, and what a phone folds away."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from counted import CountedPerson
from office import Office, new_office
from person import Person
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

NewPerson = Callable[..., Awaitable[Person]]
NORTHFIELD, SOUTHGATE = "/subscribers/northfield", "/subscribers/southgate"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office() -> AsyncIterator[Office]:
    async with new_office() as made:
        await made.apply("northfield", "Northfield Print", 117)
        await made.apply("southgate", "Southgate Labels", 118)
        made.passwords["olga"] = made.add_user("olga", "operator")
        yield made


async def test_another_company_is_two_presses_and_a_word_away(office: Office, new_person: NewPerson) -> None:
    person = await new_person(office.server_url)
    olga = CountedPerson(person.page, office.server_url)
    await olga.sign_in("olga", office.passwords["olga"])
    await olga.go(f"{NORTHFIELD}/orders")
    olga.forget()
    await olga.unfold("Northfield Print")
    await olga.fill("Go to another company", "south")
    await olga.follow("Southgate Labels")
    await olga.sees("No orders yet.")
    assert olga.page.url.endswith(f"{SOUTHGATE}/orders"), "the same page of the other company"
    assert (olga.clicks, olga.fields, olga.loads) == (2, 1, 1)


async def test_without_scripts_the_form_leads_there(office: Office, new_person: NewPerson) -> None:
    olga = await new_person(office.server_url, java_script_enabled=False)
    await olga.sign_in("olga", office.passwords["olga"])
    await olga.go(f"{NORTHFIELD}/activity")
    await olga.page.locator("summary", has_text="Northfield Print").click()
    await olga.fill("Go to another company", "labels")
    await olga.press("Go")
    assert olga.page.url.endswith(f"{SOUTHGATE}/activity")
    await olga.go("?q=print")
    await olga.sees("Northfield Print")
    await olga.sees_not("Southgate Labels")


async def test_values_keep_their_labels_on_a_phone(office: Office, new_person: NewPerson) -> None:
    olga = await new_person(office.server_url)
    await olga.page.set_viewport_size({"width": 390, "height": 800})
    await olga.sign_in("olga", office.passwords["olga"])
    cell = olga.page.locator("td[data-label='orders today']").first
    label = await cell.evaluate("one => getComputedStyle(one, '::before').content")
    assert "orders today" in label
    await olga.go(NORTHFIELD)
    await expect(olga.page.locator("details.fold").first).not_to_have_attribute("open", "")
    await olga.page.set_viewport_size({"width": 1200, "height": 800})
    await olga.go(NORTHFIELD)
    await expect(olga.page.locator("details.fold").first).to_have_attribute("open", "")
