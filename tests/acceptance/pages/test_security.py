"""What comes from outside is shown harmless; private pages stay private; nothing leads elsewhere."""

import re

import httpx
import msgspec
import pytest
from api import parked, send
from browser import Browser, Page
from makeready.orders.artwork.model import FileState, NewFile
from makeready_hooks.errors import Refused, RetryLater
from makeready_hooks.model.order import Artwork
from pretend import Bench, line, order
from steps import ask_to_look, settle
from structlog.testing import capture_logs

EVIL = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{ 7*7 }}=cmd|' /C calc'!A1"""
SHOWN = (
    "orders",
    "orders?q=7001",
    "inbox",
    "orders/7001",
    "orders/7001/preview",
    "orders/7002",
    "",
    "replay?state=refused",
)


@pytest.fixture
async def evil(bench: Bench) -> None:
    """Everything that a vendor or a buyer can name is named so."""
    one = line(description=EVIL, files=(Artwork(file_name=EVIL, url=f"https://files.example/{EVIL}"),))
    bench.shop.orders["7001"] = order("7001", one)
    bench.mis.before_effect += [Refused(EVIL)]
    await ask_to_look(bench, "7001")
    await settle(bench)
    await parked(bench, "7002")
    await send(bench, "7003")
    submission = await bench.installation.store.ledger.submission("northfield", "7003-1")
    assert submission
    file = NewFile(line=1, file_name=EVIL, url=EVIL, state=FileState.LATE)
    await bench.installation.store.files.plan(submission, [file], bench.clock())
    [row] = await bench.installation.store.files.of("northfield", "7003-1")
    await bench.installation.store.files.move(
        submission, row, FileState.FAILED, now=bench.clock(), error=EVIL
    )
    changed = msgspec.structs.replace(line(description=EVIL), quantity=99)
    bench.shop.orders["7003"] = order("7003", changed)
    bench.shop.away = RetryLater(EVIL)
    await ask_to_look(bench, "7004")
    await settle(bench)
    bench.shop.away = None


async def test_a_defect_is_a_page_that_tells_where_the_log_has_it_and_nothing_else(
    mia: Browser, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("the secret is hush-hush")

    monkeypatch.setattr(bench.installation, "connectors", fails)
    with capture_logs() as logs:
        page = await mia.get("/subscribers/northfield/orders/6994/preview", 500)
    [logged] = [entry for entry in logs if entry["log_level"] == "error"]
    assert f"under {logged['reference']}." in page.text
    assert logged["exc_info"], "the log has the whole of it"
    assert "whoever runs the server" in page.text
    assert "hush-hush" not in page.html
    assert "Sign out" in page.text, "the way back is there"


async def test_what_comes_from_outside_is_shown_as_text(mia: Browser, bench: Bench, evil: None) -> None:
    seen = 0
    for path in SHOWN:
        page = await mia.get(f"/subscribers/northfield/{path}".rstrip("/"))
        assert "<script>alert" not in page.html, path
        assert "<img src=x" not in page.html, path
        assert "49=cmd" not in page.html, path
        seen += "<script>alert(1)" in page.text
    assert seen >= len(SHOWN) - 2, "it was shown at all"


async def test_evidence_is_a_file_that_can_do_nothing(mia: Browser, evil: None) -> None:
    for suffix in ("html", "json"):
        answer = await mia.client.get(f"/admin/subscribers/northfield/orders/7001/evidence.{suffix}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        if suffix == "html":
            assert "<script>" not in answer.text
    missing = await mia.client.get("/admin/subscribers/northfield/orders/7001/evidence.exe")
    assert missing.status_code == 404


async def test_private_pages_are_not_kept_framed_or_guessed(mia: Browser, evil: None) -> None:
    for path in (*(f"/subscribers/northfield/{one}".rstrip("/") for one in SHOWN), "/account", "/nothing"):
        answer = await mia.client.get(f"/admin{path}")
        headers = answer.headers
        assert headers["cache-control"] == "no-store", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        names = Page(answer).markup
        assert "style" not in names, path
        assert not [name for name in names if name.startswith("on")], path
        assert answer.text.count("<script") == 1, path


async def test_the_stylesheet_and_the_script_may_be_kept_for_good(mia: Browser) -> None:
    page = await mia.get("/account")
    urls = re.findall(r'(?:href|src)="(/admin/static/[^"]+)"', page.html)
    assert len(urls) == 3, "the icon besides"
    for url in urls:
        answer = await httpx_get(mia, url)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith(("text/css", "text/javascript", "image/svg"))
        assert (await httpx_get(mia, re.sub(r"\.\w{16}\.", ".0000000000000000.", url))).status_code == 404
        assert (await httpx_get(mia, "/admin/static/..%2fframe.py")).status_code == 404


async def httpx_get(browser: Browser, path: str) -> httpx.Response:
    browser.client.cookies.clear()
    return await browser.client.get(path)


async def test_the_host_that_a_caller_names_leads_nowhere(new_browser, bench: Bench) -> None:
    client = new_browser().client
    for path in ("/", "/admin", "/admin/", "/admin/account/", "/healthz/", "/admin/subscribers/northfield"):
        answer = await client.get(path, headers={"Host": "evil.example"})
        assert "evil.example" not in answer.headers.get("location", ""), path
        assert "evil.example" not in answer.text, path


async def test_a_page_that_is_not_there_says_so_as_a_page(mia: Browser) -> None:
    page = await mia.get("/nothing/here", 404)
    assert "There is nothing at this address." in page.text
    assert "Sign out" in page.text
