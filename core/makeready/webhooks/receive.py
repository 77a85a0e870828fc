"""A webhook comes in: authenticated, stored, answered. It only says *look at order N*.

An event of an MIS names an order in the MIS's words; one that is none of ours asks for nothing.
"""

import hashlib

import msgspec
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.event import Event, EventKind, WebhookEvent
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.order import OrderRef

from makeready.contexts import WebhookContext
from makeready.engine.model import NewWork
from makeready.orders.after_yes import follows
from makeready.orders.artwork.model import LATE_FILES
from makeready.orders.fulfilment.model import PROGRESS
from makeready.orders.model import FETCH_ORDER
from makeready.products.part_numbers import product_of_part_number
from makeready.stock.model import STOCK
from makeready.subscribers.model import Subscriber
from makeready.webhooks.model import Delivery, RefusedDelivery

GATHER_S = 60.0
"""Events that can wait are looked at together: those of about this time in one look."""

WORK = {
    EventKind.ORDER: (FETCH_ORDER, 0.0),
    EventKind.CHANGE: (FETCH_ORDER, GATHER_S),  # many edits, our own marks among them, are looked at together
    EventKind.FILES: (LATE_FILES, 0.0),
}
"""What each kind of event asks for, and after how many seconds at the least."""

KEPT_REFUSED = 200
"""Of each subscriber: anybody who knows the address can send them."""
KEPT_BODY_BYTES = 4000


async def receive_webhook(
    context: WebhookContext,
    subscriber: Subscriber,
    connector: str,
    call: IncomingCall,
    *,
    keep_refused: bool = True,
) -> bool:
    """Keep it. True if it is new and asks for work.

    Raises CallRejected if it is not genuine or cannot be read: then nothing is done about it. The last
    ones are kept for a person to look at, unless they come in a flood.
    """
    connectors = await context.connectors(subscriber)
    try:
        webhook = connectors.decode_webhook(connector, call)
    except CallRejected as exc:
        if keep_refused:
            await _refused(context, subscriber, connector, call, str(exc))
        raise
    return await take_event(context, subscriber, connector, webhook, call.body)


async def take_event(
    context: WebhookContext, subscriber: Subscriber, connector: str, webhook: WebhookEvent, body: bytes
) -> bool:
    """Keep what a vendor told, ``body`` as it came, and ask for its work. True if it is new and asks for any."""
    now = context.clock()
    if webhook.event.kind is EventKind.PROGRESS:
        is_followed = follows(subscriber, await context.connectors(subscriber))
        order_number, work = await _progress(
            context, subscriber, connector, webhook.event, now, is_followed=is_followed
        )
    else:
        order_number, work = webhook.event.order_number, _work(subscriber, webhook, now)
    delivery = Delivery(
        key=webhook.message_id or hashlib.sha256(body).hexdigest(),
        body=body,
        event=webhook.event.name,
        order_number=order_number,
    )
    fresh = await context.store.inbox.receive(
        subscriber.name,
        connector,
        delivery,
        now=now,
        work=work,
        announces=webhook.event.kind in WORK and bool(webhook.event.order_number),
    )
    return fresh and work is not None


async def _refused(
    context: WebhookContext, subscriber: Subscriber, connector: str, call: IncomingCall, reason: str
) -> None:
    refused = RefusedDelivery(
        connector=connector, received_at=context.clock(), reason=reason, body=call.body[:KEPT_BODY_BYTES]
    )
    await context.store.inbox.refuse(subscriber.name, refused, kept=KEPT_REFUSED)


async def _progress(
    context: WebhookContext,
    subscriber: Subscriber,
    connector: str,
    event: Event,
    now: float,
    *,
    is_followed: bool,
) -> tuple[str, NewWork | None]:
    """The shop's number of the order that an MIS's event is about, if it is ours, and the look to take."""
    key, order_number, due_at = "", "", now + GATHER_S
    if event.mis_reference:
        submission = await context.store.ledger.find(subscriber.name, event.mis_reference, connector)
        if submission is None:
            return "", None
        key, order_number, due_at = submission.key, submission.order_number, now
    if not is_followed:
        return order_number, None
    return order_number, NewWork(subscriber=subscriber.name, kind=PROGRESS, key=key, due_at=due_at)


def _work(subscriber: Subscriber, webhook: WebhookEvent, now: float) -> NewWork | None:
    event = webhook.event
    if event.kind is EventKind.STOCK:
        return _stock_work(subscriber, event, now)
    if event.kind not in WORK or not event.order_number:
        return None
    kind, gather_s = WORK[event.kind]
    ref = OrderRef(number=event.order_number, placed_at=event.order_date)
    hint = msgspec.json.encode(ref).decode() if event.order_date else ""
    return NewWork(
        subscriber=subscriber.name,
        kind=kind,
        key=event.order_number,
        due_at=_gathered_at(now, gather_s) if gather_s else now,
        hint=hint,
    )


def _gathered_at(now: float, gather_s: float) -> float:
    """At least so many seconds from now, and for all that comes at about the same time the same moment."""
    return (now // gather_s + 2) * gather_s


def _stock_work(subscriber: Subscriber, event: Event, now: float) -> NewWork | None:
    """A stock item is named like the part number of its product."""
    product_id = product_of_part_number(subscriber, event.stock_name)
    if not product_id:
        return None
    hint = "" if event.stock_level is None else str(event.stock_level)
    return NewWork(subscriber=subscriber.name, kind=STOCK, key=product_id, due_at=now, hint=hint)
