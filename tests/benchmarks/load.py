"""A load generator that costs little: raw connections, one request at a time on each, nothing parsed but the length."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct


class Load(Struct, frozen=True, kw_only=True):
    per_s: float
    p50_ms: float
    p99_ms: float
    statuses: tuple[int, ...]


def post(url: str, body: bytes) -> bytes:
    parts = urlsplit(url)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def press(url: str, body: bytes, *, connections: int, seconds: float, vary: bool = False) -> Load:
    """Ask the same again and again on each connection; ``vary``: each time with another header."""
    request, parts, ends = post(url, body), urlsplit(url), time.perf_counter() + seconds
    loop = asyncio.get_running_loop()
    callers = []
    for _ in range(connections):
        done = loop.create_future()
        _, caller = await loop.create_connection(
            lambda done=done: _Caller(request, ends, done, vary), parts.hostname, parts.port
        )
        callers.append(caller)
    started = time.perf_counter()
    await asyncio.gather(*(caller.done for caller in callers))
    took = sorted(ms for caller in callers for ms in caller.took)
    return Load(
        per_s=len(took) / (time.perf_counter() - started),
        p50_ms=percentile(took, 0.5),
        p99_ms=percentile(took, 0.99),
        statuses=tuple(sorted({status for caller in callers for status in caller.statuses})),
    )


async def at_once(url: str, bodies: list[bytes]) -> list[tuple[float, bytes]]:
    """Each on a connection that is open already, all at the same moment: seconds, and the answer's body."""
    parts, loop = urlsplit(url), asyncio.get_running_loop()
    callers = []
    for body in bodies:
        done = loop.create_future()
        _, caller = await loop.create_connection(
            lambda body=body, done=done: _Caller(post(url, body), 0.0, done, False, start=False),
            parts.hostname,
            parts.port,
        )
        callers.append(caller)
    for caller in callers:
        caller.send()
    await asyncio.gather(*(caller.done for caller in callers))
    return [(caller.took[0] / 1000, caller.answer) for caller in callers]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class _Caller(asyncio.Protocol):
    def __init__(
        self, request: bytes, ends: float, done: "asyncio.Future[None]", vary: bool, *, start: bool = True
    ) -> None:
        self._request = request
        self._start = start
        self.answer = b""
        self._vary = vary
        self._ends = ends
        self.done = done
        self.took: list[float] = []
        self.statuses: set[int] = set()
        self._buffer = b""
        self._sent_at = 0.0
        self._write: Callable[[bytes], None]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._write = transport.write  # type: ignore[attr-defined]
        if self._start:
            self.send()

    def send(self) -> None:
        request = self._request
        if self._vary:
            header = b"\r\nX-Odd: %d-%d\r\n\r\n" % (id(self), len(self.took))
            request = request.replace(b"\r\n\r\n", header, 1)
        self._sent_at = time.perf_counter()
        self._write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        now = time.perf_counter()
        self.took.append((now - self._sent_at) * 1000)
        self.statuses.add(int(head[9:12]))
        self.answer = body
        self._buffer = b""
        if now < self._ends:
            self.send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.done.set_result(None)


def _length(head: bytes) -> int:
    lower = head.lower()
    start = lower.index(b"content-length:") + len(b"content-length:")
    return int(lower[start : start + 12].split(b"\r\n")[0])
