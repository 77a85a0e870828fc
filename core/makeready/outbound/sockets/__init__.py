"""The HTTP library under our clients. Import it where a call is made: with its certificates it takes as long to import
as a short command takes in all, and most commands call nobody.
"""

import asyncio
import os
import socket
import ssl
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import aiohttp
import httpx
from aiohttp import AddrInfoType
from httpx_aiohttp import AiohttpTransport

from makeready.outbound.addresses import Forbidden, Reach, host_of, is_public
from makeready.outbound.sockets.certificates import BadCertificate as BadCertificate
from makeready.outbound.sockets.certificates import shown_at

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
BAD_ADDRESSES = (httpx.UnsupportedProtocol, httpx.InvalidURL, aiohttp.InvalidURL, UnicodeError)


class GuardedTransport(AiohttpTransport):
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
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        super().__init__(verify=trust, client=session)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises Forbidden if no socket was opened, since the host leads to what may not be reached; BadCertificate."""
        call = _Call(host_of(request.url))
        if self._proxy:  # it would open the socket for us, so what the host leads to is looked at before
            call.by_proxy = any(map(is_public, await self._reach.check(request.url)))
        token = _current.set(call)
        self.proxy = self._proxy if call.by_proxy else None  # it is read before anything waits
        try:
            return await super().handle_async_request(request)
        except Exception as exc:
            bad = getattr(exc.__cause__, "certificate_error", None)
            if isinstance(bad, ssl.SSLCertVerificationError):
                raise BadCertificate(call.host, bad, await self._shown(call)) from None
            if call.forbidden:
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


class _Call:
    """One that is under way, also in the tasks that open its socket."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.by_proxy = False
        self.forbidden = ""
        """An address that it would have gone to."""
        self.tried: list[tuple[Any, ...]] = []


_current: ContextVar[_Call] = ContextVar("call")


def never_connected(exc: BaseException) -> bool:
    """True only if no byte of the request can have left.

    The aiohttp transport reports a server that hangs up after reading the request as a *connect
    timeout* (httpx-aiohttp 0.2), so the error underneath decides where there is one.
    """
    cause = exc.__cause__
    if isinstance(cause, aiohttp.ClientError):
        return isinstance(cause, NOT_CONNECTED)
    return isinstance(exc, socket.gaierror | httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def reason(exc: BaseException, within_s: float) -> str:
    """In a few words. The error underneath knows more than the one above it. ``within_s``: the time for the whole call."""
    cause = exc.__cause__ if isinstance(exc.__cause__, aiohttp.ClientError) else exc
    if type(cause) is httpx.ReadError:  # our own: those of the library have a cause
        return str(cause)
    under = cause.os_error if isinstance(cause, aiohttp.ClientConnectorError) else cause
    if isinstance(under, socket.gaierror):
        return "its name is not known" if under.errno in NAMELESS else "the name server does not answer"
    if told := next((words for kinds, words in REASONS if isinstance(cause, kinds)), ""):
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
    ((TimeoutError, httpx.TimeoutException), "time is up: no whole answer within {:g} seconds"),
)
