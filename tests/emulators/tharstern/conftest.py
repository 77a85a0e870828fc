"""A Tharstern emulator to talk to: in this process, or behind a real server on loopback."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
import uvicorn
from makeready_hooks.testing.emulation import AsgiApp, EmulatorSetup
from makeready_tharstern_emulator import EMULATOR

SAMPLES = Path(__file__).parents[2] / "samples" / "tharstern"
LOGIN = {"email": "api@northfield.example", "password": "press-gang", "applicationId": "makeready"}


class Api:
    """A client of the vendor's API and of the control API, signed in on demand."""

    def __init__(self, http: httpx.AsyncClient, app: Any) -> None:
        self.http = http
        self.app = app
        self.headers: dict[str, str] = {}

    async def sign_in(self) -> str:
        answer = await self.http.get("/TharsternAPI/api/authentication/GenerateAPIToken", params=LOGIN)
        token: str = answer.json()["Details"]["Token"]
        self.headers = {"Authorization": f"Basic {base64.b64encode(f'{token}:'.encode()).decode()}"}
        return token

    async def get(self, function: str, **query: Any) -> httpx.Response:
        url = f"/TharsternAPI/api/{function}"
        options: dict[str, Any] = {"params": query} if query else {}
        return await self.http.get(url, headers=self.headers, **options)

    async def post(self, function: str, document: object = None, **query: Any) -> httpx.Response:
        url = f"/TharsternAPI/api/{function}"
        body = {"content": document} if isinstance(document, bytes) else {"json": document}
        return await self.http.post(url, headers=self.headers, params=query, **body)

    async def details(self, function: str, **query: Any) -> Any:
        """Details of a reading call that succeeds."""
        answer = await self.get(function, **query)
        assert answer.status_code == 200
        assert answer.json()["Status"]["Success"] is True
        return answer.json()["Details"]

    async def items(self, function: str, **query: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.details(function, **query))["Items"]
        return items

    async def control(self, verb: str, path: str, document: object = None) -> Any:
        answer = await self.http.request(verb, f"/_emulator/{path}", json=document)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def switch(self, **switches: str) -> None:
        """``answer_lost="next:1"`` for the switch ``answer-lost``."""
        await self.control(
            "PUT", "switches", {name.replace("_", "-"): value for name, value in switches.items()}
        )

    async def orders(self) -> list[dict[str, Any]]:
        orders: list[dict[str, Any]] = (await self.control("GET", "orders"))["orders"]
        return orders

    async def journal(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = (await self.control("GET", "journal"))["entries"]
        return entries

    async def settle(self) -> None:
        assert (await self.control("POST", "settle", {}))["settled"]


Start = Callable[..., Awaitable[Api]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """``await start(switches={…}, state=path)``: a signed-in client of an emulator in this process."""
    async with AsyncExitStack() as stack:

        async def start_one(switches: Mapping[str, str] | None = None, **setup: Any) -> Api:
            app = build(switches, **setup)
            transport = httpx.ASGITransport(app=app)
            http = await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url="http://tharstern.test")
            )
            stack.push_async_callback(app.aclose)
            api = Api(http, app)
            await api.sign_in()
            return api

        yield start_one


@pytest.fixture
async def api(start: Start) -> Api:
    return await start()


@pytest.fixture
async def served() -> AsyncIterator[Start]:
    """As ``start``, behind a real server: connections can be cut there."""
    async with AsyncExitStack() as stack:

        async def start_one(
            switches: Mapping[str, str] | None = None,
            protocol: Literal["h11", "httptools"] = "httptools",
            **setup: Any,
        ) -> Api:
            app = build(switches, **setup)
            url = await stack.enter_async_context(serving(app, protocol))
            http = await stack.enter_async_context(
                httpx.AsyncClient(base_url=url, trust_env=False, timeout=10)
            )
            api = Api(http, app)
            await api.sign_in()
            return api

        yield start_one


def build(switches: Mapping[str, str] | None, **setup: Any) -> Any:
    given = EmulatorSetup(base_url="http://tharstern.test", switches=switches or {}, **setup)
    return EMULATOR.build(given)


@asynccontextmanager
async def serving(app: AsgiApp, protocol: Literal["h11", "httptools"] = "httptools") -> AsyncIterator[str]:
    """Serve an application on a free port of this machine; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="critical", http=protocol, ws="none", lifespan="on")
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        host, port = listener.getsockname()
        yield f"http://{host}:{port}"
        server.should_exit = True
        await running


@pytest.fixture
async def files() -> AsyncIterator[str]:
    """The address of a server with artwork: 12 bytes at every path but those that end in ``missing``."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        status = 404 if scope["path"].endswith("missing") else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"%PDF-1.4 ..."})

    async with serving_plain(app) as url:
        yield url


@asynccontextmanager
async def serving_plain(app: AsgiApp) -> AsyncIterator[str]:
    """As `serving`, for an application without a life of its own."""

    async def whole(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for event in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{event}.complete"})
        else:
            await app(scope, receive, send)

    async with serving(whole) as url:
        yield url


@pytest.fixture
def listening() -> Callable[[AsgiApp], Any]:
    """``async with listening(app) as url``: serve an application of the test's."""
    return serving_plain


@pytest.fixture
def post() -> Iterator[Callable[[str, bytes], httpx.Response]]:
    """``post(function, body)`` for tests that are not async: one emulator, one event loop of its own."""
    app = build(None)
    with asyncio.Runner() as runner:
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://tharstern.test")
        api = Api(http, app)
        runner.run(api.sign_in())
        yield lambda function, body: runner.run(api.post(function, body))
        runner.run(app.aclose())
        runner.run(http.aclose())


@pytest.fixture
def sample() -> Callable[..., bytes]:
    """``sample("order-kit.json", files=url)``: the bytes of a recorded request."""

    def read(name: str, **replace: str) -> bytes:
        text = (SAMPLES / name).read_text("utf-8")
        for key, value in replace.items():
            text = text.replace(f"{{{key}}}", value)
        return text.encode()

    return read
