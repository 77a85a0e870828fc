"""500 buyers and an MIS that takes connections and never answers; and any JSON at all. Real connectors."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from connector_strategies import json_values, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from makeready.installation import Installation
from makeready.subscribers import changes
from makeready.web.app import create_app
from world import link

BUYERS, CEILING, DEADLINE_S = 500, 4, 1.0
MUCH_S = 9.0
"""The MIS never answers: who waits for it is not back by then, however busy this machine is."""
PRODUCT = "117-4107-shop.northfield.example"
MEMBERS = st.sampled_from(["operation", "product", "options", "quantity", "customer"])
PRESSERO = {
    "admin_url": "https://admin.example",
    "user_name": "u",
    "password": "p",
    "subscriber_id": "s",
    "consumer_id": "c",
}
THARSTERN = {"login": "l", "password": "p", "api_key": "k", "allow_plain_http": True}

Post = Callable[[Any], Any]


TOKEN = b'{"Status":{"Success":true},"Details":{"Token":"7b0e8f52-3c1d-4a6e-9f27-51c0a4d2be90"}}'
SIGNED_IN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(TOKEN),
    TOKEN,
)


class Hanging:
    """An MIS that lets everybody sign in, and answers nothing else."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.full = asyncio.Event()
        """As many are held as may be."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        if self.most >= CEILING:
            self.full.set()
        try:
            while asked := await reader.read(65536):
                if b"GenerateAPIToken" in asked:
                    writer.write(SIGNED_IN)
        finally:
            self.now -= 1
            writer.close()


async def product(stack: AsyncExitStack, folder: Path, mis_port: int, **prices: float) -> Post:
    """The whole server over an MIS at this port; gives what posts a price call to it."""
    installation = await stack.enter_async_context(Installation.opened(folder / "makeready.db"))
    connectors = {
        "pressero": PRESSERO,
        "tharstern": {**THARSTERN, "server_url": f"http://127.0.0.1:{mis_port}"},
    }
    wish = {"external_user_id": 117, "prices": prices, "connectors": connectors}
    proposal = await changes.propose(installation, "northfield", wish)
    await changes.save(installation, [proposal])
    await link(installation, "northfield", "4107")
    transport = httpx.ASGITransport(create_app(installation, work=False))
    web = await stack.enter_async_context(httpx.AsyncClient(transport=transport))
    url = f"http://bridge.example/price/{proposal.subscriber.url_token}/pressero"
    return lambda body: web.post(url, content=msgspec.json.encode(body))


async def test_an_mis_that_hangs_holds_neither_the_buyers_nor_more_than_the_ceiling(tmp_path: Path) -> None:
    mis = Hanging()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(await asyncio.start_server(mis.serve, "127.0.0.1", 0))
        port = server.sockets[0].getsockname()[1]
        much = {"product_questions_per_hour": 10_000}
        post = await product(stack, tmp_path, port, deadline_s=DEADLINE_S, max_calls=CEILING, **much)

        async def buyer(quantity: int) -> tuple[float, dict[str, Any]]:
            started = time.monotonic()
            answer = await post(
                {"operation": "price", "product": PRODUCT, "options": [], "quantity": quantity}
            )
            return time.monotonic() - started, answer.json()

        first = asyncio.gather(*(buyer(quantity) for quantity in range(1, CEILING + 1)))
        await asyncio.wait(
            {first, waiting := asyncio.create_task(mis.full.wait())}, return_when="FIRST_COMPLETED"
        )
        waiting.cancel()
        rest = await asyncio.gather(*(buyer(quantity) for quantity in range(CEILING + 1, BUYERS + 1)))
        answers = [*(await first), *rest]
    assert all((shown["Price"], shown["success"]) == (0, False) for _, shown in answers)
    assert all("just now" in shown["Error"] for _, shown in answers)
    took = sorted(seconds for seconds, _ in answers)
    assert took[-1] < DEADLINE_S + MUCH_S  # how well the deadline is kept is measured in the benchmark
    assert mis.most == CEILING


@pytest.fixture
def answer(tmp_path: Path) -> Iterator[Callable[[Any], httpx.Response]]:
    """Of a server whose MIS is not there: no price is known, and none may be shown."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        post = runner.run(product(stack, tmp_path, 9, deadline_s=0.2))
        yield lambda body: runner.run(post(body))
        runner.run(stack.aclose())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(MEMBERS | texts, json_values, max_size=6) | json_values)
def test_any_json_in_gives_a_well_formed_answer_out(answer, body: Any) -> None:
    for asked in (body, {"product": PRODUCT, "quantity": 5, **body} if isinstance(body, dict) else body):
        given_back = answer(asked)
        assert given_back.status_code in (200, 400)
        shown = given_back.json()
        if given_back.status_code == 400:
            assert shown["error"]
        elif isinstance(shown, dict):
            assert shown.get("Price", 0) == 0
            assert shown["Error"]
        else:
            assert shown == []
