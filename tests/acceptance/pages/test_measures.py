"""Prices, stock, webhooks and calls at a glance, with charts; and the list of calls that were made."""

import base64
import hashlib
import re
from decimal import Decimal
from xml.etree import ElementTree

import msgspec
import pytest
from api import send
from browser import Browser
from makeready.engine.model import NewWork
from makeready.orders.model import RECONCILE
from makeready.outbound.model import CallRow
from makeready.prices.model import PriceOutcome
from makeready_hooks.model.product import StockLevel
from makeready_prices.latency import answer_key
from noted import call
from pretend import Bench
from world import link

AT = "/subscribers/northfield"
CHARTS = ("orders", "prices", "calls")
EVIL = "<script>alert(1)</script>"


async def keep(bench: Bench, *calls: CallRow) -> None:
    await bench.installation.store.calls.keep(calls)


async def some_day(bench: Bench) -> None:
    """Prices, calls under a limit, and a reading of stock."""
    store, notes, now = bench.installation.store, bench.installation.call_log, bench.clock()
    for outcome, ms, count in (
        (PriceOutcome.KEPT, 2.0, 90),
        (PriceOutcome.ASKED, 400.0, 8),
        (PriceOutcome.REFUSED, 2.0, 2),
    ):
        for _ in range(count):
            notes.count(answer_key("northfield", outcome, ms, now))
    await notes.flush()
    for _ in range(4):
        await store.call_slots.take("shop.example", now=now, calls=10, per_s=10.25, wanted=1)
    await keep(bench, call(now, ms=20.0), call(now, status=503, ms=40.0))
    level = StockLevel(product_id="2284", on_hand=Decimal(5), allocated=Decimal(0))
    await store.stock.save_levels("northfield", [level], read_at=now - 600)


async def test_a_new_company_is_told_what_to_do_next(mia: Browser) -> None:
    page = await mia.get(AT)
    for text in (
        "No buyer asked in the last 24 hours",
        "Import some",
        "None came yet",
        "No call was made in the last 24 hours",
    ):
        assert text in page.text, text
    assert "charts/" not in page.html


async def test_prices_stock_webhooks_and_calls_are_seen_at_a_glance(mia: Browser, bench: Bench) -> None:
    await some_day(bench)
    page = await mia.get(AT)
    assert "100 asked for in 24 hours" in page.text
    assert re.search(r"Typical \d\.\d ms, the slowest 5 % above [34]\d\d ms\. 90 % from", page.text)
    assert "2 had no price" in page.text
    assert "shop shop.example 2 1 30 ms" in page.text
    assert f"/admin{AT}/activity/calls?connector=shop&failed=1" in page.links
    assert "98 % answered 100 asked for in 24 hours" in page.text
    assert "/charts/" not in page.html, "not before there are three days to draw"
    bench.clock.now += 25 * 3600
    await mia.sign_in("mia")
    assert "No buyer asked in the last 24 hours" in (await mia.get(AT)).text


async def test_the_age_of_stock_is_that_of_products_in_shops(mia: Browser, bench: Bench) -> None:
    await some_day(bench)
    assert "No product is in the shop through us yet" in (await mia.get(AT)).text
    await link(bench.installation, "northfield", "4107")
    assert "1 product: its stock was not read yet" in (await mia.get(AT)).text
    await link(bench.installation, "northfield", "2284")
    text = (await mia.get(AT)).text
    assert (
        "10 minutes since it was read 2 products, the oldest level 10 minutes old; 1 without a stock figure in the MIS."
        in text
    )


async def test_charts_come_with_the_third_day_of_orders(mia: Browser, bench: Bench) -> None:
    await some_day(bench)
    for number in ("7001", "7002", "7003"):
        assert "/charts/" not in (await mia.get(AT)).html, number
        bench.clock.now += 86_400
        await send(bench, number)
        await mia.sign_in("mia")
    await some_day(bench)
    page = await mia.get(AT)
    assert set(re.findall(r"/charts/(\w+)\.svg", page.html)) == set(CHARTS)
    assert "shop allows 10 calls in 10 seconds; at most 4 left together." in page.text


