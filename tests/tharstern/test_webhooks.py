"""Events of a Tharstern site: signed or not, and about which order."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from connector_strategies import json_values
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.event import EventKind
from makeready_hooks.model.incoming import IncomingCall
from makeready_tharstern.assumptions import Assumptions
from makeready_tharstern.webhooks import decode_webhook

KEY = "event-secret"
UNSIGNED = Assumptions(event_signature="none")


def call(body: Any, key: str = KEY, header: str = "x-signature") -> IncomingCall:
    content = json.dumps(body).encode()
    digest = hmac.new(key.encode(), content, hashlib.sha256).hexdigest().upper()
    return IncomingCall(method="POST", headers={header: digest}, body=content)


@pytest.mark.parametrize(
    ("body", "reference"),
    [
        ({"UniqueSubmitOrderID": "6994-1", "OrderID": 30001, "OrderNo": "SO-0030001"}, "6994-1"),
        ({"UniqueSubmitOrderID": None, "OrderID": 30001, "OrderNo": "SO-0030001"}, "30001"),
        ({"OrderID": 0, "OrderNo": "SO-0030001"}, "SO-0030001"),
        ({"JobID": 52001, "JobNo": "J0052001"}, ""),
    ],
)
def test_an_event_is_about_the_order_that_it_names(body: dict[str, Any], reference: str) -> None:
    event = decode_webhook(call({"Event": "order.status", **body}), KEY, Assumptions()).event
    assert (event.kind, event.name, event.mis_reference) == (EventKind.PROGRESS, "order.status", reference)


def test_another_site_s_names_are_settings() -> None:
    names = Assumptions(
        event_name="type", event_order_members=("order",), event_signature_header="X-Tharstern-Hash"
    )
    body = {"type": "JobMoved", "order": "SO-1"}
    event = decode_webhook(call(body, header="x-tharstern-hash"), KEY, names).event
    assert (event.name, event.mis_reference) == ("JobMoved", "SO-1")


@pytest.mark.parametrize("key", ["another", ""])
def test_a_signature_with_another_key_is_rejected_and_so_is_any_without_a_key(key: str) -> None:
    with pytest.raises(CallRejected) as caught:
        decode_webhook(call({}, key), "" if key == "" else KEY, Assumptions())
    assert caught.value.status == 401
    assert "webhook_secret" in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_site_that_does_not_sign_is_taken_at_its_address_alone_if_that_is_set() -> None:
    unsigned = IncomingCall(method="POST", headers={}, body=b'{"OrderID": 30001}')
    assert decode_webhook(unsigned, KEY, UNSIGNED).event.mis_reference == "30001"


@given(st.dictionaries(st.sampled_from(["Event", "UniqueSubmitOrderID", "OrderID", "OrderNo"]), json_values))
def test_whatever_an_event_holds_it_is_a_hint_or_rejected(body: dict[str, Any]) -> None:
    event = decode_webhook(call(body), KEY, UNSIGNED).event
    assert event.kind is EventKind.PROGRESS
