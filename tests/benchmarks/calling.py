"""One way to call a server, as quickly as it goes: ``python -m benchmarks.calling WAY URL TASKS SECONDS``.

In a process of its own, so that its processor time is its own. Prints calls a second, and milliseconds of a call.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable

import aiohttp
import httpx
import uvloop
from makeready.logs import configure
from makeready.outbound.addresses import Reach
from makeready.outbound.client import Outbound, forgetful_client, guarded
from makeready_hooks.http import HttpRequest

BODY = b'{"notes": "' + b"n" * 2950 + b'"}'
HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer a-token-of-some-length"}
HERE = Reach.read("127.0.0.1")

Call = Callable[[], Awaitable[bytes]]
"""Sends 3 kB, and gives the whole answer."""


def with_httpx(url: str, client: httpx.AsyncClient) -> Call:
    async def call() -> bytes:
        return (await client.post(url, content=BODY, headers=HEADERS)).content

    return call


def bare_aiohttp(url: str) -> Call:
    session = aiohttp.ClientSession()

    async def call() -> bytes:
        async with session.post(url, data=BODY, headers=HEADERS) as answer:
            return await answer.read()

    return call


def our_client(url: str) -> Call:
    http = Outbound(reach=HERE).for_connector("northfield", "mis", None)
    request = HttpRequest(
        method="POST", url=url, headers=HEADERS, body=BODY, deadline_s=10.0, changes_something=True
    )

    async def call() -> bytes:
        return (await http.send(request)).body

    return call


def own_transport(url: str) -> Call:
    return with_httpx(url, forgetful_client(timeout_s=10))


def our_transport(url: str) -> Call:
    return with_httpx(url, forgetful_client(guarded(HERE, limit=200), timeout_s=10))


def on_pyreqwest(url: str) -> Call:
    from pyreqwest.client import ClientBuilder  # noqa: PLC0415
    from pyreqwest.compatibility.httpx import HttpxTransport  # noqa: PLC0415

    return with_httpx(url, forgetful_client(HttpxTransport(ClientBuilder().build()), timeout_s=10))


def on_curl(url: str) -> Call:
    from httpx_curl_cffi import AsyncCurlTransport  # noqa: PLC0415

    return with_httpx(url, forgetful_client(AsyncCurlTransport(), timeout_s=10))


def httpx_two(url: str) -> Call:
    import httpx2  # noqa: PLC0415

    client = httpx2.AsyncClient(trust_env=False, timeout=10)

    async def call() -> bytes:
        return bytes((await client.post(url, content=BODY, headers=HEADERS)).content)

    return call


WAYS: dict[str, Callable[[str], Call]] = {
    "aiohttp": bare_aiohttp,
    "our client": our_client,
    "httpx on aiohttp, guarded": our_transport,
    "httpx alone": own_transport,
    "httpx on pyreqwest": on_pyreqwest,
    "httpx on curl": on_curl,
    "httpx2": httpx_two,
}
OPTIONAL = {"httpx on pyreqwest": "pyreqwest", "httpx on curl": "httpx_curl_cffi", "httpx2": "httpx2"}
"""No requirement of ours: measured where they are installed."""


async def measure(way: str, url: str, tasks: int, seconds: float) -> dict[str, float]:
    call = WAYS[way](url)
    await call()
    ends, count = time.perf_counter() + seconds, 0

    async def again() -> None:
        nonlocal count
        while time.perf_counter() < ends:
            assert await call()
            count += 1

    cpu, started = time.process_time(), time.perf_counter()
    await asyncio.gather(*(again() for _ in range(tasks)))
    return {
        "per_s": count / (time.perf_counter() - started),
        "cpu_ms": 1000 * (time.process_time() - cpu) / count,
    }


if __name__ == "__main__":
    configure()
    way, url, tasks, seconds = sys.argv[1:]
    print(json.dumps(uvloop.run(measure(way, url, int(tasks), float(seconds)))))  # noqa: T201
