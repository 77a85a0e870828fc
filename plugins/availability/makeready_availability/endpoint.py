"""What a shop's pages load from us: the script and the stylesheet, and whether a product is there.

``GET /integrations/availability?site=shop.example&product=opening-kit-m2284:25&shop=1`` is asked by every
open page of every shop, so it goes past the framework: an answer that was given a moment ago is sent
again as it is.
"""

import gzip
import hashlib
import time
from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qsl

import msgspec
from makeready.installation import PUBLIC_NAME, Installation
from makeready.outbound.coalesce import Coalescer
from makeready_hooks import ConnectorType, Role, StorefrontFile
from makeready_hooks.errors import CallRejected
from makeready_hooks.outside import split_address
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from makeready_availability.availability import Availability, Shop

AVAILABILITY = "/integrations/availability"
MAX_FIELDS = 70
SAME_FOR_S = 1.0
"""An answer is given again as it is for so long."""
MAX_KEPT = 1_000
MAX_OPEN = 10_000
MOST_QUESTION_BYTES = 8_000
"""A page asks for 40 products. What is longer, with its origin, is refused, and nothing of it is kept."""
WINDOW_S = 10.0
UNKNOWN_PER_WINDOW = 100
"""Calls of one address about sites that we do not know."""

FILE_HEADERS = {
    "Cache-Control": "public, max-age=600, stale-while-revalidate=86400, stale-if-error=604800",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}

Headers = list[tuple[bytes, bytes]]


def storefront_routes(installation: Installation, availability: Availability) -> list[Route]:
    return [
        Route(AVAILABILITY, AvailabilityEndpoint(availability), methods=["GET", "HEAD"]),
        Route("/integrations/{name}", _Files(installation.kinds.values()).answer, methods=["GET", "HEAD"]),
    ]


# The script and the stylesheet


class _Served(Struct, frozen=True, kw_only=True):
    file: StorefrontFile
    zipped: bytes
    version: str


class _Files:
    """Every storefront connector's files, under our name and under those of the MIS connectors."""

    def __init__(self, kinds: Iterable[ConnectorType]) -> None:
        kinds = list(kinds)
        names = [PUBLIC_NAME, *(kind.public_name for kind in kinds if kind.public_name)]
        files = [file for kind in kinds if kind.role is Role.STOREFRONT for file in kind.storefront_files()]
        self._files = {f"{name}.{file.suffix}": _served(file) for file in files for name in names}

    async def answer(self, request: Request) -> Response:
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise CallRejected("There is nothing at this address.", status=404)
        is_that_version = request.query_params.get("v") == found.version
        headers = {**FILE_HEADERS, **(FOR_EVER if is_that_version else {}), "ETag": f'"{found.version}"'}
        if found.version in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(found.zipped, headers=headers, media_type=found.file.content_type)
        return Response(found.file.content, headers=headers, media_type=found.file.content_type)


def _served(file: StorefrontFile) -> _Served:
    return _Served(
        file=file,
        zipped=gzip.compress(file.content, 9, mtime=0),
        version=hashlib.sha256(file.content).hexdigest()[:16],
    )


# Availability


class _Ready(Struct, frozen=True):
    """An answer that can be sent as it is."""

    status: int
    headers: Headers
    body: bytes
    etag: bytes
    limit: float
    """Calls of one address in a window."""


class AvailabilityEndpoint:
    """An ASGI application: rate, memory, answer."""

    def __init__(self, availability: Availability) -> None:
        self._availability = availability
        self._ready = Coalescer(most_kept=MAX_KEPT, most_open=MAX_OPEN)
        self._calls: Counter[str] = Counter()
        self._window_ends = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        now = time.monotonic()
        origin = asked = b""
        for name, value in scope["headers"]:
            if name == b"origin":
                origin = value
            elif name == b"if-none-match":
                asked = value
        key = (scope["query_string"], origin)
        if len(key[0]) + len(origin) > MOST_QUESTION_BYTES:
            ready = TOO_LONG
        else:
            ready = await self._ready.ask(key, lambda: self._answer(*key), max_age_s=SAME_FOR_S)
        client = scope["client"]
        if self._is_too_often(client[0] if client else "", ready.limit, now):
            ready = TOO_OFTEN
        await _send(
            send, ready, is_same=bool(asked) and ready.etag in asked, is_head=scope["method"] == "HEAD"
        )

    def _is_too_often(self, client: str, limit: float, now: float) -> bool:
        if now >= self._window_ends:
            self._calls.clear()
            self._window_ends = now + WINDOW_S
        self._calls[client] += 1
        return self._calls[client] > limit

    async def _answer(self, query: bytes, origin: bytes) -> _Ready:
        try:
            given = parse_qsl(query.decode("latin-1"), max_num_fields=MAX_FIELDS)
        except ValueError:  # more than any page of ours asks
            return _ready(400, b"{}", "", UNKNOWN_PER_WINDOW)
        shop = await self._availability.shop_of(next((value for name, value in given if name == "site"), ""))
        if shop is None:
            return _ready(404, b"{}", "", UNKNOWN_PER_WINDOW)
        limit = shop.rules.calls_per_minute / 60 * WINDOW_S
        if origin and not await self._is_of(origin, shop):
            return _ready(403, b"{}", "", limit)
        wanted = dict(_product(value) for name, value in given if name == "product")
        with_shop = ("shop", "1") in given
        answer = await self._availability.answer(shop, wanted, with_shop=with_shop)
        return _ready(200, msgspec.json.encode(answer), origin.decode("latin-1"), limit)

    async def _is_of(self, origin: bytes, shop: Shop) -> bool:
        """Whether a page of this origin is one of the shop's."""
        parts = split_address(origin.decode("latin-1"))
        domain = parts.hostname or ""
        theirs = await self._availability.shop_of(domain) if parts.scheme in ("http", "https") else None
        return theirs is not None and (theirs.subscriber, theirs.site) == (shop.subscriber, shop.site)


def _product(text: str) -> tuple[str, int]:
    """``opening-kit-m2284:25``, or without a quantity."""
    name, _, quantity = text.rpartition(":")
    if name and quantity.isascii() and quantity.isdigit():
        return name, min(int(quantity[:10]), 10**9)
    return text, 0


def _ready(status: int, body: bytes, origin: str, limit: float) -> _Ready:
    etag = b'"' + hashlib.blake2b(body, digest_size=9).hexdigest().encode() + b'"'
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"public, max-age=2" if status == 200 else b"no-store"),
        (b"vary", b"Origin"),
        (b"x-content-type-options", b"nosniff"),
        (b"etag", etag),
    ]
    if origin:
        headers.append((b"access-control-allow-origin", origin.encode("latin-1")))
    return _Ready(status, headers, body, etag, limit)


TOO_LONG = _ready(414, b"{}", "", UNKNOWN_PER_WINDOW)
_refusal = _ready(429, b"{}", "", 0.0)
TOO_OFTEN = msgspec.structs.replace(_refusal, headers=[*_refusal.headers, (b"retry-after", b"10")])


async def _send(send: Send, ready: _Ready, *, is_same: bool, is_head: bool) -> None:
    status = 304 if is_same and ready.status == 200 else ready.status
    length = [(b"content-length", b"%d" % len(ready.body))] if status != 304 else []
    await send({"type": "http.response.start", "status": status, "headers": ready.headers + length})
    await send({"type": "http.response.body", "body": b"" if status == 304 or is_head else ready.body})
