"""The address that shops' pricing engines call. A product page asks the same again and again.

A call that is the same as an earlier one to the last byte, headers included, has its answer as long as that
answer's price is fresh and the subscriber's settings are the same: nothing is read or made again. Only headers
that trace a call through networks make no difference.
"""

import time
from typing import Any
from weakref import ref

from cachetools import LRUCache
from makeready.connectors import Connectors
from makeready.engine.model import Flow
from makeready.installation import Installation
from makeready.outbound.coalesce import Coalescer
from makeready.prices.model import PriceOutcome
from makeready.subscribers.model import Subscriber
from makeready.subscribers.setup.addresses import addressee
from makeready.web.calls import Message, Receive, Send, body_of, incoming, messages
from makeready.web.refusals import Refusals
from msgspec import Struct

from makeready_prices.answer import answer_price_call
from makeready_prices.latency import answer_key

SETTINGS_MAX_AGE_S = 1.0
"""How soon a change of settings by another process is noticed."""
MOST_ANSWERS = 4000
MOST_KEY_BYTES = 8000
"""A longer call is answered all the same, and not remembered."""

TRACING = frozenset(
    (
        b"traceparent",
        b"tracestate",
        b"baggage",
        b"request-id",
        b"x-request-id",
        b"x-correlation-id",
        b"x-forwarded-for",
        b"x-forwarded-port",
        b"x-real-ip",
    )
)


class _Asked(Struct, frozen=True, kw_only=True):
    """Whose address was called, as of a moment ago."""

    subscriber: Subscriber
    connectors: Connectors
    paused: bool
    """A person wants no prices given."""


class _Kept(Struct, frozen=True, kw_only=True):
    """An answer, ready to be sent."""

    start: Message
    body: Message
    good_until: float
    """By the steady clock: that a person sets the time keeps no answer for longer."""
    connectors: "ref[Connectors]"
    """By which it was made: others are built when the settings change, and these are let go."""
    paused: bool
    """No price was given, whatever was asked."""
    outcome: PriceOutcome | None
    """None if it was no question for a price."""
    outcome_again: PriceOutcome | None
    """When it is sent again."""

    def is_by(self, asked: _Asked) -> bool:
        return self.connectors() is asked.connectors and self.paused is asked.paused


class PriceEdge:
    """An ASGI application for one route, with ``segment`` and ``connector`` in its path."""

    def __init__(self, installation: Installation, refusals: Refusals) -> None:
        self._installation = installation
        self._refusals = refusals
        self._answers: LRUCache[tuple[Any, ...], _Kept] = LRUCache(MOST_ANSWERS)
        self._addressees = Coalescer(most_kept=MOST_ANSWERS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        came_at = time.monotonic()
        self._refusals.check(scope)
        path: dict[str, str] = scope["path_params"]
        address = (path["segment"], path["connector"])
        asked = await self._addressees.ask(
            address, lambda: self._asked(address), max_age_s=SETTINGS_MAX_AGE_S
        )
        body = await body_of(scope, receive)
        headers = tuple(header for header in scope["headers"] if header[0] not in TRACING)
        key = (address, scope["method"], scope["query_string"], headers, body)
        kept = self._answers.get(key)
        now = self._installation.steady()
        outcome = kept.outcome_again if kept else None
        if kept is None or not kept.is_by(asked) or not now < kept.good_until:
            kept = await self._answer(scope, asked, address[1], body, came_at)
            outcome = kept.outcome
            if kept.good_until > now and _size(scope, body) <= MOST_KEY_BYTES:
                self._answers[key] = kept
        self._refusals.taken(scope)
        await send(kept.start)
        await send(kept.body)
        if outcome is not None:
            ms = 1000 * (time.monotonic() - came_at)
            self._installation.call_log.count(answer_key(asked.subscriber.name, outcome, ms, now))

    async def _asked(self, address: tuple[str, str]) -> _Asked:
        subscriber = await addressee(self._installation, *address)
        pauses = await self._installation.store.pauses.of(subscriber.name, self._installation.clock())
        return _Asked(
            subscriber=subscriber,
            connectors=await self._installation.connectors(subscriber),
            paused=any(one.flow is Flow.PRICES for one in pauses),
        )

    async def _answer(
        self, scope: Message, asked: _Asked, connector: str, body: bytes, came_at: float
    ) -> _Kept:
        answered = await answer_price_call(
            self._installation,
            asked.subscriber,
            asked.connectors,
            connector,
            incoming(scope, body),
            came_at=came_at,
            paused=asked.paused,
        )
        start, content = messages(answered.answer)
        is_no_price = answered.outcome in (PriceOutcome.OVER_BUDGET, PriceOutcome.REFUSED, None)
        return _Kept(
            start=start,
            body=content,
            good_until=self._installation.steady() + answered.good_until - self._installation.clock(),
            connectors=ref(asked.connectors),
            paused=asked.paused,
            outcome=answered.outcome,
            outcome_again=answered.outcome if is_no_price else PriceOutcome.KEPT,
        )


def _size(scope: Message, body: bytes) -> int:
    headers = sum(len(name) + len(value) for name, value in scope["headers"])
    return len(body) + len(scope["query_string"]) + headers
