"""A load generator that costs little: raw connections, one request at a time on each, nothing parsed but the length."""

import asyncio
import time
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from msgspec import Struct

Made = Callable[[], bytes | None]
"""Gives the next request as it goes over the wire; None when there is no more."""


class Load(Struct, frozen=True, kw_only=True):
    per_s: float
    count: int
    p50_ms: float
    p99_ms: float
    statuses: tuple[int, ...]


def post(url: str, body: bytes) -> bytes:
    parts = urlsplit(url)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def same(url: str, body: bytes) -> Made:
    request = post(url, body)
    return lambda: request


async def press(url: str, made: Made, *, connections: int, seconds: float) -> Load:
    """Ask without a pause on each connection until the time is over, or there is no more to ask."""
    ends = time.perf_counter() + seconds
    started = time.perf_counter()
    callers = [await _connected(url, made, ends) for _ in range(connections)]
    await asyncio.gather(*(caller.done for caller in callers))
    took = sorted(ms for caller in callers for ms in caller.took)
    return Load(
        per_s=len(took) / (time.perf_counter() - started),
        count=len(took),
        p50_ms=percentile(took, 0.5),
        p99_ms=percentile(took, 0.99),
        statuses=tuple(sorted({status for caller in callers for status in caller.statuses})),
    )


async def at_once(url: str, bodies: list[bytes]) -> list[tuple[float, bytes]]:
    """Each on a connection that is open already, all at the same moment: seconds, and the answer's body."""
    callers = [await _connected(url, iter([post(url, body)]).__next__, 0.0, start=False) for body in bodies]
    for caller in callers:
        caller.send()
    await asyncio.gather(*(caller.done for caller in callers))
    return [(caller.took[0] / 1000, caller.answer) for caller in callers]


async def at_pace(url: str, made: Made, *, per_s: float, count: int) -> Load:
    """One after the other at an even pace, on a connection that stays open."""
    took, statuses, began = [], set(), time.perf_counter()
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / per_s - time.perf_counter()))
        request, started = made(), time.perf_counter()
        assert request is not None
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        took.append((time.perf_counter() - started) * 1000)
        statuses.add(int(head[9:12]))
    writer.close()
    return Load(
        per_s=per_s,
        count=count,
        p50_ms=percentile(took, 0.5),
        p99_ms=percentile(took, 0.99),
        statuses=tuple(sorted(statuses)),
    )


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def _connected(url: str, made: Made, ends: float, *, start: bool = True) -> "_Caller":
    parts, loop = urlsplit(url), asyncio.get_running_loop()
    done = loop.create_future()
    _, caller = await loop.create_connection(
        lambda: _Caller(made, ends, done, start=start), parts.hostname, parts.port
    )
    return caller


class _Caller(asyncio.Protocol):
    def __init__(self, made: Made, ends: float, done: "asyncio.Future[None]", *, start: bool) -> None:
        self._made = made
        self._start = start
        self._ends = ends
        self.answer = b""
        self.done = done
        self.took: list[float] = []
        self.statuses: set[int] = set()
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class
        if self._start:
            self.send()

    def send(self) -> None:
        request = self._made()
        if request is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

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
