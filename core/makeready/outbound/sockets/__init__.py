"""The HTTP library under our clients. Import it where a call is made: with its certificates it takes as long to import
as a short command takes in all, and most commands call nobody.
"""

import socket
import ssl
from contextvars import ContextVar
from typing import Any

import aiohttp
import httpx
from aiohttp import AddrInfoType
from httpx_aiohttp import AiohttpTransport

from makeready.outbound.addresses import Forbidden, Reach, host_of

FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    UnicodeError,  # a host's name that cannot be looked up
)
BAD_ADDRESSES = (httpx.UnsupportedProtocol, httpx.InvalidURL, aiohttp.InvalidURL, UnicodeError)


class GuardedTransport(AiohttpTransport):
    """Without cookies, and with no socket to where ``reach`` does not allow one. Make it within the running loop."""

    def __init__(self, trust: ssl.SSLContext, reach: Reach, **options: Any) -> None:
        """``trust``: whose certificates are taken. ``options``: those of `aiohttp.TCPConnector`."""
        self._reach = reach
        connector = aiohttp.TCPConnector(ssl=trust, socket_factory=self._socket, **options)
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        super().__init__(verify=trust, client=session)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises Forbidden if no socket was opened, since the host leads to what may not be reached."""
        call = _Call(host_of(request.url))
        token = _current.set(call)
        try:
            return await super().handle_async_request(request)
        except Exception:
            if call.forbidden:
                raise Forbidden(call.host, call.forbidden) from None
            raise
        finally:
            _current.reset(token)

    def _socket(self, info: AddrInfoType) -> socket.socket:
        """For one address that the call's host stands for, or that was written as it is; the call goes there or nowhere."""
        family, kind, protocol, _, address = info
        call = _current.get()
        if not self._reach.allows(call.host, str(address[0])):
            call.forbidden = str(address[0])
            raise PermissionError("It may not be reached.")
        return socket.socket(family, kind, protocol)


class _Call:
    """One that is under way, also in the tasks that open its socket."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.forbidden = ""
        """An address that it would have gone to."""


_current: ContextVar[_Call] = ContextVar("call")


def never_connected(exc: BaseException) -> bool:
    """True only if no byte of the request can have left.

    The aiohttp transport reports a server that hangs up after reading the request as a *connect
    timeout* (httpx-aiohttp 0.2), so the error underneath decides where there is one.
    """
    cause = exc.__cause__
    if isinstance(cause, aiohttp.ClientError):
        return isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    return isinstance(exc, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def reason(exc: BaseException) -> str:
    """In a few words. The error underneath knows more than the one above it."""
    cause = exc.__cause__
    if isinstance(cause, aiohttp.ClientConnectorError):
        return cause.os_error.strerror or "no connection"
    if isinstance(cause, aiohttp.ServerDisconnectedError | aiohttp.ClientPayloadError):
        return "the connection was cut"
    if isinstance(exc, TimeoutError | httpx.TimeoutException) and not isinstance(
        cause, aiohttp.ClientOSError
    ):
        return "time is up"
    return "the connection was cut"
