import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from connector_strategies import json_values, texts
from hypothesis import example, given
from hypothesis import strategies as st
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.event import Event, EventKind, WebhookEvent
from makeready_hooks.model.incoming import IncomingCall
from makeready_pressero.assumptions import Assumptions
from makeready_pressero.plugin import build
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.webhooks import decode_webhook
from scripted_http import ScriptedHttp

KEY = "a key: kéy"
DATA = {"OrderNumber": 7101, "OrderDate": "2026-03-02T09:15:29.7", "OrderItemSeq": 1}
HOOK = {"Type": 10, "TypeName": "OrderPlaced", "MessageID": "9c1e4f60", "Data": DATA, "SiteId": "5b0f7a90"}
BODY = msgspec.json.encode(HOOK)

ORDERS: dict[str, Callable[[bytes], bytes]] = {
    "key first": lambda body: KEY.encode() + body,
    "body first": lambda body: body + KEY.encode(),
}
FORMS: dict[str, Callable[[bytes], str]] = {
    "hex": lambda digest: digest.hex(),
    "upper hex": lambda digest: digest.hex().upper(),
    "dashed": lambda digest: digest.hex("-").upper(),
    "base64": lambda digest: base64.b64encode(digest).decode(),
}
names = st.sampled_from(["Type", "TypeName", "MessageID", "Data", "Timestamp"])
data_names = st.sampled_from(["OrderNumber", "OrderDate", "OrderItemSeq", "OrderId"])


def sign(body: bytes, order: str = "key first", form: str = "hex") -> str:
    return FORMS[form](hashlib.sha1(ORDERS[order](body)).digest())  # noqa: S324 - the vendor's choice


def receive(body: bytes, signature: str | None = None, key: str = KEY) -> WebhookEvent:
    header = {"messagehash": sign(body) if signature is None else signature}
    return decode_webhook(IncomingCall(method="POST", headers=header, body=body), key, Assumptions())


def event(**changed: Any) -> Event:
    return receive(msgspec.json.encode({**HOOK, **changed})).event


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("form", FORMS)
def test_the_signature_is_taken_in_every_form(order: str, form: str) -> None:
    assert receive(BODY, sign(BODY, order, form)).message_id == "9c1e4f60"


@given(
    st.sampled_from(list(ORDERS)),
    st.sampled_from(list(FORMS)),
    st.integers(0, len(BODY) - 1),
    st.integers(1, 255),
)
def test_any_changed_byte_is_refused(order: str, form: str, place: int, change: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= change
    with pytest.raises(CallRejected) as caught:
        receive(bytes(changed), sign(BODY, order, form))
    assert caught.value.status == 401


@pytest.mark.parametrize(
    "signature", ["", "  ", "0" * 40, "nonsense", sign(BODY)[:-1], sign(BODY) + "0", "é"]
)
def test_a_missing_or_wrong_signature_is_refused_with_what_to_do(signature: str) -> None:
    with pytest.raises(CallRejected, match="security key") as caught:
        receive(BODY, signature)
    assert caught.value.status == 401
    assert KEY not in str(caught.value)


def test_a_call_without_the_header_is_refused() -> None:
    with pytest.raises(CallRejected, match="MessageHash") as caught:
        decode_webhook(IncomingCall(method="POST", headers={}, body=BODY), KEY, Assumptions())
    assert caught.value.status == 401


def test_a_key_that_was_entered_by_hand_wins_over_our_own() -> None:
    login = dict.fromkeys(("user_name", "password", "subscriber_id", "consumer_id"), "x")
    given = {**login, "admin_url": "https://admin.shop.example", "webhook_key": KEY}
    settings = msgspec.convert(given, PresseroSettings, dec_hook=decode_secret)
    context = ConnectorContext(subscriber="a", http=ScriptedHttp([]), signing_key="our own")
    call = IncomingCall(method="POST", headers={"messagehash": sign(BODY)}, body=BODY)
    assert build(settings, context).decode_webhook(call).message_id == "9c1e4f60"


def test_without_a_key_of_ours_nothing_is_genuine() -> None:
    with pytest.raises(CallRejected) as caught:
        receive(BODY, hashlib.sha1(BODY).hexdigest(), key="")  # noqa: S324 - as anybody could
    assert caught.value.status == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'{"a":"\xff"}', b"[" * 100_000])
def test_a_genuine_body_that_is_no_object_is_answered_with_400(body: bytes) -> None:
    with pytest.raises(CallRejected) as caught:
        receive(body)
    assert caught.value.status == 400


@given(st.dictionaries(names | texts, json_values, max_size=5))
def test_any_signed_object_is_received(body: dict[str, Any]) -> None:
    assert isinstance(receive(msgspec.json.encode(body)), WebhookEvent)


@given(data_names, json_values)
@example("OrderItemSeq", "1e99999999")
@example("OrderDate", "9999-12-31T23:59:59-05:00")
def test_odd_data_is_received_as_far_as_it_can_be_understood(name: str, value: Any) -> None:
    found = event(Data={**DATA, name: value})
    assert (found.kind, found.name) == (EventKind.ORDER, "OrderPlaced")
    assert msgspec.json.decode(msgspec.json.encode(found), type=Event) == found


def test_an_event_names_the_order_the_item_and_the_date() -> None:
    assert event() == Event(
        kind=EventKind.ORDER,
        name="OrderPlaced",
        order_number="7101",
        item_number=1,
        order_date=datetime(2026, 3, 2, 9, 15, 29, 700_000, UTC),
    )


@pytest.mark.parametrize(
    ("number", "read"), [(7101, "7101"), ("7101", "7101"), (0, ""), (None, ""), ([], "")]
)
def test_an_order_number_may_be_a_number_or_a_text_and_zero_is_none(number: Any, read: str) -> None:
    assert event(Data={"OrderNumber": number}).order_number == read


def test_what_is_missing_is_survived() -> None:
    assert event(Data={"OrderNumber": 7101, "OrderItemSeq": 1}).order_date is None
    assert event(Data=None).order_number == ""
    assert receive(b"{}") == WebhookEvent(event=Event(kind=EventKind.OTHER, name="(none)"))


@pytest.mark.parametrize("number", [9, 99, "x", None])
def test_a_name_wins_over_a_number(number: Any) -> None:
    assert event(Type=number, TypeName="OrderItemFilesGenerated").kind is EventKind.FILES


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0, "OrderItemStatusChanged"),
        (7, "OrderItemApproved"),
        (9, "OrderItemDenied"),
        (10, "OrderPlaced"),
        (17, "NewSiteUser"),
        (18, "(none)"),
        (-1, "(none)"),
        (True, "(none)"),
        ("x", "(none)"),
    ],
)
def test_a_number_counts_where_there_is_no_name(number: Any, name: str) -> None:
    assert event(Type=number, TypeName=None).name == name
    assert event(Type=number, TypeName="").name == name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("OrderItemApproved", EventKind.ORDER),
        ("OrderItemStatusChanged", EventKind.ORDER),
        ("OrderItemFilesGenerated", EventKind.FILES),
        ("LowInventory", EventKind.STOCK),
        ("PaymentReceived", EventKind.OTHER),
        ("SomethingNew", EventKind.OTHER),
    ],
)
def test_every_event_has_a_kind_also_those_that_nobody_knows(name: str, kind: EventKind) -> None:
    assert event(TypeName=name).kind is kind
