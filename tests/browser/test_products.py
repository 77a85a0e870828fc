"""An importer at a real browser: products ticked, counted, imported with a mark-up, and given another one."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
import pytest_asyncio
from looks import judge
from office import SITE, Office, new_office
from person import Person
from playwright.async_api import Browser, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = "/subscribers/northfield"
NEXT = "Next: import options"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office() -> AsyncIterator[Office]:
    async with new_office() as made:
        await made.apply("northfield", "Northfield Print", 117)
        made.passwords = {"mia": made.add_user("mia", "manager", "northfield")}
        yield made


async def test_products_are_counted_imported_and_given_another_mark_up(
    office: Office, browser: Browser
) -> None:
    context = await browser.new_context(
        locale="en-GB", bypass_csp=True, viewport={"width": 390, "height": 800}
    )  # axe is a script
    mia = Person(await context.new_page(), office.server_url)
    await mia.sign_in("mia", office.passwords["mia"])
    await mia.go(f"{AT}/products?site={quote(SITE)}")
    onward = mia.page.get_by_role("button", name=NEXT)
    await expect(onward).to_be_disabled()
    await mia.tick("Natural tote bag")
    await mia.sees("1 selected")
    await expect(onward).to_be_enabled()
    await mia.tick("Gallery mug")
    await mia.sees("2 selected")
    await mia.fill("Name or number in the MIS", "tote")
    await mia.press("Search")
    await mia.sees("1 of them on other pages")
    found = await judge(mia.page, "light", "products picked")
    await mia.press(NEXT)
    await mia.sees("2 products into")
    await mia.fill("Mark-up", "25 %")
    await mia.press("Show prices with this mark-up")
    await mia.sees("4.75")
    found += await judge(mia.page, "light", "import options")
    await mia.press("Show the plan")
    await mia.press("Run it")
    await mia.sees("done: 2 of 2")
    found += await judge(mia.page, "light", "import done")
    await mia.go(f"{AT}/linked?site={quote(SITE)}")
    await mia.fill("New mark-up", "30")
    await mia.tick("All 2 that match")
    await mia.press("Show old and new prices")
    await mia.sees("25 % → 30 %")
    await mia.sees("4.75 → 4.94")
    found += await judge(mia.page, "light", "mark-up planned")
    await mia.press("Change the mark-up")
    await mia.sees("done: 2 of 2")
    marked = [one["markups"] for one in (await office.shop.state())["products"].values() if one["markups"]]
    assert [one["Markup"] for rows in marked for one in rows] == ["30", "30"]
    await mia.go(f"{AT}/linked?site={quote(SITE)}")
    found += await judge(mia.page, "light", "linked with mark-ups")
    await context.close()
    assert found == []
