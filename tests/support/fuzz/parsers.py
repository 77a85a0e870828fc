"""What reads bytes from outside, each as a function that raises nothing but what it may; with examples to begin from."""

import asyncio
import contextlib
import hashlib
import json
import tomllib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from callers import CHALLENGE, PASSKEY, PLACE, SIGNED
from companies import Companies, toml_of
from makeready.extensions import installed
from makeready.subscribers.changes import propose
from makeready.web.api.problems import ApiError
from makeready.web.api.requests import read_json
from makeready_admin.factors import passkeys
from makeready_admin.factors.model import Factor
from makeready_admin.web.cookies import Cookies
from makeready_admin.web.request import read_form
from makeready_hooks import Secret, outside
from makeready_hooks.errors import CallRejected, ConfigError, MakereadyError
from makeready_hooks.http import HttpAnswer
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.price import NoPrice, PriceQuestion, Quote
from makeready_pressero import webhooks as pressero_webhooks
from makeready_pressero.assumptions import Assumptions as PresseroAssumptions
from makeready_pressero.orders.mapping import orders_from, stages_from
from makeready_pressero.pricing import engine
from makeready_pressero.settings import PresseroSettings
from makeready_pressero_emulator.shop import soap
from makeready_tharstern import replies
from makeready_tharstern import webhooks as tharstern_webhooks
from makeready_tharstern.assumptions import Assumptions as TharsternAssumptions
from msgspec import Struct
from starlette.requests import Request

KEY = "a key of tests"
SETTINGS = PresseroSettings(
    admin_url="https://admin.shop.example",
    user_name="bridge",
    password=Secret("hush-hush"),
    subscriber_id="0a5d2c1e",
    consumer_id="c0ffee",
    pricing_user="u",
    pricing_token=Secret("t"),
)
ANSWER = Quote(total=Decimal("82.50"), weight_kg=Decimal(4))
BODIES = [one.body for one in installed().operations if one.body is not None]


class Parser(Struct, frozen=True, kw_only=True):
    name: str
    read: Callable[[bytes], object]
    """Raises only what is a defect."""
    examples: tuple[bytes, ...]
    close: Callable[[], None] = lambda: None


NAMES = (
    "webhooks-pressero",
    "webhooks-tharstern",
    "prices",
    "orders",
    "replies",
    "settings",
    "forms",
    "cookies",
    "bodies",
    "passkeys",
)


def parsers(companies: Companies) -> tuple[Parser, ...]:
    """In the order of `NAMES`. ``companies``: started, since settings are read beside those that there are."""
    settings = Settings(companies)
    return (
        Parser(name="webhooks-pressero", read=_pressero_webhook, examples=(json.dumps(EVENT).encode(),)),
        Parser(
            name="webhooks-tharstern",
            read=_tharstern_webhook,
            examples=(b'{"Event": "OrderStatusChanged", "OrderNo": 5}',),
        ),
        Parser(name="prices", read=_price_call, examples=_price_examples()),
        Parser(
            name="orders",
            read=_orders,
            examples=(json.dumps([ROW]).encode(), b'[{"StageName": "Press", "Seq": 1}]'),
        ),
        Parser(
            name="replies",
            read=_reply,
            examples=(
                b'{"Status": {"Success": true}, "Details": {"a": 1}}',
                b'{"Message": "x", "ModelState": {}}',
            ),
        ),
        Parser(
            name="settings", read=settings.read, close=settings.close, examples=_settings_examples(companies)
        ),
        Parser(name="forms", read=_form, examples=(b"name=x&csrf=abc&of=northfield&a=%C3%A9+1",)),
        Parser(
            name="cookies",
            read=_cookies,
            examples=(b'makeready=a.b; makeready-form="c\\073d"; x', b"__Host-makeready=a.b"),
        ),
        Parser(
            name="bodies",
            read=_body,
            examples=(b'\x00{"reason": "x"}', b'\x05{"site": "shop.example", "product_ids": ["1"]}'),
        ),
        Parser(name="passkeys", read=_passkey, examples=(PASSKEY.encode(), SIGNED.encode())),
    )


def _call(body: bytes, **headers: str) -> IncomingCall:
    return IncomingCall(method="POST", headers=headers, query={}, body=body)


def _pressero_webhook(data: bytes) -> None:
    digest = hashlib.sha1(KEY.encode() + data).hexdigest()  # noqa: S324 - the vendor's choice
    with contextlib.suppress(CallRejected):
        pressero_webhooks.decode_webhook(_call(data, messagehash=digest), KEY, PresseroAssumptions())


def _tharstern_webhook(data: bytes) -> None:
    with contextlib.suppress(CallRejected):
        tharstern_webhooks.decode_webhook(_call(data), KEY, TharsternAssumptions(event_signature="none"))


def _price_call(data: bytes) -> None:
    """The question, and the answer in its form."""
    try:
        asked = engine.read_call(_call(data), SETTINGS)
    except CallRejected:
        return
    if isinstance(asked, CallAnswer):
        return
    if isinstance(asked, PriceQuestion):
        engine.write_price(asked, ANSWER, SETTINGS)
        engine.write_price(asked, NoPrice(reason="not now"), SETTINGS)
    else:
        engine.write_options(asked, ())
        engine.write_options(asked, NoPrice(reason="not now"))