@pytest.mark.parametrize("name", CHARTS)
async def test_a_chart_is_a_picture_that_can_do_nothing(mia: Browser, bench: Bench, name: str) -> None:
    address = f"/admin{AT}/charts/{name}.svg"
    assert (await mia.client.get(address)).status_code == 404, "there is nothing to draw"
    await some_day(bench)
    await send(bench, "7001")
    answer = await mia.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-store"
    root = ElementTree.fromstring(answer.text)  # noqa: S314 - our own
    names = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert names <= {"svg", "title", "defs", "style", "g", "rect", "path", "text", "circle"}, names
    assert not [at for one in root.iter() for at in one.attrib if at == "style" or at.startswith("on")]
    [style] = [one.text or "" for one in root.iter() if one.tag.endswith("style")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert "prefers-color-scheme:dark" in style
    assert "http:" not in style
    assert (await mia.client.get(f"/admin{AT}/charts/none.svg")).status_code == 404


async def test_calls_are_found_by_what_is_asked_for_page_by_page(mia: Browser, bench: Bench) -> None:
    now = bench.clock()
    usual = [call(now - number, path=f"/usual/{number}") for number in range(60)]
    slow = call(now - 5, connector="mis", path="/slow", ms=2500.0)
    failed = call(now - 100_000, connector="mis", path="/failed", status=0, error="It cannot be reached.")
    await keep(bench, *usual, slow, failed)
    page = await mia.get(f"{AT}/activity/calls")
    assert page.html.count("/usual/") == 49
    [following] = [link for link in page.links if "cursor=" in link]
    page = await mia.get(f"{AT}/activity/calls{following}")
    assert page.html.count("/usual/") == 11
    assert "none It cannot be reached." in page.text
    for query, shown in (
        ("failed=1", ["/failed"]),
        ("connector=mis", ["/slow", "/failed"]),
        ("slower=2", ["/slow"]),
        ("connector=mis&to=1970-01-11", ["/failed"]),
        ("connector=mis&from=1970-01-12", ["/slow"]),
    ):
        page = await mia.get(f"{AT}/activity/calls?{query}")
        assert re.findall(r"/(?:slow|failed|usual/\d+)(?=<br>)", page.html) == shown, query
    page = await mia.get(f"{AT}/activity/calls?connector=alerts")
    assert "No calls match" in page.text


@pytest.mark.parametrize("query", ["slower=fast", "slower=nan", "from=yesterday", "cursor=x"])
async def test_a_filter_that_is_wrong_is_told(mia: Browser, query: str) -> None:
    page = await mia.get(f"{AT}/activity/calls?{query}", 422)
    assert "role" in page.markup
    assert "No call was made yet" not in page.text


async def test_without_any_call_it_is_told_how_to_make_one(mia: Browser) -> None:
    assert "Testing the connections makes some" in (await mia.get(f"{AT}/activity/calls")).text


async def test_what_a_vendor_puts_into_a_call_is_shown_as_text(mia: Browser, bench: Bench) -> None:
    await keep(bench, call(bench.clock(), path=EVIL, host=EVIL, method=EVIL, error=EVIL, connector=EVIL))
    for path in ("/activity/calls", ""):
        page = await mia.get(f"{AT}{path}")
        assert EVIL in page.text
        assert "<script>alert" not in page.html


async def test_schedules_are_shown_with_their_next_run_and_those_that_are_off(
    mia: Browser, bench: Bench
) -> None:
    store, now = bench.installation.store, bench.clock()
    rules = msgspec.structs.replace(bench.subscriber.alerts, email_to=("ada@northfield.example",))
    await store.subscribers.save([msgspec.structs.replace(bench.subscriber, alerts=rules)])
    compare = NewWork(subscriber="northfield", kind=RECONCILE, key="", due_at=now + 60)
    await store.work.add([compare])
    page = await mia.get(f"{AT}/activity/schedules")
    assert "Compare the shop's orders with ours 5 minutes 1970-01-12 13:47" in page.text
    assert "Ask the MIS how far orders are, and tell the shop off" in page.text
    assert "Tell people once a day what is being tried again day 1970-01-13 07:00" in page.text
    assert "Nothing is to be done" in page.text, "a schedule is no job"
