"""The embedded server on a real socket."""

import asyncio
import statistics
import time

import httpx
from makeready.serving import EmbeddedServer, bind, configuration, url_of
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def test_calls_on_a_kept_connection_are_not_held_back() -> None:
    async def answer(request) -> PlainTextResponse:
        return PlainTextResponse("here")

    bound = bind("127.0.0.1", 0)
    server = EmbeddedServer(configuration(Starlette(routes=[Route("/", answer)])))
    running = asyncio.create_task(server.serve(sockets=[bound]))
    times = []
    async with httpx.AsyncClient(base_url=url_of(bound), trust_env=False) as client:
        for _ in range(9):
            started = time.perf_counter()
            assert (await client.get("/")).text == "here"
            times.append(time.perf_counter() - started)
    server.should_exit = True
    await running
    assert statistics.median(times) < 0.03, "40 ms is what Nagle's algorithm costs"
