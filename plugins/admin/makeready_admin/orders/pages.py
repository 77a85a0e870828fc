"""Orders: the list, one order with all that happened to it, what waits for a person, and sending many again."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from makeready.orders import before_start
from makeready.orders.before_start import Choice
from makeready.orders.line_filter import LineFilter
from makeready.orders.model import LineRow, OrderAsSent, UnreadableOrder
from makeready.orders.views.history import order_story
from makeready.orders.views.preview import preview_order
from makeready.orders.views.search import STATES, page_of_lines
from makeready.subscribers.shops import shop_ids
from makeready.times import parse_time
from makeready.web.headers import DOCUMENT_HEADERS
from makeready_amend.amend import can_amend
from makeready_hooks.errors import CallRejected, ConfigError
from makeready_hooks.names import as_attachment, in_path
from makeready_inspect.evidence import as_document, as_page, order_evidence
from markupsafe import escape
from msgspec import Struct
from starlette.responses import HTMLResponse, Response

from makeready_admin.orders.facts import facts_of, ids_of
from makeready_admin.orders.first_day import decision_address
from makeready_admin.orders.store import waiting_of
from makeready_admin.orders.timeline import TimelineEntry, timeline
from makeready_admin.orders.waiting import file_dealt_with, line_dealt_with
from makeready_admin.vendor_links import links_of_order
from makeready_admin.web.frame import HEADERS, readable
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit

SHOWN = 50
ROOM = 60_000
"""Characters of bodies on the page of an order, as they leave: no page is over 100 kB."""
FILTERS = ("q", "customer", "product", "state", "from", "to")


async def show_orders(visit: Visit) -> Response:
    given = {name: visit.query(name) for name in FILTERS}
    try:
        lines, unreadable, next_page = await _find(visit, given)
        status, error = 200, None
    except ConfigError as exc:
        lines, unreadable, next_page, status, error = [], [], "", 422, exc
    return await visit.page(
        "orders.html",
        status=status,
        lines=lines,
        unreadable=unreadable,
        given=given,
        next_page=next_page,
        states=STATES,
        before=await before_start.count(visit.installation, Choice(subscriber=visit.subscriber.name)),
        error=error,
    )


async def _find(
    visit: Visit, given: dict[str, str]
) -> tuple[Sequence[LineRow], Sequence[UnreadableOrder], str]:
    """A page of lines, with the first one also orders that cannot be read, and the query of the next page. Raises
    ConfigError for a filter that is wrong.
    """
    wanted = LineFilter(
        state=given["state"],
        start=parse_time(given["from"], field="from"),
        end=parse_time(given["to"], field="to", is_end=True),
        query=given["q"],
        customer=given["customer"],
        product=given["product"],
    )
    lines, cursor = await page_of_lines(
        visit.installation.store.lines,
        visit.subscriber.name,
        wanted,
        limit=SHOWN,
        cursor=visit.query("cursor"),
    )
    kept = {name: value for name, value in given.items() if value}
    following = urlencode({**kept, "cursor": cursor}) if cursor else ""
    if visit.query("cursor"):
        return lines, (), following
    unreadable = await visit.installation.store.unreadable.find(visit.subscriber.name, wanted, limit=SHOWN)
    return lines, unreadable, following


def _title_of_shop(visit: Visit, number: str) -> str:
    """With its connector, which begins the numbers of its orders; "" where there is one shop."""
    shop = shop_ids(visit.installation.kinds, visit.subscriber).named(number)
    kind = visit.installation.kinds.get(shop)
    return f"{kind.title} ({shop})" if kind else shop


async def show_order(visit: Visit) -> Response:
    number = visit.part("number")
    story = await order_story(visit.installation, visit.subscriber.name, number)
    if story is None:
        raise _unknown(number)
    by_key: dict[str, list[LineRow]] = {}
    for line in story.lines:
        by_key.setdefault(line.submission, []).append(line)
    return await visit.page(
        "order.html",
        story=story,
        by_key=by_key,
        shop=_title_of_shop(visit, number),
        several_mis=len({one.mis for one in story.lines} - {""}) > 1,
        taken_by_hand={one.submission.key for one in story.sent if one.submission.by_hand},
        facts={
            key: [*facts_of(sent.order), *ids_of(sent.resolved)]
            for key, sent in (await _as_sent(visit, by_key)).items()
        },
        amendable={
            one.submission.key
            for one in story.sent
            if await can_amend(visit.installation, visit.subscriber, one.submission)
        },
        timeline=_with_texts(timeline(story)),
        documents=[readable(one.document) for one in story.unreadable],
        links={
            key: await links_of_order(visit.installation, visit.subscriber, lines[0])
            for key, lines in by_key.items()
        },
        at=order_address(visit, number),
        decide_at=decision_address(visit, number),
    )


async def _as_sent(visit: Visit, keys: Iterable[str]) -> dict[str, OrderAsSent]:
    """What the shop showed of those that left from here."""
    ledger = visit.installation.store.ledger
    found = {key: await ledger.order_as_sent(visit.subscriber.name, key) for key in keys}
    return {key: sent for key, sent in found.items() if sent}


class Told(Struct, frozen=True, kw_only=True):
    """A moment of the timeline, with what is shown of its bodies."""

    moment: TimelineEntry
    body: str
    answer: str


def _with_texts(moments: Sequence[TimelineEntry]) -> list[Told]:
    """The newest bodies have room first; of what has none left, the evidence file has all."""
    left, told = ROOM, []
    for one in reversed(moments):
        texts = []
        for body in (one.body, one.answer):
            text = readable(body) if body else ""
            if len(escape(text)) > left:
                text = f"{len(body)} bytes: see the evidence file"
            left -= len(escape(text))
            texts.append(text)
        told.append(Told(moment=one, body=texts[0], answer=texts[1]))
    return told[::-1]


def order_address(visit: Visit, number: str) -> str:
    return f"{visit.home}/orders/{in_path(number)}"


def _unknown(number: str) -> CallRejected:
    return CallRejected(
        f"Nothing is known of order {number}.",
        status=404,
        fix="If it is in the shop, it comes in with its webhook, or when the shop is compared with what is known here.",
    )


async def preview(visit: Visit) -> Response:
    number = visit.part("number")
    asked = await visit.ask(
        "preview", number, question=lambda: preview_order(visit.installation, visit.subscriber, number)
    )
    return await visit.page_with_part(
        "preview.html",
        asked.waiting,
        number=number,
        asked=asked,
        at=order_address(visit, number),
        facts_of=facts_of,
    )


async def evidence(visit: Visit) -> Response:
    """As a file to be kept, JSON or a page, by the end of the address."""
    number, suffix = visit.part("number"), visit.part("suffix")
    found = await order_evidence(visit.installation, visit.subscriber.name, number)
    if found is None or suffix not in ("json", "html"):
        raise _unknown(number)
    name = f"order-{number}-evidence.{suffix}"
    attachment = {"Content-Disposition": as_attachment(name)}
    if suffix == "html":
        return HTMLResponse(as_page(found), headers={**DOCUMENT_HEADERS, **attachment})
    return Response(as_document(found), headers={**HEADERS, **attachment}, media_type="application/json")


async def inbox(visit: Visit) -> Response:
    store = visit.installation.store
    return await visit.page(
        "inbox.html",
        counts=await store.attention.counts(visit.subscriber.name),
        found=await waiting_of(store).find(visit.subscriber.name, SHOWN),
    )


async def line_seen(visit: Visit) -> Response:
    number, line = visit.form.text("order"), visit.form.text("line")
    if not line.isdecimal() or len(line) > 9:
        raise ConfigError("No line was named.", field="line")
    await line_dealt_with(visit.installation, visit.subscriber.name, number, int(line))
    return await visit.told(f"{number}-{line} is dealt with.", f"{visit.home}/inbox")


async def file_seen(visit: Visit) -> Response:
    key, line = visit.form.text("key"), visit.form.text("line")
    if not line.isdecimal() or len(line) > 9:
        raise ConfigError("No line was named.", field="line")
    await file_dealt_with(visit.installation, visit.subscriber.name, key, int(line), visit.form.raw("url"))
    return await visit.told(f"The file of {key} is dealt with.", f"{visit.home}/inbox")


PAGES = (
    page("/subscribers/{subscriber}/orders", Needs.SEE, show_orders),
    page("/subscribers/{subscriber}/orders/{number}", Needs.SEE, show_order),
    page("/subscribers/{subscriber}/orders/{number}/preview", Needs.SEE, preview),
    page("/subscribers/{subscriber}/orders/{number}/evidence.{suffix}", Needs.SEE, evidence),
    page("/subscribers/{subscriber}/inbox", Needs.SEE, inbox),
    form("/subscribers/{subscriber}/inbox/line", Needs.CHANGE, line_seen, "orders seen", target="order"),
    form("/subscribers/{subscriber}/inbox/file", Needs.CHANGE, file_seen, "files seen", target="key"),
)
