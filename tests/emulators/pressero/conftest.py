"""The emulator in this process, a receiver that plays what the shop calls, and real servers on loopback."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from makeready_hooks.testing.emulation import BuyerItem, BuyerOrder, EmulatorSetup, PostalAddress
from makeready_pressero_emulator import EMULATOR
from makeready_pressero_emulator.driver import PresseroDriver

SITE = "shop.northfield.example"
BUYER = "2eef0af0-280e-4c03-a735-4fc04f7909d7"
LOGIN = {
    "UserName": "api@northfield.example",
    "Password": "storefront",
    "SubscriberId": "28406876-c50c-4d16-b386-8f2824f19cef",
    "ConsumerID": "7d0b6c52-93f4-4d0e-a8f1-5c2e9b3a4f60",
}


class Receiver:
    """An ASGI application that keeps what it is sent and answers what it is told."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.answers: list[tuple[int, bytes]] = []
        """Answers in turn; the last one again and again."""
        self.url = ""

    def will_answer(self, *contents: Any, status: int = 200) -> None:
        self.answers = [(status, json.dumps(content).encode()) for content in contents]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        self.requests.append({"headers": headers, "raw": body, "json": json.loads(body), "query": query})
        status, answer = self.answers.pop(0) if len(self.answers) > 1 else (self.answers or [(200, b"")])[0]
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": answer})


class Caller:
    """A client of the API that has signed in."""

    def __init__(self, app: Any, http: httpx.AsyncClient) -> None:
        self.app = app
        self.http = http
        self.token = ""

    async def sign_in(self) -> None:
        response = await self.http.post("/api/V2/Authentication", json=LOGIN)
        self.token = response.json()["Token"]

    async def send(self, verb: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"token {self.token}"}
        if body is not None:
            more["json"] = body
        return await self.http.request(verb, path, headers=headers, **more)

    async def get(self, path: str) -> httpx.Response:
        return await self.send("GET", path)

    async def post(self, path: str, content: Any = None) -> httpx.Response:
        return await self.send("POST", path, content)

    async def put(self, path: str, content: Any = None) -> httpx.Response:
        return await self.send("PUT", path, content)

    async def switch(self, **values: str) -> None:
        """``late_files_s="3"`` sets ``late-files-s``."""
        given = {name.replace("_", "-"): value for name, value in values.items()}
        response = await self.http.put("/_emulator/switches", json=given)
        assert response.status_code == 200, response.text

    async def idle(self) -> None:
        await self.http.get("/_emulator/idle")

    async def journal(self) -> list[dict[str, Any]]:
        return list((await self.http.get("/_emulator/journal")).json())

    async def effects(self, name: str) -> list[dict[str, Any]]:
        """Every effect of that name so far, whichever request had it."""
        entries = await self.journal()
        return [one for entry in entries for one in entry["effects"] if one["effect"] == name]

    async def listed(self, path: str) -> list[dict[str, Any]]:
        response = await self.get(path)
        assert response.status_code == 200, response.text
        return list(response.json()["Items"])


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextlib.asynccontextmanager
async def serving(app: Any, sock: socket.socket | None = None) -> AsyncIterator[str]:
    """Serve on loopback for real; gives the base URL."""
    sock = sock or free_socket()
    config = uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1)
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[sock]))
    await server.up.wait()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        sock.close()


def free_socket() -> socket.socket:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock


@contextlib.asynccontextmanager
async def _in_process(setup: EmulatorSetup) -> AsyncIterator[Caller]:
    app = EMULATOR.build(setup)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=setup.base_url) as http:
        caller = Caller(app, http)
        await caller.sign_in()
        yield caller
        app.world.close()


@pytest.fixture
async def shop() -> AsyncIterator[Caller]:
    """The shipped scenario, without the limit on calls."""
    setup = EmulatorSetup(base_url="http://pressero.test", switches={"rate-limit": "off"})
    async with _in_process(setup) as caller:
        yield caller


@pytest.fixture
def in_process() -> Callable[[EmulatorSetup], contextlib.AbstractAsyncContextManager[Caller]]:
    return _in_process


@pytest.fixture
async def people(shop: Caller) -> AsyncIterator[PresseroDriver]:
    driver = PresseroDriver("http://pressero.test", transport=httpx.ASGITransport(app=shop.app))
    yield driver
    await driver.aclose()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with serving(receiver) as url:
        receiver.url = url + "/called"
        yield receiver


@pytest.fixture
def serve() -> Callable[..., contextlib.AbstractAsyncContextManager[str]]:
    return serving


@pytest.fixture
def new_socket() -> Callable[[], socket.socket]:
    return free_socket


@pytest.fixture
def samples() -> Path:
    """Recorded requests, with invented values."""
    return Path(__file__).parents[2] / "samples" / "pressero"


@pytest.fixture
def address() -> PostalAddress:
    return PostalAddress(
        first_name="Name and",
        last_name="Last Name",
        business="none",
        line1="19 West Main Street",
        city="Middlefield",
        region="PA",
        postcode="17057",
        country="US",
        phone="(650) 557-1289",
    )


@pytest.fixture
def an_order(address: PostalAddress) -> Callable[..., BuyerOrder]:
    """An order of one item that needs no approval, changed as asked."""

    def make(**changes: Any) -> BuyerOrder:
        usual = {
            "site": SITE,
            "buyer_email": "buyer@northfield.example",
            "bill_to": address,
            "ship_to": address,
            "items": (BuyerItem(part_number="NF-CARD", quantity=100),),
            "shipping": Decimal(10),
            "needs_approval": False,
        }
        return BuyerOrder(**{**usual, **changes})

    return make


@pytest.fixture
def a_product(shop: Caller) -> Callable[..., Any]:
    """Create a product priced by an external engine at ``url``; gives its create body and its id."""

    async def make(url: str, **changes: Any) -> dict[str, Any]:
        groups = await shop.listed(f"/api/site/{SITE}/Groups")
        engine = (
            await shop.post("/api/Calculators", {"CalculatorName": "MIS", "Method": 5, "Url": url})
        ).json()
        pair = {
            "CalculatorId": engine["CalculatorId"],
            "GroupId": groups[0]["GroupId"],
            "CalcConfiguration": f"117-2284-{SITE}",
        }
        info = {"ProductName": "Store Opening Kit", "UrlName": "store-opening-kit"}
        info |= {"PrintersPartNum": "117-2284", "PublicPartNum": "117-2284"}
        body = {
            "ProductInfo": info,
            "AllowedGroups": [groups[0]["GroupId"]],
            "ProductGroupCalculators": [pair],
            "Markups": [{"MinQty": 1, "MaxQty": 999999, "Markup": 15}],
        } | changes
        response = await shop.post(f"/api/site/{SITE}/products", body)
        assert response.status_code == 200, response.text
        created: dict[str, Any] = response.json()
        return created

    return make
