"""What the people of a printing company do with their orders in the pages, and what an operator does for them."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from office import SITE, WORKFLOW, Office, new_office
from person import Person
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUSTOMER = "NORTH01"
"""Of the emulated MIS."""

NewPerson = Callable[..., Awaitable[Person]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office() -> AsyncIterator[Office]:
    """Two companies of one server; what is imported is the same."""
    async with new_office() as made:
        for name, title, number in (("northfield", "Northfield Print", 117), ("southgate", "Southgate", 118)):
            await made.apply(name, title, number)
        made.make("import", "run", "northfield", "2284", "4107", "--site", SITE, "--workflow", WORKFLOW)
        made.passwords = {
            "olga": made.add_user("olga", "operator"),
            "mia": made.add_user("mia", "manager", "northfield"),
            "vera": made.add_user("vera", "viewer", "northfield"),
        }
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def sign_in(office: Office, new_person: NewPerson) -> NewPerson:
    async def as_user(name: str, **kind: Any) -> Person:
        person = await new_person(office.server_url, **kind)
        await person.sign_in(name, office.passwords[name])
        return person

    return as_user


async def test_a_refused_order_is_repaired(office: Office, sign_in: NewPerson) -> None:
    """The MIS does not know the customer; somebody adds it there, and sends the order again."""
    await office.mis.set_switches({"strict-customer": "on"})
    placed = await office.order(1)
    mia = await sign_in("mia")
    await mia.follow("Needs attention")
    await mia.reads_until(f"{placed.order_number}-1")
    await mia.sees("was not found")
    await mia.follow(f"{placed.order_number}-1")
    await office.mis.set_switches({"strict-customer": "off"})
    await mia.press("Send again")
    await mia.sees("In the MIS as")  # the page moves by itself
    await mia.sees("by mia")
    references = [order["reference"] for order in await office.mis.orders()]
    assert references.count(f"{placed.order_number}-1") == 1


async def test_a_rejected_order_is_corrected_for_itself_alone(office: Office, sign_in: NewPerson) -> None:
    """Its buyer's code is not the MIS's: the right one is entered on the order's page."""
    await office.mis.set_switches({"strict-customer": "on"})
    placed, other = await office.order(1), await office.order(2)
    mia = await sign_in("mia")
    await mia.go(f"/subscribers/northfield/orders?q={placed.order_number}")
    await mia.reads_until("was not found")
    await mia.follow(f"{placed.order_number}-1")
    await mia.follow("Correct and send")
    await mia.fill("Customer code", CUSTOMER)
    await mia.press("Correct and send")
    await mia.sees("In the MIS as")
    await mia.sees(f'Customer code "{CUSTOMER}": corrected by mia.')
    told = office.make("orders", "correct", "northfield", f"{other.order_number}-1")
    assert "po_number" in told and "1.ship_to.address.line1" in told
    office.make("orders", "correct", "northfield", f"{other.order_number}-1", "--set", f"customer={CUSTOMER}")
    await mia.go(f"/subscribers/northfield/orders/{other.order_number}")
    await mia.sees("In the MIS as")
    await office.mis.set_switches({"strict-customer": "off"})
    references = [order["reference"] for order in await office.mis.orders()]
    for one in (placed, other):
        assert references.count(f"{one.order_number}-1") == 1


async def test_what_needs_attention_is_gone_through_by_the_keyboard(
    office: Office, sign_in: NewPerson
) -> None:
    await office.mis.set_switches({"strict-customer": "on"})
    first, second = await office.order(1), await office.order(2)
    mia = await sign_in("mia")
    await mia.follow("Needs attention")
    await mia.sees(f"{second.order_number}-1")  # both come in while the page is open
    await mia.sees("Send 2 again")
    keyboard = mia.page.keyboard
    await keyboard.press("j")
    await keyboard.press("x")
    await mia.sees("Send 1 again")
    await keyboard.press("x")
    await keyboard.press("j")
    await keyboard.press("k")
    await keyboard.press("Enter")
    await expect(mia.page).to_have_url(re.compile(rf"/orders/({first.order_number}|{second.order_number})$"))
    await keyboard.press("/")
    await keyboard.type(str(first.order_number))
    await keyboard.press("Enter")
    await expect(mia.page).to_have_url(re.compile(rf"/orders/{first.order_number}$"))
    await office.mis.set_switches({"strict-customer": "off"})
    await mia.follow("Needs attention")
    await mia.press("Send 2 again")
    await mia.sees("2 orders are sent again now.")
    await mia.sees("All clear.")


