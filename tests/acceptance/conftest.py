"""Emulators as processes of their own, a subscriber joined to them, and the server in front."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from api import Api, token
from browser import Browser, users
from joined import Site, joined, joined_again
from makeready.web.app import create_app
from pretend import Bench
from processes import Running, running


@pytest.fixture(scope="session")
def shop_process() -> Iterator[Running]:
    with running("emulate", "pressero", "--switch", "rate-limit=off") as started:
        yield started


@pytest.fixture(scope="session")
def mis_process() -> Iterator[Running]:
    with running("emulate", "tharstern") as started:
        yield started


@pytest.fixture(scope="session")
def first_site(tmp_path_factory: pytest.TempPathFactory, shop_process: Running, mis_process: Running) -> Site:
    return asyncio.run(joined(tmp_path_factory.mktemp("joined"), shop_process.url, mis_process.url))


@pytest.fixture
def site(tmp_path: Path, first_site: Site) -> Site:
    """A state file with one subscriber that is joined to both emulators."""
    return joined_again(first_site, tmp_path)


@pytest.fixture
async def client(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(bench.installation, work=False)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as made:
        yield made


@pytest.fixture
async def api(bench: Bench, client: httpx.AsyncClient) -> Api:
    document = (await client.get("/api/v1/openapi.json")).json()
    return Api(client, document, await token(bench, "ada"))


@pytest.fixture
async def new_browser(bench: Bench) -> AsyncIterator[Callable[..., Browser]]:
    """Each with cookies of its own, at an address. There are an operator, and people of two companies."""
    await users(bench)
    app = create_app(bench.installation, work=False)
    async with AsyncExitStack() as stack:

        def make(address: str = "127.0.0.1") -> Browser:
            transport = httpx.ASGITransport(app, raise_app_exceptions=True, client=(address, 4107))
            made = httpx.AsyncClient(transport=transport, base_url="http://pages.example")
            stack.push_async_callback(made.aclose)
            return Browser(made)

        yield make


@pytest.fixture
async def mia(new_browser: Callable[[], Browser]) -> Browser:
    """A manager of northfield, signed in."""
    browser = new_browser()
    await browser.sign_in("mia")
    return browser
