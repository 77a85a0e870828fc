"""Calls that the shop makes: to webhooks, pricing plug-ins and for pictures. Over real HTTP, on loopback only."""

import ipaddress
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx


@cache
def tls() -> ssl.SSLContext:
    """Made once: it costs more than a call."""
    return ssl.create_default_context()


FAILURES = (httpx.HTTPError, httpx.InvalidURL, AttributeError)
"""The last is anyio's, where a server hangs up as soon as it is connected and uvloop has let go of the socket."""


class NotDelivered(Exception):
    """No whole answer came; the text says why."""


async def post_json(
    url: str, body: bytes, *, headers: Mapping[str, str] | None = None, timeout_s: float = 10.0
) -> httpx.Response:
    """POST and wait for the answer, whatever its status. Raises NotDelivered."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    return await _call("POST", url, timeout_s, content=body, headers=sent)


async def fetch(url: str, *, timeout_s: float = 10.0) -> httpx.Response:
    """GET and wait for the answer, whatever its status. Raises NotDelivered."""
    return await _call("GET", url, timeout_s)


async def _call(verb: str, url: str, timeout_s: float, **request: Any) -> httpx.Response:
    if not is_loopback(url):
        raise NotDelivered("the emulator calls loopback addresses only")
    try:
        async with httpx.AsyncClient(verify=tls(), trust_env=False, timeout=timeout_s) as client:
            return await client.request(verb, url, **request)
    except FAILURES as error:
        raise NotDelivered(f"{type(error).__name__}: {error}".rstrip(": ")) from error


def is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            return False
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
