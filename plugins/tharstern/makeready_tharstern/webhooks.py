"""Events that a Tharstern site pushes, if it can. Pure functions.

That there are such events is seen; their names, members and signature are not. An event is therefore
only a hint to ask about an order, and everything that is read of it stands in the assumptions.
"""

import hashlib
import hmac
from typing import Any

from makeready_hooks import same_secret
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.event import Event, EventKind, WebhookEvent
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.outside import Unreadable, read_json

from makeready_tharstern.assumptions import Assumptions


def decode_webhook(call: IncomingCall, key: str, names: Assumptions) -> WebhookEvent:
    """Check the signature, then see which order the event is about; it may name none.

    Raises CallRejected: 401 for the signature, 400 for the body.
    """
    if names.event_signature == "hmac-sha256":
        check_signature(call, key, names.event_signature_header)
    body = _body(call.body)
    reference = next((str(body[name]) for name in names.event_order_members if _names_one(body, name)), "")
    event = Event(
        kind=EventKind.PROGRESS, name=str(body.get(names.event_name) or "(none)"), mis_reference=reference
    )
    return WebhookEvent(event=event)


def check_signature(call: IncomingCall, key: str, header: str) -> None:
    """HMAC-SHA256 of the body in hex, whatever its case (assumed). Raises CallRejected."""
    given = call.headers.get(header.lower(), "").strip().lower()
    expected = hmac.new(key.encode(), call.body, hashlib.sha256).hexdigest()
    if not key or not given or not same_secret(given, expected):
        raise CallRejected(
            f"The event has no {header} that fits its body.",
            status=401,
            fix="Enter the same secret in Tharstern's subscription and as webhook_secret in the settings.",
        )


def _body(content: bytes) -> dict[str, Any]:
    try:
        body = read_json(content)
    except Unreadable:
        body = None
    if not isinstance(body, dict):
        raise CallRejected("The event's body is no JSON object.", status=400)
    return body


def _names_one(body: dict[str, Any], name: str) -> bool:
    value = body.get(name)
    return isinstance(value, str | int) and not isinstance(value, bool) and value not in ("", 0)
