"""The address that shops' pricing engines call. A product page asks the same again and again.

A call that is the same to the last byte as an earlier one, headers included, has its answer as long as
that answer's price is fresh and the subscriber's settings are the same: nothing is read or made anew.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from msgspec import Struct
from starlette.requests import Request

from makeready.flows.pricing import answer_price_call
from makeready.installation import Installation
from makeready.prices.kept import Kept
from makeready.records import Subscriber
from makeready.web.sizes import check_size

SETTINGS_MAX_AGE_S = 1.0
"""How soon a change of settings by another process is noticed."""
MOST_ANSWERS = 4000
MOST_KEY_BYTES = 8000
"""A longer call is answered all the same, and not remembered."""

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Addressees = Callable[[str, str], Awaitable[Subscriber]]
"""``addressee(segment, connector)``; raises CallRejected for an address that is nobody's."""


class _Kept(Struct, frozen=True, kw_only=True):
    """An answer, ready to be sent."""

    start: Message
    body: Message
    good_until: float
    version: int


class PriceEdge:
    """An ASGI application for one route, with ``segment`` and ``connector`` in its path."""

    def __init__(self, installation: Installation, addressee: Addressees) -> None:
        self._installation = installation
        self._addressee = addressee
        self._answers: Kept[tuple[Any, ...], _Kept] = Kept(MOST_ANSWERS)
        self._subscribers: Kept[tuple[str, str], tuple[float, Subscriber]] = Kept(MOST_ANSWERS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path: dict[str, str] = scope["path_params"]
        address = (path["segment"], path["connector"])
        subscriber = await self._subscriber(address)
        body = await _body(scope, receive)
        key = (address, scope["method"], scope["query_string"], tuple(scope["headers"]), body)
        kept = self._answers.get(key)
        now = self._installation.clock()
        if kept is None or kept.version != subscriber.version or not now < kept.good_until:
            kept = await self._answer(scope, subscriber, address[1], body)
            if kept.good_until > now and _size(scope, body) <= MOST_KEY_BYTES:
                self._answers.put(key, kept)
        await send(kept.start)
        await send(kept.body)

    async def _subscriber(self, address: tuple[str, str]) -> Subscriber:
        kept = self._subscribers.get(address)
        if kept is None or time.monotonic() - kept[0] >= SETTINGS_MAX_AGE_S:
            seen_at = time.monotonic()
            kept = (seen_at, await self._addressee(*address))
            self._subscribers.put(address, kept)
        return kept[1]

    async def _answer(self, scope: Message, subscriber: Subscriber, connector: str, body: bytes) -> _Kept:
        call = _incoming(scope, body)
        answered = await answer_price_call(self._installation, subscriber, connector, call)
        start, body_ = _messages(answered.answer)
        return _Kept(start=start, body=body_, good_until=answered.good_until, version=subscriber.version)


def _incoming(scope: Message, body: bytes) -> IncomingCall:
    request = Request(scope)
    return IncomingCall(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=body,
    )


async def _body(scope: Message, receive: Receive) -> bytes:
    """Raises CallRejected for a body that is too long."""
    message = await receive()
    if not message.get("more_body") and message["type"] == "http.request":
        first: bytes = message.get("body", b"")
        check_size(len(first))
        return first
    body = bytearray(message.get("body", b""))
    async for chunk in Request(scope, receive).stream():
        body += chunk
        check_size(len(body))
    return bytes(body)


def _size(scope: Message, body: bytes) -> int:
    headers = sum(len(name) + len(value) for name, value in scope["headers"])
    return len(body) + len(scope["query_string"]) + headers


def _messages(answer: CallAnswer) -> tuple[Message, Message]:
    headers = [
        (b"content-type", answer.content_type.encode("latin-1")),
        (b"content-length", str(len(answer.body)).encode()),
    ]
    start = {"type": "http.response.start", "status": answer.status, "headers": headers}
    return start, {"type": "http.response.body", "body": answer.body}
