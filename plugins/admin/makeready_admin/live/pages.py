"""News for open pages (server-sent events). They say only that something has changed: what, the page itself says.

Every event carries a stamp of what it is about. A browser that was cut off sends the last one that it has seen, and a page
begins with its own: so nothing is missed in between, and nothing is told twice.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from hashlib import sha256
from urllib.parse import urlencode

import msgspec
from makeready.orders.views.history import OrderStory, order_story
from makeready.web.server import stopping
from makeready_hooks.errors import CallRejected
from starlette.responses import Response, StreamingResponse

from makeready_admin.inbox.waiting import count_waiting
from makeready_admin.live.store import newest_of
from makeready_admin.web.frame import HEADERS
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import Visit

LOOK_EVERY_S = 1.0
LASTS_S = 240.0
"""Then the browser asks again, and who it is and what they may see is looked at again."""
MOST_PAGES = 200
"""Open pages that one process tells of news. A further one is right after a reload, as without scripts."""
BEAT_EVERY = 15
"""Looks without news until a line is sent all the same: a browser that is gone is noticed by it."""

_open = 0


async def watch_address(visit: Visit, story: OrderStory | None = None) -> str:
    """Where this page hears of news, from the moment at which it was made; of an order from what it tells."""
    order = story.order if story else ""
    return f"{visit.home}/events?{urlencode({'order': order, 'seen': await _stamp(visit, order, story)})}"


async def events(visit: Visit) -> Response:
    if _open >= MOST_PAGES:
        raise CallRejected("Too many pages are open. Reload this page to see what has changed.", status=503)
    seen = visit.request.headers.get("last-event-id") or visit.query("seen")
    return StreamingResponse(_news(visit, seen), headers=HEADERS, media_type="text/event-stream")


async def _news(visit: Visit, seen: str) -> AsyncIterator[str]:
    global _open
    _open += 1
    try:
        ends, order = stopping(visit.request.app.state), visit.query("order")
        yield "retry: 3000\n\n"
        for look in range(int(LASTS_S / LOOK_EVERY_S)):
            stamp = await _stamp(visit, order)
            if stamp != seen:
                seen = stamp
                yield f"id: {stamp}\nevent: changed\ndata: {stamp}\n\n"
            elif look % BEAT_EVERY == 0:
                yield ": \n\n"
            with suppress(TimeoutError):
                await asyncio.wait_for(ends.wait(), LOOK_EVERY_S)
                return
    finally:
        _open -= 1


async def _stamp(visit: Visit, order: str, story: OrderStory | None = None) -> str:
    """Changes whenever something of the company, or of the order, does that pages show."""
    name, installation = visit.subscriber.name, visit.installation
    if order:
        found: object = story or await order_story(installation, name, order)
    else:
        found = (await newest_of(installation.store).of(name), await count_waiting(installation, name))
    pauses = await installation.store.pauses.of(name, installation.clock())
    return sha256(msgspec.msgpack.encode((found, pauses))).hexdigest()[:16]


PAGES = (page("/subscribers/{subscriber}/events", Needs.SEE, events),)