async def test_many_are_sent_again_after_they_were_counted(office: Office, sign_in: NewPerson) -> None:
    await office.mis.set_switches({"strict-customer": "on"})
    numbers = [str((await office.order(count)).order_number) for count in range(2, 7)]
    mia = await sign_in("mia")
    await mia.follow("Needs attention")
    await mia.sees("5 orders: Tharstern refuses the order")
    await office.mis.set_switches({"strict-customer": "off"})
    await mia.follow("Resend orders")
    await mia.fill("Reason contains", "was not found")
    await mia.press("Show matching orders")
    await mia.sees("5 would be sent again")
    taken = len(office.orders("northfield", "accepted"))
    await mia.press("Send 5 again")
    await mia.follow("Needs attention")
    await mia.sees("All clear.")
    await office.until("northfield", "accepted", taken + 5)
    references = [order["reference"] for order in await office.mis.orders()]
    assert [references.count(f"{number}-1") for number in numbers] == [1] * 5


async def test_an_order_is_found_and_its_story_is_told(office: Office, sign_in: NewPerson) -> None:
    """As far as it came, with what was sent; the evidence is taken along as a file."""
    placed = await office.order(7)
    mia = await sign_in("mia")
    await mia.follow("Orders")
    await mia.reads_until(f"{placed.order_number}-1")
    await mia.fill("Number", str(placed.order_number))
    await mia.press("Find")
    await expect(mia.page).to_have_url(re.compile(f"q={placed.order_number}"))
    await mia.follow(f"{placed.order_number}-1")
    await mia.sees("In the MIS as")
    await mia.page.get_by_text("Data sent").first.click()
    await mia.sees('"UniqueSubmitOrderID"')
    await mia.page.get_by_text("The answer").first.click()
    await mia.sees('"StatusDetails"')
    async with mia.page.expect_download() as waited:
        await mia.follow("Download record (page)")
    assert (await waited.value).suggested_filename == f"order-{placed.order_number}-evidence.html"
    await mia.follow("Preview what would be sent today")
    await mia.sees('"UniqueSubmitOrderID"')


async def test_an_order_is_found_by_who_ordered_what(office: Office, sign_in: NewPerson) -> None:
    placed = await office.order(9)
    mia = await sign_in("mia")
    await mia.go("/subscribers/northfield/orders")
    await mia.reads_until(f"{placed.order_number}-1")
    row = mia.page.get_by_role("row").filter(has_text=f"{placed.order_number}-1")
    customer = await row.locator("td").nth(2).inner_text()
    await mia.fill("Customer", customer.split()[0].upper())
    await mia.fill("Product", "nothing like this")
    await mia.press("Find")
    await mia.sees("No orders match.")
    await mia.fill("Product", "")
    await mia.press("Find")
    await mia.sees(f"{placed.order_number}-1")


async def test_a_page_is_there_while_a_vendor_is_asked(office: Office, sign_in: NewPerson) -> None:
    """And says so where the answer does not come."""
    await office.mis.set_switches({"slow": "1", "slow-s": "2", "fault-path": "products"})
    mia = await sign_in("mia")
    await mia.go(f"/subscribers/northfield/products?site={SITE}&q=mug")
    await expect(mia.page.locator("[aria-busy=true]")).to_be_visible()
    await mia.fill("Name or number in the MIS", "tote")
    await mia.sees("Gallery mug")
    assert await mia.field("Name or number in the MIS").input_value() == "tote", (
        "what is typed meanwhile stays"
    )
    await expect(mia.page.locator("[aria-busy=true]")).to_have_count(0)
    await mia.page.route("**/products?*part=yes*", lambda route: route.abort())
    await mia.go(f"/subscribers/northfield/products?site={SITE}&q=poster")
    await mia.sees("The answer could not be had. Load the page again.")
    await mia.page.unroute("**/products?*part=yes*")
    await office.mis.set_switches({"slow": "0", "fault-path": "*"})
    await mia.page.reload()
    await mia.sees("Exhibition poster")


