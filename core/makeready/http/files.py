"""Files that a vendor names by address: looked at and fetched, never from inside our own network.

An address that a storefront hands us can point anywhere. The name is resolved once, by us, and only
public addresses are connected to; redirects are followed a few times, each checked in the same way.
"""

import ipaddress
import socket
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from httpx_aiohttp import AiohttpTransport
from makeready_hooks.errors import MakereadyError, Refused, RetryLater
from msgspec import Struct

from makeready.http.noting import Begin, Noting, host_of, ignore

DEADLINE_S = 30.0
MAX_REDIRECTS = 3


class FileFacts(Struct, frozen=True, kw_only=True):
    """What a server says about a file."""

    size: int | None
    """In bytes; None if it does not say."""
    content_type: str


def unnoted(method: str, host: str, path: str) -> Noting:
    return Noting(ignore, subscriber="", connector="", at=0.0, host=host, method=method, path=path)


class Files:
    """``allow_private`` is for a shop in the operator's own network, and for demonstrations."""

    def __init__(self, *, allow_private: bool = False) -> None:
        self._allow_private = allow_private
        transport = AiohttpTransport(client=self._session)
        self._client = httpx.AsyncClient(
            transport=transport, trust_env=False, follow_redirects=False, timeout=DEADLINE_S
        )

    def _session(self) -> aiohttp.ClientSession:
        resolver = None if self._allow_private else PublicResolver()
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=resolver, limit=20))

    async def look(self, url: str, begin: Begin = unnoted) -> FileFacts:
        """Is it there? Asks for the first byte, since not every server answers to HEAD. ``begin`` notes each call.

        Raises Refused if the address is not allowed or the file is not there, RetryLater if the server is away.
        """
        response = await self._get(url, begin, limit=None)
        return FileFacts(size=_size(response), content_type=response.headers.get("content-type", ""))

    async def fetch(self, url: str, begin: Begin = unnoted, *, limit: int) -> bytes:
        """The whole file. Raises as `look`, and Refused for more than ``limit`` bytes."""
        return (await self._get(url, begin, limit=limit)).content

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _get(self, url: str, begin: Begin, *, limit: int | None) -> httpx.Response:
        """The whole file, up to ``limit`` bytes, or its beginning if there is no limit."""
        for _ in range(MAX_REDIRECTS + 1):
            self._check(url)
            response = await self._get_one(url, limit, begin("GET", host_of(url), urlsplit(url).path))
            if not response.has_redirect_location:
                return _checked(response)
            url = urljoin(url, response.headers["location"])
        raise Refused("The file's address leads from one to another without end.")

    async def _get_one(self, url: str, limit: int | None, call: Noting) -> httpx.Response:
        headers = {"Range": "bytes=0-0"} if limit is None else {}
        try:
            async with self._client.stream("GET", url, headers=headers) as response:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if limit is None:
                        break  # a server that ignores the range: its first bytes prove that it is there
                    if len(body) > limit:
                        call.ended(status=response.status_code, size=len(body))
                        raise Refused(
                            f"The file is larger than {limit} bytes.", fix="Give it to the MIS by hand."
                        )
                call.ended(status=response.status_code, size=len(body))
                return httpx.Response(response.status_code, headers=response.headers, content=bytes(body))
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, TimeoutError, OSError) as exc:
            error = _trouble(exc, url)
            call.ended(error=error.message)
            raise error from None

    def _check(self, url: str) -> None:
        """Names are checked when they are resolved; an address of numbers is checked here."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused("The file's address is not one of the web.", fix="It must begin with https://.")
        if not self._allow_private and not _may_be_public(parts.hostname):
            raise _private(parts.hostname)


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only."""

    def __init__(self) -> None:
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        public = [one for one in found if ipaddress.ip_address(one["host"]).is_global]
        if not public:
            raise PermissionError(f"{host} is not a public address")
        return public

    async def close(self) -> None:
        await self._resolver.close()


def _may_be_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True


def _private(host: str) -> Refused:
    return Refused(
        f"The file's address {host} lies in a private network.",
        fix="If that is meant, set private_files = true in the subscriber's orders.",
    )


def _trouble(exc: Exception, url: str) -> MakereadyError:
    host = urlsplit(url).hostname or "the server"
    cause: Any = exc
    while cause is not None:
        if isinstance(cause, PermissionError):
            return _private(host)
        cause = cause.__cause__ or getattr(cause, "os_error", None)
    return RetryLater(f"The file's server {host} cannot be reached.")


def _checked(response: httpx.Response) -> httpx.Response:
    status = response.status_code
    if status >= 500 or status == 429:
        raise RetryLater(f"The file's server answers {status}.")
    if status == 416:  # an empty file has no first byte
        raise Refused("The file is empty.")
    if not 200 <= status < 300:
        raise Refused(
            f"The file cannot be had: its server answers {status}.", fix="Upload it again in the shop."
        )
    return response


def _size(response: httpx.Response) -> int | None:
    """From ``Content-Range: bytes 0-0/12345``, or the length of the whole."""
    whole = response.headers.get("content-range", "").rpartition("/")[2]
    text = whole if response.status_code == 206 else response.headers.get("content-length", "")
    return int(text) if text.isdigit() else None
