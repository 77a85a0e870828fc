"""The HTTP library under our clients. Import it where a call is made: with its certificates it takes as long to import
as a short command takes in all, and most commands call nobody.
"""

import ssl
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    UnicodeError,  # a host's name that cannot be looked up
)
BAD_ADDRESSES = (httpx.UnsupportedProtocol, httpx.InvalidURL, aiohttp.InvalidURL, UnicodeError)


def transport(unused: ssl.SSLContext, **options: Any) -> AiohttpTransport:
    """Without cookies; ``options`` are those of `aiohttp.TCPConnector`. Make it within the running loop.

    ``unused``: the transport would read certificates from the disk that it never uses beside a connector of ours.
    """
    connector = aiohttp.TCPConnector(**options)
    session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
    return AiohttpTransport(verify=unused, client=session)


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
