"""Everything that is known of one order: what came, what was decided and why, what was sent."""

from msgspec import Struct

from makeready.installation import Installation
from makeready.records import Delivery, HistoryRow, LineRow, Submission

MAX_LINES = 1000


class OrderStory(Struct, frozen=True, kw_only=True):
    order: str
    lines: tuple[LineRow, ...]
    submissions: tuple[Submission, ...]
    """Those that were sent, or are about to be."""
    webhooks: tuple[Delivery, ...]
    history: tuple[HistoryRow, ...]
    errors: tuple[str, ...]
    """What went wrong last time with work that will be tried again."""


async def order_story(installation: Installation, subscriber: str, number: str) -> OrderStory | None:
    """The story of one order, or None if nothing is known of it."""
    store = installation.store
    lines = await store.ledger.lines(subscriber, order_number=number, limit=MAX_LINES)
    webhooks = await store.inbox.of_order(subscriber, number)
    if not lines and not webhooks:
        return None
    keys = sorted({line.submission for line in lines if line.submission})
    submissions = [await store.ledger.submission(subscriber, key) for key in keys]
    errors = [error for key in (number, *keys) for error in await store.work.errors(subscriber, key)]
    return OrderStory(
        order=number,
        lines=tuple(sorted(lines, key=lambda line: line.line)),
        submissions=tuple(one for one in submissions if one and one.payload),
        webhooks=tuple(webhooks),
        history=tuple(await store.ledger.history(subscriber, number)),
        errors=tuple(errors),
    )