async def test_a_setting_is_changed_and_taken_back(office: Office, sign_in: NewPerson) -> None:
    olga = await sign_in("olga")
    await olga.go("/subscribers/northfield/settings/rules/orders")
    await olga.page.locator("summary", has_text="Advanced").click()
    await olga.fill("Wait before asking about an unanswered order", "45")
    await olga.press("Review changes")
    await olga.sees("30 seconds")
    await olga.sees("45 seconds")
    await olga.press("Save")
    await olga.sees("1 setting was changed.")
    assert "45" in office.make("subscriber", "export", "northfield")
    await olga.follow("History")
    await olga.press("Undo this change")
    await olga.press("Save")
    await olga.sees("1 setting was changed.")
    assert "quiet_margin_s" not in office.make("subscriber", "export", "northfield")


async def test_a_viewer_sees_and_cannot_change(office: Office, sign_in: NewPerson) -> None:
    await office.mis.set_switches({"strict-customer": "on"})
    placed = await office.order(8)
    vera = await sign_in("vera")
    await vera.follow("Needs attention")
    await vera.reads_until(f"{placed.order_number}-1")
    await vera.follow(f"{placed.order_number}-1")
    await vera.sees("was not found")
    assert await vera.page.get_by_role("button", name="Send again").count() == 0
    for part in ("settings", "products", "activity"):
        await vera.go(f"/subscribers/northfield/{part}")
        await expect(vera.page.locator("[aria-busy=true]")).to_have_count(0)
        buttons = await vera.page.locator("main form[method=post] button").count()
        assert buttons == 0, part
    await office.mis.set_switches({"strict-customer": "off"})
    office.make("orders", "replay", "northfield", "--state", "refused", "--yes")


async def test_another_company_cannot_be_reached(office: Office, sign_in: NewPerson) -> None:
    mia = await sign_in("mia")
    for path in ("/subscribers/southgate", "/subscribers/southgate/orders", "/users", "/audit", "/server"):
        await mia.go(path)
        await mia.sees_not("Southgate")
        assert await mia.page.get_by_role("link", name="Needs attention").count() == 0
    await mia.go("")
    await mia.sees("Last orders")


async def test_without_scripts_an_order_is_repaired_and_products_are_imported(
    office: Office, sign_in: NewPerson
) -> None:
    await office.mis.set_switches({"strict-customer": "on"})
    placed = await office.order(9)
    mia = await sign_in("mia", java_script_enabled=False)
    await mia.follow("Needs attention")
    await mia.reads_until(f"{placed.order_number}-1")
    await mia.follow(f"{placed.order_number}-1")
    await office.mis.set_switches({"strict-customer": "off"})
    await mia.press("Send again")
    await mia.reads_until("In the MIS as")
    await mia.go(f"/subscribers/northfield/products?site={SITE}&q=Natural")
    await mia.tick("Natural tote bag")
    await mia.press("Next: import options")
    await mia.press("Show the plan")
    await mia.press("Run it")
    await mia.reads_until("done: 1 of 1")


async def test_times_are_those_of_the_viewer(office: Office, sign_in: NewPerson) -> None:
    """With the exact one for whoever points at it."""
    shown = []
    for zone in ("UTC", "America/New_York"):
        vera = await sign_in("vera", timezone_id=zone)
        await vera.follow("Orders")
        time = vera.page.locator("td time").first
        shown.append(await time.inner_text())
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.* UTC", await time.get_attribute("title") or "")
    assert shown[0] != shown[1]


async def test_the_pages_work_by_keyboard_alone(office: Office, new_person: NewPerson) -> None:
    person = await new_person(office.server_url)
    await person.go("/sign-in")
    keys = person.page.keyboard
    await keys.type("vera")
    await keys.press("Tab")
    await keys.type(office.passwords["vera"])
    await keys.press("Enter")
    await person.sees("Sign out")
    await keys.press("Tab")
    await expect(person.page.get_by_text("Skip to the content")).to_be_focused()
    await keys.press("Enter")
    await expect(person.page).to_have_url(re.compile("#main$"))


async def test_a_page_that_nobody_sees_holds_no_connection_and_is_right_when_it_is_seen(
    office: Office, sign_in: NewPerson
) -> None:
    mia = await sign_in("mia")
    await mia.follow("Orders")
    shown = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => %s});"
    told = "document.dispatchEvent(new Event('visibilitychange'));"
    await mia.page.evaluate(shown % "true" + told)
    taken = len(office.orders("northfield", "accepted"))
    placed = await office.order(3)
    await office.until("northfield", "accepted", taken + 1)
    assert await mia.page.get_by_text(f"{placed.order_number}-1").count() == 0
    await mia.page.evaluate(shown % "false" + told)
    await mia.sees(f"{placed.order_number}-1")
