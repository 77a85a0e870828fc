"""The HTTP library under our clients. Import it where a call is made: with its certificates it takes as long to import
as a short command takes in all, and most commands call nobody.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import aiohttp
import httpx
from aiohttp import AddrInfoType
from makeready_hooks.http import HttpAnswer, HttpRequest
from msgspec import Struct

from makeready.outbound.addresses import Forbidden, Reach, host_of, is_public
from makeready.outbound.client import HEADERS
from makeready.outbound.sockets.certificates import BadCertificate as BadCertificate
from makeready.outbound.sockets.certificates import shown_at

MAX_ANSWER_BYTES = 32_000_000
CONNECT = aiohttp.ClientTimeout(sock_connect=10.0)
FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    UnicodeError,  # a host's name that cannot be looked up
)
LOOK_S = 3.0
NAMES_KEPT_S = 2
"""A host that has moved is found again after this."""
BAD_ADDRESSES = (httpx.InvalidURL, aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, UnicodeError)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Without cookies, and with no socket to where ``reach`` does not allow one. Make it within the running loop."""

    def __init__(
        self, trust: ssl.SSLContext, reach: Reach, *, proxy: httpx.Proxy | None = None, **options: Any
    ) -> None:
        """``trust``: whose certificates are taken. ``proxy``: to all in the open internet. ``options``: those of
        `aiohttp.TCPConnector`.
        """
        self._reach, self._proxy = reach, proxy
        options = {"ttl_dns_cache": NAMES_KEPT_S, **options}
        connector = aiohttp.TCPConnector(ssl=trust, socket_factory=self._socket, **options)
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers=HEADERS, auto_decompress=False
        )

    async def fetch(self, request: HttpRequest, server: httpx.URL, target: str) -> HttpAnswer:
        """The whole answer, unpacked, within the deadline. ``target``: by `read_target`. Raises one of FAILURES."""
        url = f"{server.scheme}://{server.netloc.decode('ascii')}{target}"
        sent = {"params": request.query, "headers": request.headers, "data": request.body or None}
        async with (
            asyncio.timeout(request.deadline_s),
            await self._open(server, request.method, url, **sent, timeout=CONNECT) as answer,
        ):
            body = bytearray()
            async for chunk in _unpacked(answer):
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise httpx.ReadError(f"the answer is larger than {MAX_ANSWER_BYTES // 1_000_000} MB")
            return HttpAnswer(status=answer.status, headers=_headers_of(answer.raw_headers), body=bytes(body))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """For a client of httpx. Raises one of FAILURES, which are no errors of httpx."""
        of = request.extensions.get("timeout", {}).get
        within = aiohttp.ClientTimeout(connect=of("pool"), sock_connect=of("connect"), sock_read=of("read"))
        sent = {"headers": request.headers, "data": await request.aread() or None, "timeout": within}
        return _response(await self._open(request.url, request.method, str(request.url), **sent), request)

    async def aclose(self) -> None:
        await self._session.close()

    async def _open(self, server: httpx.URL, method: str, url: str, **options: Any) -> aiohttp.ClientResponse:
        """An answer whose body is still to be read. ``options``: of `aiohttp.ClientSession.request`. Raises Forbidden if no
        socket was opened, since the host leads to what may not be reached; BadCertificate.
        """
        call = _Call(host_of(server))
        if self._proxy:  # it would open the socket for us, so what the host leads to is looked at before
            call.by_proxy = any(map(is_public, await self._reach.check(server)))
            if call.by_proxy:
                options |= {"proxy": str(self._proxy.url), "proxy_headers": self._proxy.headers}
        token = _current.set(call)
        try:
            return await self._session.request(method, url, allow_redirects=False, **options)
        except Exception as exc:
            bad = getattr(exc, "certificate_error", None)
            if isinstance(bad, ssl.SSLCertVerificationError):
                raise BadCertificate(call.host, bad, await self._shown(call)) from None
            if call.forbidden and never_connected(exc):  # else it went to another address of the host
                raise Forbidden(call.host, call.forbidden) from None
            raise
        finally:
            _current.reset(token)

    def _socket(self, info: AddrInfoType) -> socket.socket:
        """For one address that the call's host stands for, or that was written as it is; the call goes there or nowhere."""
        family, kind, protocol, _, address = info
        call = _current.get()
        if call.by_proxy:
            return socket.socket(family, kind, protocol)
        if not self._reach.allows(call.host, str(address[0])):
            call.forbidden = str(address[0])
            raise PermissionError("It may not be reached.")
        call.tried.append(address)
        return socket.socket(family, kind, protocol)

    async def _shown(self, call: "_Call") -> bytes:
        """The certificate that was not taken, from where it came; empty if it is not shown again."""
        for address, port, *_ in call.tried:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    return await shown_at(str(address), int(port), call.host)
        return b""


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.content.iter_chunked(16_384)  # unpacked a thousand times as much, at most

    async def aclose(self) -> None:
        self._answer.release()


def _response(answer: aiohttp.ClientResponse, request: httpx.Request | None = None) -> httpx.Response:
    return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer), request=request)


def _unpacked(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    packed = "content-encoding" in answer.headers
    return _response(answer).aiter_bytes() if packed else answer.content.iter_any()


def _headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in lower case; values of one name together."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), _text(value)
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


class _Call(Struct):
    """One that is under way, also in the tasks that open its socket."""

    host: str
    by_proxy: bool = False
    forbidden: str = ""
    """An address that it would have gone to."""
    tried: list[tuple[Any, ...]] = []


_current: ContextVar[_Call] = ContextVar("call")


def never_connected(exc: BaseException) -> bool:
    """True only if no byte of the request can have left."""
    return isinstance(exc, (socket.gaierror, *NOT_CONNECTED))


def reason(exc: BaseException, within_s: float) -> str:
    """In a few words. ``within_s``: the time for the whole call."""
    if type(exc) is httpx.ReadError:  # our own
        return str(exc)
    under = exc.os_error if isinstance(exc, aiohttp.ClientConnectorError) else exc
    if isinstance(under, socket.gaierror):
        return "its name is not known" if under.errno in NAMELESS else "the name server does not answer"
    if told := next((words for kinds, words in REASONS if isinstance(exc, kinds)), ""):
        return told.format(within_s)
    number = under.errno if isinstance(under, OSError) else None
    return os.strerror(number).lower() if number else "the connection was cut"


NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
NAMELESS = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (aiohttp.ClientProxyConnectionError, "the proxy cannot be reached"),
    (aiohttp.ClientHttpProxyError, "the proxy does not let us through"),
    (aiohttp.ClientSSLError, "it does not speak TLS as it should"),
    (aiohttp.ConnectionTimeoutError, "time is up before there was a connection"),
    (aiohttp.ServerDisconnectedError, "it hung up without an answer"),
    (aiohttp.ClientPayloadError, "it hung up in the middle of its answer"),
    (aiohttp.ClientResponseError, "its answer is not HTTP"),
    (httpx.DecodingError, "its answer cannot be unpacked"),
    (TimeoutError, "time is up: no whole answer within {:g} seconds"),
)
