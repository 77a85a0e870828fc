"""What one connection may take of the server: size and time of a request's head, time of its body, and a place."""

import asyncio
import ipaddress
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from msgspec import Struct
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HELD_BYTES = 4096
FRAMING = 8
"""Bytes beside each byte of a body that comes in the smallest of chunks."""
TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 5\r\nconnection: close\r\n\r\n"
)
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class ConnectionLimits(Struct, frozen=True, kw_only=True):
    """A server in front speaks for many: the limit for one address holds in the open internet only, see `is_shared`."""

    head_bytes: int = 32_768
    head_s: float = 15.0
    """From the connection's beginning, or a head's first byte, to its last."""
    body_s: float = 60.0
    connections: int = 2000
    per_address: int = 200


def is_shared(address: str) -> bool:
    """Whether a server in front may stand there, with many behind it."""
    try:
        return not ipaddress.ip_address(address).is_global
    except ValueError:
        return True


def limited_protocol(
    limits: ConnectionLimits, *, is_shared: Callable[[str], bool] = is_shared
) -> Callable[..., asyncio.Protocol]:
    """For one server: its connections are counted together."""
    return partial(LimitedProtocol, limits=limits, is_shared=is_shared, places=Counter())


class _Joined:
    """A transport whose short writes wait for the next one of the same turn of the loop: an answer's head leaves with its
    body, at half of what it costs to send them.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop, self._held = transport, loop, b""
        self.is_closing = transport.is_closing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        held, self._held = self._held, b""
        if held or len(data) > MOST_HELD_BYTES:
            self._transport.write(held + data)
        elif data:
            self._held = data
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._held and not self.is_closing():
            self._transport.write(self._held)
        self._held = b""


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's, that lets nobody stay who sends a request without end."""

    def __init__(
        self,
        *given: Any,
        limits: ConnectionLimits,
        is_shared: Callable[[str], bool],
        places: Counter[str],
        **named: Any,
    ) -> None:
        super().__init__(*given, **named)
        self._limits = limits
        self._is_shared = is_shared
        self._places = places
        self._place = ""
        self._head_size = 0
        self._read = 0
        self._in_head = True
        self._in_body = False
        self._body_size = 0
        self._beside = 0
        """What came since the head and is no body: sizes of chunks, what is said of them, and trailers."""
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.transport = cast("asyncio.Transport", _Joined(transport, self.loop))
        address = self.client[0] if self.client else ""
        alone = "" if self._is_shared(address) else address
        if self._places.total() >= self._limits.connections or (
            alone and self._places[alone] >= self._limits.per_address
        ):
            self._end(TOO_MANY)
            return
        self._place = alone or "shared"
        self._places[self._place] += 1
        self._expect(self._limits.head_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        if self._place:
            self._places[self._place] -= 1
            self._place = ""
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """The parser keeps what it has of a line that is not at its end: it is counted, and bounded, here."""
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_size += len(data)
        else:
            self._beside += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._is_too_large():
            self._end(TOO_LARGE)
        elif self._in_body:
            self._expect(self._limits.body_s, again=False)
        elif not (self._in_head and self._head_size):
            self._expect(None)
        else:
            self._expect(self._limits.head_s, again=False)

    def _is_too_large(self) -> bool:
        if self._in_head:
            return self._head_size > self._limits.head_bytes
        return self._beside > self._limits.head_bytes + FRAMING * self._body_size

    def on_message_begin(self) -> None:
        self._read = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._check(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._check(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._in_body = False, True
        self._body_size = self._beside = 0
        self._expect(None)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_size += len(body)
        self._beside -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_head, self._in_body, self._head_size = True, False, 0
        super().on_message_complete()

    def _check(self, more: int) -> None:
        """For a head that comes whole at once. What is raised in the parser's callbacks is answered with 400."""
        self._read += more
        if self._read > self._limits.head_bytes:
            raise ValueError("the head is too large")

    def _expect(self, within_s: float | None, *, again: bool = True) -> None:
        """What is being read has to be there by then; None: nothing is. Not ``again``: what runs, runs on."""
        if self._deadline is not None:
            if not again:
                return
            self._deadline.cancel()
            self._deadline = None
        if within_s is not None:
            self._deadline = self.loop.call_later(within_s, self._end, TOO_SLOW)

    def _end(self, answer: bytes) -> None:
        self._expect(None)
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()
