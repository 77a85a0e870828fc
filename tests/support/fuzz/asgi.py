"""One request, as uvicorn hands it to an application, and what the application answers."""

import asyncio
import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote

from msgspec import Struct, field

PATIENCE_S = 20.0
STREAM_S = 0.05
"""Whoever reads a stream of events leaves after this."""

Message = MutableMapping[str, Any]


class Request(Struct, kw_only=True):
    method: str
    path: str
    """Quoted, in ASCII; begins with a slash."""
    query: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    """Names in lower case."""
    body: bytes = b""
    pieces: int = 1
    """In which the body comes."""
    leaves: bool = False
    """The caller is gone before the last piece."""
    client: str = "127.0.0.1"

    def __str__(self) -> str:
        head = b" ".join(name + b": " + value[:60] for name, value in self.headers)
        return f"{self.method} {self.path[:300]}?{self.query[:300]!r} {head[:600]!r} {len(self.body)}: {self.body[:600]!r}"


class Answer(Struct, kw_only=True):
    status: int = 0
    """0 if there was none."""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    seconds: float = 0.0
    """The longest time in which nothing came: until the head, between two pieces, until the end."""
    raised: BaseException | None = None

    def header(self, name: bytes) -> str:
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == name), "")


async def send(app: Any, request: Request) -> Answer:
    """Whatever the application raises is in the answer; what hangs for `PATIENCE_S` has raised a TimeoutError."""
    answer, line = Answer(), _Line(request)
    line.answer = answer
    try:
        async with asyncio.timeout(PATIENCE_S):
            await app(_scope(request), line.receive, line.send)
    except Exception as exc:
        answer.raised = exc
    line.heard()
    answer.seconds = line.longest
    answer.body = bytes(line.body)
    return answer


def _scope(request: Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.path),
        "raw_path": request.path.encode(),
        "query_string": request.query,
        "root_path": "",
        "headers": list(request.headers),
        "client": (request.client, 40_000),
        "server": ("127.0.0.1", 8300),
        "state": {},
    }


class _Line:
    """The connection of one request."""

    def __init__(self, request: Request) -> None:
        self._left = self._cut(request)
        self._leaves = request.leaves
        self._over = asyncio.Event()
        self.answer = Answer()
        self.body = bytearray()
        self.longest = 0.0
        self._heard_at = time.perf_counter()

    def heard(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._heard_at)
        self._heard_at = now

    def _cut(self, request: Request) -> list[bytes]:
        size = -(-len(request.body) // request.pieces) or 1
        return [request.body[at : at + size] for at in range(0, len(request.body), size)] or [b""]

    async def receive(self) -> Message:
        if self._left and not (self._leaves and len(self._left) == 1):
            piece = self._left.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self._left)}
        if not self._leaves:
            await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.heard()
        if message["type"] == "http.response.start":
            self.answer.status = message["status"]
            self.answer.headers = list(message.get("headers", ()))
            return
        self.body += message.get("body", b"")
        if not message.get("more_body"):
            self._over.set()
        elif b"event-stream" in self.answer.header(b"content-type").encode() and not self._over.is_set():
            await asyncio.sleep(STREAM_S)
            self._over.set()
