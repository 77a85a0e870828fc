"""429 above 10 requests in 10 seconds, on by default."""

from collections.abc import Callable
from typing import Any

from makeready_hooks.testing.emulation import EmulatorSetup

SETUP = EmulatorSetup(base_url="http://pressero.test")


async def test_the_eleventh_request_in_ten_seconds_is_429_and_later_ones_pass(
    in_process: Callable[..., Any],
) -> None:
    async with in_process(SETUP) as shop:  # signing in was the first request
        statuses = [(await shop.get("/api/Sites")).status_code for _ in range(10)]
        assert statuses == [200] * 9 + [429]
        await shop.http.post("/_emulator/clock", json={"seconds": 10})
        assert (await shop.get("/api/Sites")).status_code == 200


async def test_only_the_api_counts(in_process: Callable[..., Any]) -> None:
    async with in_process(SETUP) as shop:
        for _ in range(20):
            await shop.http.get("/_emulator/switches")
            await shop.http.get("/files/defaultImages/default_Product_large.png")
        assert (await shop.get("/api/Sites")).status_code == 200


async def test_a_doubled_slash_does_not_get_around_the_limit(in_process: Callable[..., Any]) -> None:
    async with in_process(SETUP) as shop:
        for _ in range(10):
            await shop.get("http://pressero.test//api/Sites")
        assert (await shop.get("http://pressero.test//api/Sites")).status_code == 429


async def test_retry_after_is_sent_by_switch(in_process: Callable[..., Any]) -> None:
    async with in_process(SETUP) as shop:
        await shop.switch(retry_after="on")
        answers = [await shop.get("/api/Sites") for _ in range(10)]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 10


async def test_a_refused_request_changes_nothing_and_is_in_the_journal(
    in_process: Callable[..., Any],
) -> None:
    async with in_process(SETUP) as shop:
        for _ in range(9):
            await shop.get("/api/Sites")
        hook = {"Url": "http://127.0.0.1:9/hook", "Events": []}
        assert (await shop.post("/api/WebHooks", hook)).status_code == 429
        last = (await shop.journal())[-1]
        assert (last["path"], last["status"], last["effects"]) == ("/api/WebHooks", 429, [])
