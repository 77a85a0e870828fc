"""One order: what is wrong and what to do, what was ordered, how far it is, all that happened, and what was sent."""

from collections.abc import Iterable, Sequence

from makeready.orders.model import LineRow, LineState, OrderAsSent
from makeready.orders.views.history import OrderStory, SentOrder, order_story
from makeready.orders.views.preview import preview_order, read_one
from makeready.subscribers.shops import shop_ids
from makeready.web.headers import DOCUMENT_HEADERS
from makeready_amend.amend import can_amend
from makeready_hooks import Role
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.order import Order
from makeready_hooks.names import as_attachment, in_path
from makeready_inspect.evidence import as_document, as_page, order_evidence
from markupsafe import escape
from msgspec import Struct
from starlette.responses import HTMLResponse, Response

from makeready_admin.inbox.store import waiting_of
from makeready_admin.live.pages import watch_address
from makeready_admin.order.facts import details_of, facts_of, ids_of
from makeready_admin.order.problems import Problem, problem_of, together
from makeready_admin.order.progress import Step, steps_of
from makeready_admin.order.sent import SentValue, sent_values
from makeready_admin.order.timeline import TimelineEntry, timeline
from makeready_admin.orders.first_day import decision_address
from makeready_admin.vendor_links import VendorLink, links_of_order
from makeready_admin.web.frame import HEADERS, readable
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _

ROOM = 60_000
"""Characters of bodies on the page of an order, as they leave: no page is over 100 kB."""
HISTORY = ("people", "all", "technical")


class Part(Struct, frozen=True, kw_only=True):
    """What became of the lines that went, or are to go, as one order of an MIS."""

    key: str
    """Empty for lines that were not given to one yet."""
    lines: Sequence[LineRow]
    mis: str
    """What people call the MIS."""
    problem: Problem | None
    steps: Sequence[Step]
    sent: SentOrder | None
    """Once it left, or was accepted."""
    shown: OrderAsSent | None
    """As the shop showed the order when it left."""
    values: Sequence[SentValue]
    """What the last attempt sent."""
    ids: Sequence[tuple[str, str]]
    links: Sequence[VendorLink]
    can_amend: bool
    by_hand: bool

    @property
    def first(self) -> LineRow:
        return self.lines[0]


async def show_order(visit: Visit) -> Response:
    number = visit.part("number")
    story = await order_story(visit.installation, visit.subscriber.name, number)
    if story is None:
        raise _unknown(number)
    parts = await _parts(visit, story)
    shown = next((one.shown.order for one in reversed(parts) if one.shown), None)
    asked = None
    if shown is None and story.lines:
        asked = await visit.ask("order", number, question=lambda: _read(visit, number))
        shown = asked.value
    moments = timeline(story)
    history = _chosen_history(visit.query("history"), moments)
    return await visit.page_with_part(
        "order.html",
        bool(asked and asked.waiting),
        asked=asked or (),
        story=story,
        parts=parts,
        shop=_title_of_shop(visit, number),
        several_mis=len({one.mis for one in story.lines} - {""}) > 1,
        details=details_of(shown) if shown else (),
        watch=await watch_address(visit, story),
        problems=together([one.problem for one in parts if one.problem]),
        differences=_differences(parts),
        history=history,
        timeline=_with_texts([one for one in moments if _is_wanted(one, history)]),
        documents=[readable(one.document) for one in story.unreadable],
        who_can=() if visit.user.may_change else await visit.who_can_change(),
        at=order_address(visit, number),
        decide_at=decision_address(visit, number),
    )


def _title_of_shop(visit: Visit, number: str) -> str:
    """With its connector, which begins the numbers of its orders; "" where there is one shop."""
    shop = shop_ids(visit.installation.kinds, visit.subscriber).named(number)
    kind = visit.installation.kinds.get(shop)
    return f"{kind.title} ({shop})" if kind else shop


async def _parts(visit: Visit, story: OrderStory) -> list[Part]:
    by_key: dict[str, list[LineRow]] = {}
    for line in story.lines:
        by_key.setdefault(line.submission, []).append(line)
    rejected = await waiting_of(visit.installation.store).reasons(visit.subscriber.name)
    sent = {one.submission.key: one for one in story.sent}
    return [await _part(visit, key, lines, sent.get(key), rejected) for key, lines in by_key.items()]


