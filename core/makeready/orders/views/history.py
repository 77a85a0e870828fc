"""Everything that is known of one order: what came, what was decided and why, what was sent."""

from makeready_hooks.model.submission import ResolvedId
from msgspec import Struct, structs

from makeready.contexts import At, HistoryStore
from makeready.orders.artwork.model import FileRow, FileState
from makeready.orders.fulfilment.model import LineProgress, PartShipped, ShipmentRow
from makeready.orders.fulfilment.rules import part_shipped
from makeready.orders.line_filter import LineFilter
from makeready.orders.model import Attempt, HistoryRow, LineRow, LineState, Submission, UnreadableOrder
from makeready.orders.settings import ShippingChoice
from makeready.webhooks.model import Delivery

NOT_TAKEN = (LineState.REFUSED, LineState.READY, LineState.IGNORED, LineState.CANCELLED)
KEPT = "It is kept, and goes with the order if that is sent again."


class SentOrder(Struct, frozen=True, kw_only=True):
    """One order of the MIS, with every time that it left."""

    submission: Submission
    attempts: tuple[Attempt, ...]
    files: tuple[FileRow, ...] = ()
    progress: tuple[LineProgress, ...] = ()
    """Of its lines, as far as the MIS was asked about it."""
    shipments: tuple[ShipmentRow, ...] = ()
    part_shipped: tuple[PartShipped, ...] = ()
    differences: tuple[str, ...] = ()
    """What the buyer saw, the shop's lines and what the MIS got did not agree on when it left."""
    shipping: tuple[ShippingChoice, ...] = ()
    resolved: tuple[ResolvedId, ...] = ()
    """Under which ids of the MIS's own it left."""


class OrderStory(Struct, frozen=True, kw_only=True):
    order: str
    lines: tuple[LineRow, ...]
    unreadable: tuple[UnreadableOrder, ...]
    """What the shop tells of it now, if that cannot be read."""
    sent: tuple[SentOrder, ...]
    webhooks: tuple[Delivery, ...]
    history: tuple[HistoryRow, ...]
    errors: tuple[str, ...]
    """What went wrong last time with work that will be tried again."""


async def order_story(context: At[HistoryStore], subscriber: str, number: str) -> OrderStory | None:
    """The story of one order, or None if nothing is known of it."""
    store = context.store
    lines = await store.ledger.of_order(subscriber, number)
    webhooks = await store.inbox.of_order(subscriber, number)
    unreadable = await store.unreadable.find(subscriber, LineFilter(query=number))
    if not lines and not webhooks and not unreadable:
        return None
    given = {line.submission for line in lines if line.submission}
    keys = sorted(given | {*await store.ledger.keys_of_order(subscriber, number)})
    sent = [await _sent(context, subscriber, key) for key in keys]
    errors = [error for key in (number, *keys) for error in await store.work.errors(subscriber, key)]
    return OrderStory(
        order=number,
        lines=tuple(lines),
        unreadable=tuple(unreadable),
        sent=tuple(one for one in sent if one is not None),
        webhooks=tuple(webhooks),
        history=tuple(await store.ledger.history(subscriber, number)),
        errors=tuple(errors),
    )


async def _sent(context: At[HistoryStore], subscriber: str, key: str) -> SentOrder | None:
    submission = await context.store.ledger.submission(subscriber, key)
    attempts = await context.store.ledger.attempts(subscriber, key)
    if submission is None or not (attempts or submission.mis_id):
        return None
    files = [_as_it_is(one, submission) for one in await context.store.files.of(subscriber, key)]
    shown = await context.store.ledger.order_as_sent(subscriber, key)
    watched = await context.store.progress.of_key(subscriber, key)
    lines = watched.lines if watched else ()
    parcels = tuple(await context.store.progress.shipments(subscriber, key))
    return SentOrder(
        submission=submission,
        attempts=tuple(attempts),
        files=tuple(files),
        progress=tuple(line for line in lines if line.status),
        shipments=parcels,
        part_shipped=part_shipped(shown.order.lines, parcels) if shown else (),
        differences=shown.differences if shown else (),
        shipping=shown.shipping if shown else (),
        resolved=shown.resolved if shown else (),
    )


def _as_it_is(file: FileRow, submission: Submission) -> FileRow:
    """A file's address is kept when its order leaves. Whether it was sent is known when the MIS has taken that."""
    if file.state != FileState.SENT or submission.mis_id or submission.state not in NOT_TAKEN:
        return file
    return structs.replace(file, state=FileState.NOT_SENT, error=KEPT)
