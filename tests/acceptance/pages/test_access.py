"""Who may use which page: every one of them tried, as the table of pages says."""

import re
from collections.abc import Callable

import httpx
import pytest
from api import parked, refused, send
from browser import OTHER, Browser
from makeready.orders.line_filter import LineFilter
from makeready.subscribers.model import Subscriber
from makeready_admin.audit.store import AuditFilter, AuditLog
from makeready_admin.routes import PAGES
from makeready_admin.settings import pages
from makeready_admin.web.page import Needs, Page
from pretend import Bench

PARTS = {
    "number": "7001",
    "key": "7001-1",
    "secret": "guess",
    "suffix": "json",
    "rest": "nothing/here",
    "job": "1",
    "change": "1",
    "kind": "orders",
    "connector": "shop",
    "step": "flow",
    "file": "1",
    "chart": "orders",
}
EVERYBODY = [page for page in PAGES if page.needs is Needs.NOTHING]
OF_A_SUBSCRIBER = [page for page in PAGES if page.needs in (Needs.SEE, Needs.CHANGE)]
CHANGES = [page for page in PAGES if page.needs is Needs.CHANGE]


def address(page: Page, subscriber: str = "northfield") -> str:
    parts = {**PARTS, "subscriber": subscriber}
    return "/admin" + re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: parts[found[1]], page.path)


async def call(browser: Browser, page: Page, subscriber: str = "northfield") -> httpx.Response:
    """With the token of the visitor's own session, so that only the right to the page is missing."""
    form = {"csrf": await csrf(browser)}
    given = {} if page.method == "GET" else {"data": form}
    return await browser.client.request(page.method, address(page, subscriber), **given)


async def csrf(browser: Browser) -> str:
    """Of the visitor's own session; that of the form for signing in for somebody who has none."""
    await browser.get("/account")
    return next(form["fields"]["csrf"][0] for form in browser.page.forms if "csrf" in form["fields"])


async def stored(bench: Bench) -> tuple[list[Subscriber], list[object], int]:
    """What a change would change."""
    store = bench.installation.store
    lines = await store.lines.find("northfield", LineFilter(), limit=100)
    return (
        await store.subscribers.all(),
        lines,
        len(await AuditLog(store.database).find(AuditFilter(), limit=1000)),
    )


@pytest.fixture
async def orders(bench: Bench) -> None:
    await refused(bench, "7001")
    await parked(bench, "7002")
    await send(bench, "7003")


def test_every_change_is_kept_in_the_audit_log_under_a_name() -> None:
    own = {page.path for page in EVERYBODY}  # they keep it themselves, under the user's name
    own.add("/account/factors/app/add")  # itself as well: a wrong code leads to the same page again
    shows = tuple(page.path for page in pages.PAGES if page.action == pages.NOT_KEPT)
    looks = (*shows, "/subscribers/{subscriber}/products/choose")
    assert [
        page.path
        for page in PAGES
        if page.method == "POST" and not page.action and page.path not in (*own, *looks)
    ] == []
    assert all(page.needs is not Needs.SEE for page in PAGES if page.method == "POST" and page.action)


def test_only_signing_in_and_setting_up_are_open_to_everybody() -> None:
    signing_in = {"/sign-in", "/sign-in/second", "/sign-in/passkey"}
    signing_in |= {"/sign-in/provider", "/sign-in/provider/back"}
    with_link = {"/setup/{secret}", "/invitation/{secret}"}
    assert {page.path for page in EVERYBODY} == {*signing_in, *with_link, "/{rest:path}"}


async def test_nobody_gets_anywhere(new_browser: Callable[[], Browser], bench: Bench, orders: None) -> None:
    before = await stored(bench)
    browser = new_browser()
    for page in PAGES:
        if page.needs is not Needs.NOTHING:
            answer = await call(browser, page)
            assert answer.status_code == 303, page
            assert answer.headers["location"].startswith("/admin/sign-in"), page
    assert await stored(bench) == before


async def test_another_company_s_user_sees_and_changes_nothing(
    new_browser: Callable[[], Browser], bench: Bench, orders: None
) -> None:
    browser = new_browser()
    await browser.sign_in("otto")
    before = await stored(bench)
    for page in OF_A_SUBSCRIBER:
        answer = await call(browser, page)
        assert answer.status_code == 404, page
        unknown = await call(browser, page, "nowhere")
        assert (unknown.status_code, unknown.text) == (404, answer.text), (
            "it cannot be told from one that is not there"
        )
        assert "7001" not in answer.text
        assert "Northfield Print" not in answer.text
    assert await stored(bench) == before


async def test_a_viewer_changes_nothing(
    new_browser: Callable[[], Browser], bench: Bench, orders: None
) -> None:
    browser = new_browser()
    await browser.sign_in("vera")
    before = await stored(bench)
    assert CHANGES
    for page in CHANGES:
        answer = await call(browser, page)
        assert answer.status_code == 403, page
        assert "look at this and not change it" in answer.text
    assert await stored(bench) == before


@pytest.mark.parametrize("name", ["mia", "vera", "otto"])
async def test_pages_for_operators_are_for_operators(new_browser: Callable[[], Browser], name: str) -> None:
    browser = new_browser()
    await browser.sign_in(name)
    for page in PAGES:
        if page.needs is Needs.OPERATOR:
            assert (await call(browser, page)).status_code == 403, page


async def test_no_form_is_taken_without_the_session_s_own_token(
    new_browser: Callable[[], Browser], bench: Bench, orders: None
) -> None:
    browser, other = new_browser(), new_browser()
    await browser.sign_in("olga")
    await other.sign_in("mia")
    foreign = await csrf(other)
    before = await stored(bench)
    for page in PAGES:
        if page.method == "POST":
            for data in ({}, {"csrf": ""}, {"csrf": foreign}):
                answer = await browser.client.post(address(page), data=data)
                assert answer.status_code in (403, 415), page
            own = {"csrf": await csrf(browser)}
            origin = {"Origin": "https://evil.example"}
            assert (await browser.client.post(address(page), data=own, headers=origin)).status_code == 403
            assert (await browser.client.post(address(page), json=own)).status_code == 415
    assert await stored(bench) == before


async def test_a_user_of_one_company_sees_no_other_on_the_first_page(
    new_browser: Callable[[], Browser],
) -> None:
    otto, olga = new_browser(), new_browser()
    await otto.sign_in("otto")
    page = await otto.get("")
    assert str(page.response.url).endswith(f"/admin/subscribers/{OTHER}")
    assert "Northfield" not in page.html
    await olga.sign_in("olga")
    page = await olga.get("")
    assert "Northfield Print" in page.text
    assert "Southgate Print" in page.text
