"""One box for whatever a person has of an order: its number in any spelling, a PO number, a name, a product."""

import re
from collections.abc import Sequence

from makeready.orders.model import LineRow, UnreadableOrder
from makeready_hooks.names import in_path
from starlette.responses import Response

from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import ROOT, Visit, redirect

SHOWN = 50
LEADING = re.compile(r"^(?:(?:order|item|no|number|nr|po|mis)\b[.:]?|#)\s*", re.IGNORECASE)
"""What people write before a number."""


def numbers_of(text: str) -> tuple[str, ...]:
    """How a number may be meant: ``#6998``, ``order no. 6998``, ``so-0030001``. As it was typed comes first."""
    bare, before = text.strip(), ""
    while bare != before:
        bare, before = LEADING.sub("", bare), bare
    spellings = (text.strip(), bare, bare.upper(), bare.lower())
    return tuple(dict.fromkeys(filter(None, spellings)))


async def search(visit: Visit) -> Response:
    """In one company, or, for operators, in all of them. What has one number alone is opened at once."""
    text, store = visit.query("q"), visit.installation.store
    if visit.given_subscriber is None and visit.user.role != "operator":
        return redirect(f"{ROOT}/subscribers/{visit.user.subscriber}/search?{visit.request.url.query}")
    companies = [visit.subscriber] if visit.given_subscriber else await store.subscribers.all()
    names, numbers = [one.name for one in companies], numbers_of(text)
    lines = await store.lines.search(names, numbers, text, limit=SHOWN) if text else []
    unreadable = await store.unreadable.named(names, numbers)
    orders = {(one.subscriber, one.order_number) for one in lines}
    orders |= {(one.subscriber, one.order_number) for one in unreadable}
    if len(orders) == 1 and _is_named(lines, unreadable, numbers):
        [(company, number)] = orders
        return redirect(f"{ROOT}/subscribers/{company}/orders/{in_path(number)}")
    titles = {one.name: one.title for one in companies}
    return await visit.page(
        "search.html", searched=text, lines=lines, unreadable=unreadable, titles=titles, most=SHOWN
    )


def _is_named(
    lines: Sequence[LineRow], unreadable: Sequence[UnreadableOrder], numbers: Sequence[str]
) -> bool:
    """By a number, not by words."""
    known = {name for one in lines for name in (one.order_number, one.submission, one.mis_number, one.mis_id)}
    return not known.isdisjoint(numbers) or bool(unreadable)


PAGES = (
    page("/search", Needs.USER, search),
    page("/subscribers/{subscriber}/search", Needs.SEE, search),
)
