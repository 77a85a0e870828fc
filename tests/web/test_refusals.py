"""A flood of forged calls: few are looked at, told and kept, and nobody else waits for it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from makeready.web import refusals
from makeready.web.app import create_app
from makeready_admin.activity.store import Activity
from msgspec import structs
from pretend import Bench
from structlog.testing import capture_logs

FORGER, SHOP, IN_FRONT = "1.1.1.1", "8.8.8.8", "127.0.0.1"
"""Names of callers; nobody is called."""


@asynccontextmanager
async def calling(bench: Bench) -> AsyncIterator[Callable[[str], httpx.AsyncClient]]:
    """Clients of one server, by the address that they seem to call from."""
    app = create_app(bench.installation, work=False)
    clients: dict[str, httpx.AsyncClient] = {}

    def client(caller: str) -> httpx.AsyncClient:
        if caller not in clients:
            transport = httpx.ASGITransport(app, client=(caller, 40000))
            clients[caller] = httpx.AsyncClient(transport=transport, base_url="https://bridge.example")
        return clients[caller]

    async with app.router.lifespan_context(app):
        yield client
    for one in clients.values():
        await one.aclose()


async def send(client: httpx.AsyncClient, bench: Bench, key: str, **changed: Any) -> int:
    address = changed.get("address", f"/hooks/{bench.subscriber.url_token}/shop")
    answer = await client.post(address, content=b"6994", headers={"x-key": key})
    return answer.status_code


async def test_who_only_forges_is_turned_away_for_a_minute_and_nobody_else(bench: Bench) -> None:
    async with calling(bench) as client:
        statuses = [await send(client(FORGER), bench, "wrong") for _ in range(refusals.LOOKED_AT + 5)]
        assert statuses == [401] * refusals.LOOKED_AT + [429] * 5
        assert await send(client(SHOP), bench, "right") == 200
        assert await send(client(FORGER), bench, "right") == 429  # unread
        bench.clock.now += refusals.MINUTE_S + 1
        assert await send(client(FORGER), bench, "right") == 200


async def test_it_is_told_when_to_try_again(bench: Bench) -> None:
    async with calling(bench) as client:
        for _ in range(refusals.LOOKED_AT):
            await send(client(FORGER), bench, "wrong")
        answer = await client(FORGER).post(f"/hooks/{bench.subscriber.url_token}/shop", content=b"")
        assert answer.headers["retry-after"] == "60"
        assert answer.json()["error"].startswith("Too many calls from your address were refused.")


async def test_a_call_that_is_taken_clears_its_caller(bench: Bench) -> None:
    async with calling(bench) as client:
        for _ in range(3):
            for _ in range(refusals.LOOKED_AT - 1):
                assert await send(client(SHOP), bench, "wrong") == 401
            assert await send(client(SHOP), bench, "right") == 200


async def test_the_wrong_secret_of_one_company_does_not_stop_another_s_calls_from_the_same_shop(
    bench: Bench,
) -> None:
    other = structs.replace(bench.subscriber, name="southfield", external_user_id=118, url_token="other")
    await bench.installation.store.subscribers.save([other])
    async with calling(bench) as client:
        for _ in range(refusals.LOOKED_AT + 1):
            await send(client(SHOP), bench, "wrong")
        assert await send(client(SHOP), bench, "right") == 429
        assert await send(client(SHOP), bench, "right", address=f"/hooks/{other.url_token}/shop") == 200


async def test_behind_a_server_that_names_no_callers_nobody_is_turned_away(bench: Bench) -> None:
    async with calling(bench) as client:
        for _ in range(refusals.LOOKED_AT + 5):
            assert await send(client(IN_FRONT), bench, "wrong") == 401
        assert await send(client(IN_FRONT), bench, "right") == 200


@pytest.mark.parametrize("caller", [FORGER, IN_FRONT])
async def test_a_flood_is_told_in_sum_and_kept_in_part(bench: Bench, caller: str) -> None:
    """The sum is told at the server's end, too."""
    with capture_logs() as logs:
        async with calling(bench) as client:
            for _ in range(100):
                await send(client(caller), bench, "wrong")
    told = [one.get("calls", 1) for one in logs if "rejected" in one["event"]]
    assert told == [1] * refusals.TOLD + [100 - refusals.TOLD]
    kept = await Activity(bench.installation.store.database).refused_webhooks("northfield", 200)
    assert len(kept) == refusals.KEPT


async def test_prices_of_a_wrong_address_are_refused_likewise(bench: Bench) -> None:
    async with calling(bench) as client:
        statuses = [
            (await client(FORGER).get("/price/guess/shop")).status_code for _ in range(refusals.LOOKED_AT + 1)
        ]
    assert statuses == [404] * refusals.LOOKED_AT + [429]
