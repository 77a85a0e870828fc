"""Clients that keep nothing of an answer: companies share a client, and must not share what a server told one.

Both libraries beneath keep cookies of their own, so both are told not to.
"""

from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport


def forgetful_client(
    *,
    connector: Callable[[], aiohttp.BaseConnector] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    timeout_s: float | None = None,
) -> httpx.AsyncClient:
    """Without cookies, redirects or the environment's proxies.

    ``connector`` opens its sockets; it is called at the first call, within the running loop. ``transport``
    stands in place of it, ``timeout_s`` is for calls that name none of their own.
    """
    if connector is not None:
        transport = AiohttpTransport(client=lambda: _session(connector))
    return httpx.AsyncClient(
        transport=transport, cookies=_no_jar(), trust_env=False, follow_redirects=False, timeout=timeout_s
    )


def _session(connector: Callable[[], aiohttp.BaseConnector]) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=connector(), cookie_jar=aiohttp.DummyCookieJar())


def _no_jar() -> CookieJar:
    """It takes a cookie of no domain, and so gives none back."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))