def _orders(data: bytes) -> None:
    try:
        rows = outside.read_json(data)
    except outside.Unreadable:
        return
    if isinstance(rows, list) and all(isinstance(one, dict) for one in rows):
        orders_from(rows, SETTINGS)
        with contextlib.suppress(ValueError):
            stages_from(rows)


def _reply(data: bytes) -> None:
    replies.read_reply(HttpAnswer(status=200, headers={}, body=data))


def _form(data: bytes) -> None:
    with contextlib.suppress(CallRejected):
        asyncio.run(read_form(_request(data, (b"content-type", b"application/x-www-form-urlencoded"))))


def _cookies(data: bytes) -> None:
    """A header has no line breaks, and no zeros."""
    header = data.translate(None, b"\r\n\x00")
    cookies = Cookies(_request(b"", (b"cookie", header)), KEY, "https://bridge.example")
    cookies.session(), cookies.form_word(), cookies.device(), cookies.second_step()


def _request(body: bytes, *headers: tuple[bytes, bytes]) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "scheme": "http",
        "headers": headers,
    }
    return Request({**scope, "server": ("bridge.example", 80)}, receive)


def _body(data: bytes) -> None:
    """The first byte says of which operation."""
    with contextlib.suppress(ApiError):
        read_json(data[1:], BODIES[data[0] % len(BODIES)] if data else None)


def _passkey(data: bytes) -> None:
    answer = data.decode("utf-8", "replace")
    known = passkeys.check_new(PLACE, PASSKEY, CHALLENGE)
    given = {"credential_id": known.credential_id, "public_key": known.public_key}
    factor = Factor(user="mia", kind="passkey", title="laptop", created_at=0, **given)
    with contextlib.suppress(ConfigError):
        passkeys.check_new(PLACE, answer, CHALLENGE)
    with contextlib.suppress(ConfigError):
        passkeys.check_known(PLACE, [factor], answer, CHALLENGE)


class Settings:
    """A settings file, as the pages take one: read, and compared with what there is. Nothing is saved."""

    def __init__(self, companies: Companies) -> None:
        self._installation = companies.installation
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.close()

    def read(self, data: bytes) -> None:
        try:
            content = tomllib.loads(data.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return
        found = content.get("subscribers")
        given = found.get("northfield") if isinstance(found, dict) else None
        if isinstance(given, dict):
            with contextlib.suppress(MakereadyError):
                self._loop.run_until_complete(propose(self._installation, "northfield", given))


EVENT = {
    "TypeName": "OrderPlaced",
    "Type": 3,
    "MessageID": "m-1",
    "Data": {
        "OrderNumber": 7101,
        "OrderDate": "2026-03-02T09:15:29.7",
        "OrderItemSeq": 1,
        "StockName": "117-2284",
        "NewLevel": 5,
    },
}
ROW = {
    "OrderId": "6a4f",
    "OrderNumber": 7101,
    "OrderItemId": "c02b",
    "OrderItemNumber": 1,
    "OrderItemSeq": 1,
    "OrderDate": "2026-03-02T09:15:29.7",
    "RequestedShipDate": "2026-03-09T00:00:00",
    "Domain": "acme.shop.example",
    "Product": {"ProductName": "Opening kit", "PrintersPartNum": "117-2284"},
    "OrderItemOptionsText": "Paper: Silk",
    "Quantity": 2,
    "Price": 50.0,
    "Shipping": 10.0,
    "ItemTax": "12.00",
    "OrderedByEmail": "ann@acme.example",
    "BillToCountry": "GB",
    "ShipToPostal": "HU1 1AA",
    "ItemApproved": True,
}


def _price_examples() -> tuple[bytes, ...]:
    options = [{"Key": "engine:paper", "Value": "silk"}]
    question = {
        "product": "117-2284",
        "quantity": 10,
        "options": options,
        "customer": {"UserId": 5},
        "user": "u",
    }
    members = {"user": "u", "accessToken": "t", "productID": "117-2284", "quantity": "10"}
    envelopes = [
        soap.request(operation, members, options, version=version)[0]
        for operation, version in (("GetPriceForProduct", "soap"), ("GetOptionsForProduct", "soap12"))
    ]
    return (json.dumps(question).encode(), *envelopes)


def _settings_examples(companies: Companies) -> tuple[bytes, ...]:
    tables = """
[subscribers.northfield.orders]
trigger_stage = "To the MIS"
starts_at = 2026-01-01T00:00:00Z
[subscribers.northfield.alerts]
digest_at = "08:00"
[subscribers.northfield.connectors.shop]
user = "u"
password = "(stored)"
"""
    plain = toml_of(
        "northfield", {"title": "Northmark Print", "external_user_id": 118, "environment": "live"}
    )
    return (plain.encode(), (plain + tables).encode())
