"""A webhook comes in: authenticated, stored, answered. It only says *look at order N*."""

import hashlib

import msgspec
from makeready_hooks.model.event import EventKind, Receipt
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.order import OrderRef

from makeready.flows.kinds import LATE_FILES, LOOK
from makeready.installation import Installation
from makeready.records import Delivery, Subscriber
from makeready.store.work import NewWork

WORK = {
    EventKind.ORDER: (LOOK, 0.0),
    EventKind.CHANGE: (LOOK, 60.0),  # many edits, our own marks among them, are looked at together
    EventKind.FILES: (LATE_FILES, 0.0),
}
"""What each kind of event asks for, and after how many seconds."""


async def receive_webhook(
    installation: Installation, subscriber: Subscriber, connector: str, call: IncomingCall
) -> bool:
    """Keep it. True if it is new and asks for work.

    Raises CallRejected if it is not genuine or cannot be read: then nothing is kept.
    """
    connectors = await installation.connectors(subscriber)
    receipt = connectors.read_webhook(connector, call)
    delivery = Delivery(
        key=receipt.message_id or hashlib.sha256(call.body).hexdigest(),
        body=call.body,
        event=receipt.event.name,
        order_number=receipt.event.order_number,
    )
    now = installation.clock()
    work = _work(subscriber, receipt, now)
    fresh = await installation.store.inbox.receive(subscriber.name, connector, delivery, now=now, work=work)
    return fresh and work is not None


def _work(subscriber: Subscriber, receipt: Receipt, now: float) -> NewWork | None:
    event = receipt.event
    if event.kind not in WORK or not event.order_number:
        return None
    kind, after_s = WORK[event.kind]
    ref = OrderRef(number=event.order_number, placed_at=event.order_date)
    hint = msgspec.json.encode(ref).decode() if event.order_date else ""
    return NewWork(
        subscriber=subscriber.name, kind=kind, key=event.order_number, due_at=now + after_s, hint=hint
    )
