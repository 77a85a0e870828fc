"""The address that a shop's pricing engine calls, as the web sees it."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from weakref import ref

import httpx
import msgspec
import pytest
from makeready.subscribers.setup.addresses import renew_addresses
from makeready.web.app import create_app
from makeready_admin.home.store import Traffic
from makeready_hooks.errors import RetryLater
from makeready_hooks.model.price import Quote
from makeready_prices import endpoint as edge
from pretend import SITE, Bench

PRICE = "http://bridge.example/price/segment/shop"
PRODUCT = f"117-2284-{SITE}".encode()


@pytest.fixture
async def web(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    bench.mis.quotes = [Quote(total=Decimal("82.50"))]
    transport = httpx.ASGITransport(create_app(bench.installation, work=False))
    async with httpx.AsyncClient(transport=transport) as client:
        yield client


async def test_the_same_call_has_the_same_answer_until_its_price_is_too_old(bench: Bench, web) -> None:
    first = await web.post(PRICE, content=PRODUCT)
    assert (first.status_code, first.headers["content-type"]) == (200, "application/json")
    bench.mis.quotes = [Quote(total=Decimal(90))]
    traced = {"traceparent": "00-1-1-01"}
    for passed, total in ((0, "82.50"), (59, "82.50"), (2, "90"), (0, "90")):
        bench.clock.now += passed
        assert (await web.post(PRICE, content=PRODUCT, headers=traced)).json()["total"] == total
    assert len(bench.mis.questions) == 2


async def test_another_body_header_or_query_is_another_call(bench: Bench, web) -> None:
    assert (await web.post(PRICE, content=PRODUCT)).json()["total"] == "82.50"
    bench.mis.quotes = [Quote(total=Decimal(7))]
    assert (await web.post(PRICE, content=PRODUCT, params={"quantity": "7"})).json()["total"] == "7"
    assert "not available" in (await web.post(PRICE, content=b"118-1-x")).json()["reason"]
    assert (await web.get(PRICE)).content == b"described"


async def test_a_change_of_settings_is_noticed(bench: Bench, web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "SETTINGS_MAX_AGE_S", 0.0)
    assert (await web.post(PRICE, content=PRODUCT)).json()["total"] == "82.50"
    other = f"117-4107-{SITE}".encode()
    assert (await web.post(PRICE, content=other)).json()["total"] == "82.50"
    stored = await bench.installation.subscriber("northfield")
    before = ref(await bench.installation.connectors(stored))
    bench.mis.quotes = [Quote(total=Decimal(90))]
    rules = msgspec.structs.replace(bench.subscriber.prices, minimum_price=Decimal(100))
    changed = msgspec.structs.replace(bench.subscriber, prices=rules)
    await bench.installation.store.subscribers.save([changed])
    assert (await web.post(PRICE, content=PRODUCT)).json()["total"] == "100"
    gc.collect()
    assert before() is None, "an answer that is kept holds the connectors by which it was made"


@pytest.mark.parametrize("url", [PRICE.replace("segment", "guess"), PRICE.replace("shop", "none")])
async def test_an_address_that_is_nobody_s_says_so(web, url: str) -> None:
    for _ in range(2):
        answer = await web.post(url, content=PRODUCT)
        assert (answer.status_code, "Nobody has this address" in answer.text) == (404, True)


async def test_a_body_may_come_in_pieces_and_is_not_endless(bench: Bench, web) -> None:
    async def pieces(count: int) -> AsyncIterator[bytes]:
        yield PRODUCT
        for _ in range(count):
            yield b" " * 100_000

    answer = await web.post(PRICE, content=pieces(0))
    assert answer.json()["total"] == "82.50"
    assert (await web.post(PRICE, content=pieces(11))).status_code == 413
    assert (await web.post(PRICE, content=b" " * 1_000_001)).status_code == 413


async def test_callers_at_once_agree(bench: Bench, web) -> None:
    bench.mis.quotes = [Quote(total=Decimal(total)) for total in range(1, 100)]
    answers = await asyncio.gather(*(web.post(PRICE, content=PRODUCT) for _ in range(50)))
    assert {answer.json()["total"] for answer in answers} == {"1"}


async def test_what_buyers_were_told_is_counted(bench: Bench, web) -> None:
    for body in (PRODUCT, PRODUCT, PRODUCT, b"118-1-x", b"118-1-x"):
        await web.post(PRICE, content=body)
    await web.get(PRICE)  # a description: no question
    bench.clock.now += 100
    bench.mis.quotes = [RetryLater("The MIS is away.")]
    await web.post(PRICE, content=PRODUCT)
    assert await bench.installation.call_log.flush()
    counts = Counter()
    for one in await Traffic(bench.installation.store.database).prices("northfield", 0):
        counts[one.outcome.value] += one.n
    assert counts == {"asked": 1, "kept": 2, "refused": 2, "last_known": 1}


async def test_an_address_that_was_renewed_is_answered_no_more(
    bench: Bench, web: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "SETTINGS_MAX_AGE_S", 0.0)
    assert (await web.post(PRICE, content=PRODUCT)).status_code == 200
    await renew_addresses(bench.installation, bench.subscriber)
    assert (await web.post(PRICE, content=PRODUCT)).status_code == 404, "not from what was kept either"
    token = (await bench.installation.subscriber("northfield")).url_token
    renewed = await web.post(PRICE.replace("segment", token), content=PRODUCT)
    assert renewed.status_code == 200
    assert (await web.post(PRICE.replace("price", "hooks"), content=b"{}")).status_code == 404
