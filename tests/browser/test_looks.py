"""Every page, light and dark and on a phone: no serious finding of axe, nothing wider than the screen, and a picture."""

import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
import pytest_asyncio
from busy import UNREADABLE, fill
from looks import LOOKS, PHONE_SCALE, judge
from makeready.subscribers.model import RULES
from makeready_admin.routes import PAGES
from makeready_admin.start.steps import StepName
from office import SITE, Office, new_office
from person import Person
from playwright.async_api import Browser, Page
from unguarded import unguarded

pytestmark = pytest.mark.asyncio(loop_scope="session")

NO_PAGES = (
    "/first-day/decide",
    "/events",
    "/file",
    "/evidence.{suffix}",
    "/charts/{chart}.svg",
    "/picture",
    "/setup/{secret}",
    "/{rest:path}",
    "/sign-in/second",
    "/sign-in/provider",
    "/sign-in/provider/back",
    "/invitation/{secret}",
    "/users/one",
    "/factors/app",
    "/factors/passkey",
)
"""Files, streams and pictures; the link that has been used; what needs a selection, a second factor, or an
identity provider."""
QUERIES = {
    "products of a site": f"/subscribers/northfield/products?site={quote(SITE)}",
    "products to link": f"/subscribers/northfield/link?site={quote(SITE)}",
    "products compared": f"/subscribers/northfield/linked?site={quote(SITE)}&compare=yes",
    "orders none found": "/subscribers/northfield/orders?q=nothing-like-this",
    "order unreadable": f"/subscribers/northfield/orders/{UNREADABLE}",
    "orders unreadable": "/subscribers/northfield/orders?state=unreadable",
    "orders wrong filter": "/subscribers/northfield/orders?from=yesterday",
    "first day asked": "/subscribers/northfield/first-day?ask=yes&wait=yes",
    "first day decided": "/subscribers/northfield/first-day/decide?everything=yes",
    "rehearsal done": "/subscribers/northfield/rehearsal?days=1&wait=yes",
    "rehearsal of one outcome": "/subscribers/northfield/rehearsal?days=1&wait=yes&outcome=before+our+time",
    "before our time": "/subscribers/northfield/orders?state=before_start",
    "replay counted": "/subscribers/northfield/replay?state=refused",
    "settings found": "/subscribers/northfield/settings?find=stock",
    "nothing here": "/subscribers/northfield/orders/0000",
    "users one": "/users/one?name=mia",
    "another company new": "/subscribers/southgate",
    **{f"start {one}": f"/subscribers/northfield/start?step={one.value}&wait=yes" for one in StepName},
    "another company inbox": "/subscribers/southgate/inbox",
    "another company orders": "/subscribers/southgate/orders",
    "another company imports": "/subscribers/southgate/imports",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office() -> AsyncIterator[Office]:
    async with new_office() as made:
        await fill(made)
        yield made


def addresses(order: str) -> dict[str, str]:
    """Every page that is read, by a name for its picture."""
    parts = {"subscriber": "northfield", "number": order, "key": f"{order}-1", "job": "1", "change": "1"}
    found = {}
    for page in PAGES:
        if page.method != "GET" or page.path.endswith(NO_PAGES):
            continue
        query = "?mis_number=SO-0000001&wait=yes" if page.path.endswith("/accept") else ""
        for name, given in _several(page.path):
            path = re.sub(r"\{(\w+)\}", lambda one, given=given: {**parts, **given}[one[1]], page.path)
            found[name] = path + query
    return found | QUERIES


def _several(path: str) -> list[tuple[str, dict[str, str]]]:
    """One address, or several where one page is for several things."""
    name = re.sub(r"\W+", " ", path.replace("/subscribers/{subscriber}", "company")).strip() or "home"
    choices = {"{connector}": ("connector", ("pressero", "tharstern")), "{kind}": ("kind", tuple(RULES))}
    for part, (key, values) in choices.items():
        if part in path:
            return [(f"{name} {value}", {key: value}) for value in values]
    return [(name, {})]


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_can_be_read_by_everybody(office: Office, browser: Browser, look: str) -> None:
    scale = {"device_scale_factor": PHONE_SCALE} if look == "phone" else {}
    context = await browser.new_context(
        locale="en-GB", bypass_csp=True, **LOOKS[look], **scale
    )  # axe is a script
    context.set_default_timeout(60_000)
    page = await context.new_page()
    person = Person(page, office.server_url)
    findings = await look_at(page, person, "/sign-in", look, "sign in")
    await person.sign_in("olga", office.passwords["olga"])
    for name, path in addresses(office.orders("northfield", "refused")[0]).items():
        if path != "/sign-in":
            findings += await look_at(page, person, path, look, name)
    findings += await look_at_answers(page, person, look)
    with stopped(office):
        for name, path in (("company stopped", "/subscribers/northfield"), ("ledger stopped", "/ledger")):
            findings += await look_at(page, person, path, look, name)
    await context.close()
    assert findings == []


@contextmanager
def stopped(office: Office) -> Iterator[None]:
    """As if the state file had come from elsewhere when the server started."""
    reason = "This state file came from elsewhere (there is no makeready.db.witness beside it)."
    now = time.time()
    rows = [("", flow, now, 0, reason, "makeready", 1) for flow in ("orders", "write-back")]
    with unguarded(office.db) as db:
        db.executemany("insert into pauses values (?, ?, ?, ?, ?, ?, ?)", rows)
    yield
    with unguarded(office.db) as db:
        db.execute("delete from pauses where by_ledger = 1")


async def look_at_answers(page: Page, person: Person, look: str) -> list[str]:
    """Pages that a form leads to."""
    at, found = "/subscribers/northfield", []
    await person.go(f"{at}/settings")
    await person.press("Test the connections")
    found += await judge(page, look, "connections tested")
    await person.go(f"{at}/settings/rules/orders")
    await page.locator("summary", has_text="Advanced").click()
    found += await judge(page, look, "all settings of orders")
    await person.fill("Wait before asking about an unanswered order", "12")
    await person.press("Review changes")
    found += await judge(page, look, "what changes")
    await person.go(f"{at}/settings/rules/orders")
    await page.locator("summary", has_text="Advanced").click()
    await person.fill("Wait before asking about an unanswered order", "soon")
    await person.press("Review changes")
    found += await judge(page, look, "what is wrong")
    await person.go(f"{at}/products?site={quote(SITE)}")
    await page.locator("input[name=product]:not(:disabled)").first.check()
    await person.press("Next: import options")
    return found + await judge(page, look, "choices")


async def look_at(page: Page, person: Person, path: str, look: str, name: str) -> list[str]:
    await person.go(path)
    return await judge(page, look, name)
