"""Webhooks: is it genuine, and what is it about? Pure functions."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from makeready_hooks import same_secret
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.event import Event, EventKind, WebhookEvent
from makeready_hooks.model.incoming import IncomingCall

from makeready_pressero import wire
from makeready_pressero.assumptions import Assumptions
from makeready_pressero.pricing.questions import json_object

MANY = 10_000
"""What is below needs no look at whether it is a number."""
SIGNATURE_HEADER = "messagehash"
KINDS = {
    "OrderPlaced": EventKind.ORDER,
    "OrderItemApproved": EventKind.ORDER,
    "OrderItemDenied": EventKind.ORDER,
    "OrderItemStatusChanged": EventKind.ORDER,
    "OrderUpdated": EventKind.CHANGE,
    "OrderItemUpdated": EventKind.CHANGE,  # our own mark causes one
    "OrderItemFilesGenerated": EventKind.FILES,  # see `Assumptions.file_events`
    "LowInventory": EventKind.STOCK,
}
"""The events that we ask for, by the vendor's names (seen), and what each is to us."""


def decode_webhook(call: IncomingCall, key: str, names: Assumptions) -> WebhookEvent:
    """Check the signature, then read the envelope. Members that are missing are survived.

    Raises CallRejected: 401 for the signature, 400 for the body.
    """
    check_signature(call, key)
    body = json_object(call.body)
    return WebhookEvent(event=_event(body, names), message_id=wire.text(body.get("MessageID")))


def check_signature(call: IncomingCall, key: str) -> None:
    """``MessageHash`` is the SHA-1 of the security key and the body put together (seen).

    Which comes first, and how it is written, is not: all forms are taken. Raises CallRejected.
    """
    given = call.headers.get(SIGNATURE_HEADER, "").strip()
    if not key:
        raise CallRejected(
            "This connector has no security key, so no webhook can be genuine.",
            status=401,
            fix="Enter webhook_key in the connector's settings, and the same key in the webhook's.",
        )
    if not given:
        raise CallRejected(
            "The webhook has no MessageHash header.",
            status=401,
            fix="Enter the security key in the webhook's settings.",
        )
    plain = given.replace("-", "").lower()  # hex in any case, also with dashes as .NET writes it
    for form in _forms(call.body, key):
        if same_secret(plain, form) or same_secret(given, form):
            return
    raise CallRejected(
        "The webhook's MessageHash does not fit its body.",
        status=401,
        fix="Enter the same security key in the webhook's settings as here.",
    )


def _forms(body: bytes, key: str) -> Iterator[str]:
    secret = key.encode()
    for text in (secret + body, body + secret):
        digest = hashlib.sha1(text).digest()  # noqa: S324 - the vendor's choice
        yield digest.hex()
        yield base64.b64encode(digest).decode()


def _event(body: dict[str, Any], names: Assumptions) -> Event:
    inner = body.get("Data")
    data: dict[str, Any] = inner if isinstance(inner, dict) else {}
    name = wire.text(body.get("TypeName")) or _name_of_number(body.get("Type"), names)
    order_number = wire.text(data.get("OrderNumber"))
    try:
        order_date = wire.moment(data.get("OrderDate"))
        given = data.get("OrderItemSeq")
        item_number = given if type(given) is int and given < MANY else wire.number(given)
    except ValueError:  # hints only: the order itself is read from the shop
        order_date, item_number = None, 0
    return Event(
        kind=EventKind.FILES if name in names.file_events else KINDS.get(name, EventKind.OTHER),
        name=name or "(none)",
        order_number="" if order_number == "0" else order_number,
        item_number=item_number,
        order_date=order_date,
        stock_name=wire.text(data.get(names.event_stock_name)),
        stock_level=_level(data.get(names.event_stock_level)),
    )


def _level(value: Any) -> int | None:
    try:
        return None if value is None else wire.number(value)
    except ValueError:
        return None


def _name_of_number(number: Any, names: Assumptions) -> str:
    known = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(names.event_names)
    return names.event_names[number] if known else ""
