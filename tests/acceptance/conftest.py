"""Emulators as processes of their own, a subscriber joined to them, and the server in front."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from api import Api, token
from makeready.web.app import create_app
from makeready_pressero.emulator import EMULATOR as PRESSERO
from makeready_tharstern.emulator import EMULATOR as THARSTERN
from msgspec import Struct
from pretend import Bench
from processes import Running, run, running

ADMIN = {"MAKEREADY_ADMIN_PASSWORD": "let-me-in"}


class Site(Struct, frozen=True, kw_only=True):
    """What a test of the whole product stands on."""

    db: Path
    shop_url: str
    mis_url: str

    def serve(self, port: int = 0):
        """The server as a process of its own."""
        return running("serve", "--port", str(port), db=self.db, env=ADMIN)


@pytest.fixture(scope="session")
def shop_process() -> Iterator[Running]:
    with running("emulate", "pressero", "--switch", "rate-limit=off") as started:
        yield started


@pytest.fixture(scope="session")
def mis_process() -> Iterator[Running]:
    with running("emulate", "tharstern") as started:
        yield started


@pytest.fixture
async def site(tmp_path: Path, shop_process: Running, mis_process: Running) -> Site:
    """A state file with one subscriber that is joined to both emulators."""
    for url in (shop_process.url, mis_process.url):
        httpx.post(f"{url}/_emulator/reset", json={}, trust_env=False).raise_for_status()
    made = Site(db=tmp_path / "makeready.db", shop_url=shop_process.url, mis_url=mis_process.url)
    settings = tmp_path / "subscribers.toml"
    settings.write_text(await subscribers_file(made))
    applied = run("subscriber", "apply", str(settings), "--yes", db=made.db)
    assert applied.returncode == 0, applied.stderr
    return made


async def subscribers_file(site: Site) -> str:
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    lines = [
        "[subscribers.northfield]",
        'title = "Northfield Print"',
        "external_user_id = 117",
        "[subscribers.northfield.orders]",
        'trigger_stage = "Tharstern Xfr"',
        "[subscribers.northfield.connectors.pressero]",
        *_toml({**await shop.connector_settings(), "calls_per_10_s": 1000}),  # the emulator's limit is off
        "[subscribers.northfield.connectors.tharstern.test]",
        *_toml(await mis.connector_settings()),
    ]
    await shop.aclose()
    await mis.aclose()
    return "\n".join(lines) + "\n"


def _toml(values) -> list[str]:
    return [f"{name} = {json.dumps(value)}" for name, value in values.items()]


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
