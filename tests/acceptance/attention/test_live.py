"""Open pages are told that something has changed, by a real server: at once, once, and after a cut as well."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from api import send
from browser import Browser, users
from makeready.orders.decisions import Decision, ignore
from makeready.web.app import create_app
from makeready.web.server import EmbeddedServer, bind, configuration, url_of
from makeready_admin.live import pages as live
from makeready_admin.users.sign_in import IDLE_S
from makeready_hooks.errors import Refused
from pretend import Bench

AT = "/admin/subscribers/northfield"
PATIENCE_S = 10.0


@pytest.fixture
async def mia(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Browser]:
    """At a real server, which looks often."""
    monkeypatch.setattr(live, "LOOK_EVERY_S", 0.05)
    await users(bench)
    bound = bind("127.0.0.1", 0)
    server = EmbeddedServer(configuration(create_app(bench.installation, work=False)))
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    async with httpx.AsyncClient(base_url=url_of(bound), timeout=PATIENCE_S) as client:
        person = Browser(client)
        await person.sign_in("mia")
        yield person
    server.should_exit = True
    await asyncio.wait_for(serving, PATIENCE_S)


class News:
    """What one open page hears."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> dict[str, str]:
        found: dict[str, str] = {}
        async for line in self._lines:
            name, _, value = line.partition(": ")
            if not line and "event" in found:
                return found
            found[name] = value
        return {}


def watched(page: Any) -> str:
    html: str = page.html
    return html.partition('data-watch="')[2].partition('"')[0].replace("&amp;", "&")


def listening(mia: Browser, address: str, last: str = "") -> Any:
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
    return mia.client.stream("GET", address, headers=headers)


@pytest.mark.parametrize("path", ["/orders/7001", "/orders", "/inbox", ""])
async def test_an_open_page_hears_of_what_happens(mia: Browser, bench: Bench, path: str) -> None:
    await send(bench, "7001", Refused("On stop."))
    page = await mia.get(AT + path)
    async with asyncio.timeout(PATIENCE_S), listening(mia, watched(page)) as answer:
        assert answer.status_code == 200
        bench.clock.now += 1
        decision = Decision(subscriber="northfield", key="7001-1", actor="ada")
        await ignore(bench.installation, decision, "Paid in the shop.")
        assert (await News(answer.aiter_lines()).next())["event"] == "changed"
    assert (await mia.get(AT + path)).html != page.html


async def test_the_page_of_an_order_hears_of_no_other(mia: Browser, bench: Bench) -> None:
    await send(bench, "7001")
    page = await mia.get(f"{AT}/orders/7001")
    async with listening(mia, watched(page)) as answer:
        news = News(answer.aiter_lines())
        await send(bench, "7002")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(news.next(), 0.5)


async def test_what_happened_between_the_page_and_the_call_or_in_a_cut_is_told_at_once(
    mia: Browser, bench: Bench
) -> None:
    page = await mia.get(f"{AT}/inbox")
    await send(bench, "7001")
    async with asyncio.timeout(PATIENCE_S), listening(mia, watched(page)) as answer:
        heard = await News(answer.aiter_lines()).next()
    assert heard["id"]
    async with listening(mia, watched(page), last=heard["id"]) as answer:
        news = News(answer.aiter_lines())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(news.next(), 0.5)
    bench.clock.now += 1
    await send(bench, "7002")
    async with asyncio.timeout(PATIENCE_S), listening(mia, watched(page), last=heard["id"]) as answer:
        assert (await News(answer.aiter_lines()).next())["id"] != heard["id"]


async def test_a_page_that_asks_by_itself_keeps_nobody_signed_in_and_takes_no_notice_away(
    mia: Browser, bench: Bench
) -> None:
    page = await mia.get(f"{AT}/inbox")
    by_itself = {"makeready-by-itself": "yes"}
    for _ in range(3):
        bench.clock.now += IDLE_S / 2 - 1
        answer = await mia.client.get(f"{AT}/inbox", headers=by_itself)
    assert answer.status_code == 303, "an hour has passed since a person did something"
    async with listening(mia, watched(page)) as stream:
        assert stream.status_code == 303


async def test_so_many_pages_are_told_and_no_more(
    mia: Browser, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_PAGES", 1)
    page = await mia.get(f"{AT}/inbox")
    async with listening(mia, watched(page)) as first:
        assert first.status_code == 200
        assert (await mia.client.get(watched(page))).status_code == 503
    deadline = time.monotonic() + PATIENCE_S
    while (await _status(mia, watched(page))) != 200:
        assert time.monotonic() < deadline, "the one that was closed counts for ever"
        await asyncio.sleep(0.05)


async def _status(mia: Browser, address: str) -> int:
    async with listening(mia, address) as answer:
        status: int = answer.status_code
        return status