async def _part(
    visit: Visit, key: str, lines: Sequence[LineRow], sent: SentOrder | None, rejected: Iterable[str]
) -> Part:
    installation, subscriber = visit.installation, visit.subscriber
    mis = mis_title(visit, lines[0].mis)
    shown = await installation.store.ledger.order_as_sent(subscriber.name, key) if sent else None
    has_left = bool(sent and sent.attempts)
    return Part(
        key=key,
        lines=lines,
        mis=mis,
        problem=problem_of(key, lines, mis, has_left=has_left, reasons=rejected),
        steps=steps_of(lines, sent, visit.subscriber),
        sent=sent,
        shown=shown,
        values=sent_values(shown, sent.attempts[-1].payload) if shown and sent and sent.attempts else (),
        ids=ids_of(sent.resolved) if sent else (),
        links=await links_of_order(installation, subscriber, lines[0]),
        can_amend=bool(sent and await can_amend(installation, subscriber, sent.submission)),
        by_hand=bool(sent and sent.submission.by_hand and lines[0].state == LineState.ACCEPTED),
    )


def mis_title(visit: Visit, name: str) -> str:
    """What people call it: this one, the only one, or *the MIS*."""
    kinds = visit.installation.kinds
    names = [one for one in visit.subscriber.connectors if one in kinds and kinds[one].role is Role.MIS]
    found = name if name in kinds else names[0] if len(names) == 1 else ""
    return kinds[found].title if found else _("the MIS")


async def _read(visit: Visit, number: str) -> Order:
    """As the shop shows it now."""
    connectors = await visit.installation.connectors(visit.subscriber)
    order = await read_one(connectors, number)
    lines = tuple(line.number for line in order.lines)
    return await connectors.read_order_details(order, lines, files_may_follow=False)


def _differences(parts: Sequence[Part]) -> list[tuple[str, str]]:
    """Each once, and which parts it is about; empty if it is about all."""
    keys: dict[str, list[str]] = {}
    for part in parts:
        for text in part.sent.differences if part.sent else ():
            keys.setdefault(text, []).append(part.key)
    return [(text, "" if len(found) == len(parts) else ", ".join(found)) for text, found in keys.items()]


def _chosen_history(wanted: str, moments: Sequence[TimelineEntry]) -> str:
    """Decisions and results unless somebody wants more, or there are none yet."""
    if wanted in HISTORY:
        return wanted
    return "people" if any(_is_wanted(one, "people") for one in moments) else "all"


def _is_wanted(moment: TimelineEntry, history: str) -> bool:
    if history == "people":
        return moment.kind in ("person", "sent")
    return history == "all" or moment.kind in ("received", "sent")


class Told(Struct, frozen=True, kw_only=True):
    """A moment of the timeline, with what is shown of its bodies."""

    moment: TimelineEntry
    body: str
    answer: str


def _with_texts(moments: Sequence[TimelineEntry]) -> list[Told]:
    """The newest bodies have room first; of what has none left, the evidence file has all."""
    left, told = ROOM, []
    for one in moments:
        texts = []
        for body in (one.body, one.answer):
            text = readable(body) if body else ""
            if len(escape(text)) > left:
                text = _("%(count)s bytes: download the record to see them") % {"count": len(body)}
            left -= len(escape(text))
            texts.append(text)
        told.append(Told(moment=one, body=texts[0], answer=texts[1]))
    return told


def order_address(visit: Visit, number: str) -> str:
    return f"{visit.home}/orders/{in_path(number)}"


def _unknown(number: str) -> CallRejected:
    return CallRejected(
        _("Nothing is known of order %(number)s.") % {"number": number},
        status=404,
        fix=_(
            "If it is in the shop, it comes in with its webhook, or when the shop is compared with what is known here."
        ),
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


PAGES = (
    page("/subscribers/{subscriber}/orders/{number}", Needs.SEE, show_order),
    page("/subscribers/{subscriber}/orders/{number}/preview", Needs.SEE, preview),
    page("/subscribers/{subscriber}/orders/{number}/evidence.{suffix}", Needs.SEE, evidence),
)
