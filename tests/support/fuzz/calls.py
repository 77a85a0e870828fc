"""Requests to every place of the application, plausible ones and odd ones, by everybody: all from one seed."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from asgi import Request
from browser import PASSWORD
from callers import PASSKEY, PLACE, SIGNED, Caller
from companies import JOINED, JOINED_PART, JOINED_SITE, MARKS, SECRET, Companies, toml_of
from invented import SITE
from makeready.subscribers.changes import export
from makeready.web.api.app import described
from makeready_pressero_emulator.shop import soap
from odd_values import Fitting, changed, json_text, odd_bytes, odd_text, spoilt
from places import Place
from pools import MARK, Pools

METHODS = (
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "M-SEARCH",
)
HEADERS = (
    "referer", "origin", "host", "cookie", "content-type", "content-length", "idempotency-key", "x-forwarded-for",
    "x-forwarded-host", "x-forwarded-proto", "forwarded", "accept", "accept-encoding", "accept-language", "range",
    "if-none-match", "if-modified-since", "transfer-encoding", "expect", "authorization", "x-http-method-override",
    "sec-fetch-site", "user-agent", "connection", "upgrade", "soapaction", "messagehash", "x-key", "x-id", "te",
)  # fmt: skip
ODD_HEADERS = (
    "", " ", "http://[", "http://a:99999/", "null", "//", "bridge.example:99999", "[::1", "a" * 5000, "é", "\x80\xff",
    "*/*;q=x", "bytes=0-", "bytes=-1,5-2", "gzip;q=nan", "-1", "99999999999999999999", "0", "Basic ===", "Basic /w==",
    "Bearer",
    "Bearer  ", "bearer mkr_", "Digest x", "makeready=; makeready=", 'makeready="\\', "text/html, application/csv",
    "text/csv",
    "application/json; charset=utf-7", "multipart/form-data", "multipart/form-data; boundary=", "W/", '"', "chunked",
    "100-continue", "text/event-stream", "application/xml", "http://bridge.example/admin/%ff?%", "for=\"[::1]:1\"",
    "Mon, 99 Foo 0000",
)  # fmt: skip
CONTENT_TYPES = (
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml", "text/plain",
    "application/soap+xml", "APPLICATION/JSON", "application/x-www-form-urlencoded; charset=utf-16", "image/png",
)  # fmt: skip
CLIENTS = ("127.0.0.1", "10.0.0.1", "10.0.0.2", "203.0.113.7", "::1", "")
EVENTS = (
    "OrderPlaced",
    "OrderItemApproved",
    "OrderUpdated",
    "OrderItemFilesGenerated",
    "LowInventory",
    "Unheard",
)


class Generator:
    def __init__(
        self, companies: Companies, places: Sequence[Place], callers: Sequence[Caller], pools: Pools
    ) -> None:
        self._companies = companies
        self._places = places
        self._callers = callers
        self._by_name = {one.name: one for one in callers}
        self._pools = pools
        self._fitting = Fitting(described()["components"]["schemas"])
        self._tomls = {
            name: toml_of(name, export(companies.installation, one)) for name, one in companies.first.items()
        }

    def make(self, random: Random) -> tuple[Place, Caller, Request]:
        place = random.choice(self._places)
        caller = self._caller(random, place)
        company = self._company(random, caller)
        form = caller.forms.get(place.template) if place.is_form and random.random() < 0.7 else None
        path = form.action if form and random.random() < 0.95 else self._path(random, place, caller, company)
        path, _, query = path.partition("?")
        request = Request(
            method=place.method if random.random() < 0.97 else random.choice(METHODS),
            path=path,
            query=query.encode() or self._query(random, place),
            headers=[(b"host", PLACE.host.encode()), *caller.headers()],
            client=random.choice(CLIENTS),
        )
        self._fill(random, place, caller, company, request)
        self._add_headers(random, request)
        if request.body and random.random() < 0.1:
            request.pieces = random.choice((2, 3, 7))
        request.leaves = random.random() < 0.01
        return place, caller, unmarked(request)

    def _caller(self, random: Random, place: Place) -> Caller:
        """Mostly somebody who may do something there."""
        roll = random.random()
        if roll < 0.6 and place.template.startswith("/admin/sign-in/"):
            return self._by_name["half-signed-in"]
        if roll < 0.4 and (place.is_api or place.template.startswith("/admin")):
            return self._by_name["ops" if place.is_api else "olga"]
        if roll < 0.85 and place.template.startswith("/admin"):
            return random.choice([one for one in self._callers if one.is_person])
        if roll < 0.85 and place.is_api:
            return random.choice([one for one in self._callers if one.rights is not None])
        return random.choice(self._callers)

    def _company(self, random: Random, caller: Caller) -> str:
        if caller.company and random.random() < 0.8:
            return caller.company
        return random.choice(list(MARKS))

    # Addresses

    def _path(self, random: Random, place: Place, caller: Caller, company: str) -> str:
        path = place.template
        for part in place.parts:
            path = path.replace(f"{{{part}}}", self._part(random, place, part, company), 1)
        if random.random() < 0.002:
            return "*"
        if random.random() < 0.02:
            path = random.choice(
                (path + "/", path + "//", path.upper(), "/" + path, path + "/..", path + "%00", path + ";x")
            )
        return path

    def _part(self, random: Random, place: Place, part: str, company: str) -> str:
        if random.random() < 0.06:
            return quote(odd_text(random), safe="/%" if random.random() < 0.2 else "")[:4000]
        if part == "subscriber":
            return company
        if part == "segment":
            return self._companies.first[company].url_token
        if part == "connector":
            store = "hooks" not in place.template or random.random() < 0.6
            return {True: ("pressero", "tharstern"), False: ("shop", "mis")}[company == JOINED][not store]
        there_is = self._pools.value(random, f"{part} of {place.template}") or self._pools.value(random, part)
        return quote(there_is or odd_text(random), safe="")

    def _query(self, random: Random, place: Place) -> bytes:
        if random.random() < 0.03:
            return (
                quote(odd_bytes(random)[:300], safe="&=;+%").encode()
                if random.random() < 0.7
                else b"%ff=%zz&&=&"
            )
        pairs = [
            (name, str(self._fitting.make(random, schema, lambda one: self._pools.value(random, one), name)))
            for name, schema, needed in place.query
            if random.random() < (0.97 if needed else 0.06 if name == "cursor" else 0.25)
        ]
        if place.template.startswith("/admin") and self._pools.queries and random.random() < 0.5:
            for name in random.sample(sorted(self._pools.queries), min(2, len(self._pools.queries))):
                pairs.append((name, random.choice(self._pools.queries[name] or [""])))
        if place.template.startswith("/integrations") and random.random() < 0.8:
            pairs += [
                ("site", random.choice((SITE, JOINED_SITE))),
                ("product", random.choice(("opening-kit-m2284:25", "x:1"))),
            ]
        if random.random() < 0.1:
            pairs.append(
                (
                    random.choice(("part", "page", "wait", "from", "to", "q", "limit", "cursor", "wsdl")),
                    odd_text(random),
                )
            )
        if pairs and random.random() < 0.1:
            at = random.randrange(len(pairs))
            pairs[at] = (pairs[at][0], odd_text(random))
        return urlencode(pairs, errors="replace")[:9000].encode()

    # Bodies

    def _fill(self, random: Random, place: Place, caller: Caller, company: str, request: Request) -> None:
        if place.method != "POST" and random.random() < 0.97:
            return
        kind = "application/json"
        if random.random() < 0.04:
            request.body = odd_bytes(random)
        elif place.template.startswith("/hooks/"):
            self._webhook(random, company, request)
        elif place.template.startswith("/price/"):
            kind = self._price_call(random, company, request)
        elif place.is_form:
            request.body, kind = self._form(random, place, caller, company), CONTENT_TYPES[1]
        elif place.body is not None:
            request.body = self._document(random, place.body)
        if random.random() < 0.03:
            request.body = spoilt(random, request.body)
        if random.random() < 0.03:
            kind = random.choice(CONTENT_TYPES)
        request.headers.append((b"content-type", kind.encode()))
        if place.is_api and random.random() < 0.5:
            request.headers.append((b"idempotency-key", _key(random)))

    def _document(self, random: Random, schema: Any) -> bytes:
        value = self._fitting.make(random, schema, lambda name: self._pools.value(random, name))
        while random.random() < 0.2:
            value = changed(random, value)
        return json_text(random, value)

    def _form(self, random: Random, place: Place, caller: Caller, company: str) -> bytes:
        known = caller.forms.get(place.template)
        fields = (
            [(name, caller.csrf if name == "csrf" else value) for name, value in known.fields]
            if known
            else [(name, self._pools.value(random, name) or "") for name in ("name", "of", "reason")]
        )
        choices = known.choices if known else ()
        fields = [(name, PASSWORD if name == "password" else value) for name, value in fields]
        for _ in range(random.choice((0, 0, 1, 1, 2, 4))):
            at = random.randrange(len(fields) + 1)
            name = fields[at][0] if at < len(fields) else odd_text(random)
            if name != "csrf" or random.random() < 0.1:
                fields[at : at + 1] = [(name, self._field(random, name, choices, company))]
        if random.random() < 0.1 and fields:
            fields.append(random.choice(fields))
        if random.random() < 0.05 and fields:
            fields.pop(random.randrange(len(fields)))
        if caller.csrf and not any(name == "csrf" for name, _ in fields) and random.random() < 0.9:
            fields.append(("csrf", caller.csrf))
        return urlencode(fields, errors="replace").encode()

    def _field(self, random: Random, name: str, choices: Sequence[str], company: str) -> str:
        if name == "answer":
            return self._passkey(random)
        if name == "password" and random.random() < 0.6:
            return PASSWORD
        if name == "code" and random.random() < 0.5:
            return f"{random.randrange(10**6):06}"
        if name == "file":
            text = self._tomls[company].encode()
            return (spoilt(random, text) if random.random() < 0.7 else text).decode("utf-8", "replace")
        if choices and random.random() < 0.4:
            return random.choice(choices)
        there_is = self._pools.value(random, name)
        return there_is if there_is is not None and random.random() < 0.4 else odd_text(random)

    def _passkey(self, random: Random) -> str:
        """A browser's answer with something wrong in one of its parts."""
        value = json.loads(random.choice((PASSKEY, SIGNED)))
        if random.random() < 0.5:
            name = random.choice(list(value["response"]))
            part = base64.urlsafe_b64decode(value["response"][name] + "==")
            value["response"][name] = base64.urlsafe_b64encode(spoilt(random, part)).decode().rstrip("=")
        else:
            value = changed(random, value)
        return json_text(random, value).decode("latin-1")

    # Calls of vendors

    def _webhook(self, random: Random, company: str, request: Request) -> None:
        number = random.choice(self._companies.numbers[-12:])
        if company != JOINED:
            request.body = random.choice(
                (number, f"changed {number}", f"{number}\n{random.random()}", odd_text(random))
            ).encode()
            request.headers.append((b"x-key", random.choice((b"right", b"right", b"wrong"))))
            return
        data = {
            "OrderNumber": random.choice((int(number), number)),
            "OrderDate": random.choice(("2026-03-02T09:15:00", "2026-03-02", None)),
            "OrderItemSeq": 1,
            "StockName": JOINED_PART,
            "NewLevel": 5,
        }
        value: Any = {
            "TypeName": random.choice(EVENTS),
            "MessageID": str(random.random()),
            "Type": 3,
            "Data": data,
        }
        if "tharstern" in request.path:
            value = {"Event": "OrderStatusChanged", "OrderNo": number, "OrderID": 5}
        if random.random() < 0.3:
            value = changed(random, value)
        request.body = json_text(random, value)
        key = (SECRET + JOINED).encode()
        digest = hashlib.sha1(key + request.body).digest()  # noqa: S324 - the vendor's choice
        form = random.choice(
            (digest.hex(), base64.b64encode(digest).decode(), digest.hex().upper(), odd_text(random)[:50])
        )
        signed = hmac.new(key, request.body, hashlib.sha256).hexdigest()
        request.headers += [
            (b"messagehash", form.encode("latin-1", "replace")),
            (b"x-signature", signed.encode()),
        ]

    def _price_call(self, random: Random, company: str, request: Request) -> str:
        quantity = random.choice((1, 10, 25, "7", 10**9, 0, -1, 1.5))
        number = self._companies.first[company].external_user_id
        part = f"{number}-2284-{JOINED_SITE if company == JOINED else SITE}"
        if company != JOINED:
            request.body = random.choice((part, f"{number}-4107-{SITE}", odd_text(random))).encode()
            request.query = urlencode(
                {"quantity": quantity, random.choice(("what", "paper")): random.choice(("options", "x"))}
            ).encode()
            return "text/plain"
        options = [{"Key": "engine:paper", "Value": random.choice(("x", 5, None))}]
        if random.random() < 0.4:
            members = {"user": "u", "accessToken": "t", "productID": part, "quantity": str(quantity)}
            operation = random.choice(("GetPriceForProduct", "GetOptionsForProduct", "Other"))
            version = random.choice(("soap", "soap12"))
            request.body, headers = soap.request(operation, members, options, version=version)
            if random.random() < 0.3:
                request.body = spoilt(random, request.body)
            return headers["Content-Type"]
        customer = random.choice((None, "a@b.example", {"UserId": "1", "Groups": [{"GroupName": "Staff"}]}))
        value = {
            "product": part,
            "quantity": quantity,
            "options": options,
            "customer": customer,
            "operation": "price",
        }
        request.body = json_text(random, changed(random, value) if random.random() < 0.4 else value)
        return "application/json"

    # Heads

    def _add_headers(self, random: Random, request: Request) -> None:
        if random.random() < 0.85:
            request.headers.append((b"content-length", str(len(request.body)).encode()))
        while random.random() < 0.2:
            name = random.choice(HEADERS)
            value = random.choice(ODD_HEADERS) if random.random() < 0.8 else odd_text(random)[:300]
            clean = "".join(letter for letter in value if letter >= " " and letter != "\x7f")
            if name in ("cookie", "host", "content-type", "authorization") and random.random() < 0.7:
                request.headers = [one for one in request.headers if one[0] != name.encode()]
            request.headers.append((name.encode(), clean.encode("latin-1", "replace")))


def _key(random: Random) -> bytes:
    kept = random.choice(("1", "2", odd_text(random)[:40]))
    return (kept if random.random() < 0.1 else str(random.random())).encode()


def unmarked(request: Request) -> Request:
    """No request brings a company's mark to another one."""
    company = next((name for name in MARKS if f"/{name}/" in f"{request.path}/"), "")
    others = "|".join(mark for name, mark in MARKS.items() if name != company)
    request.body = re.sub(others.encode(), b"Nomark", request.body, flags=re.IGNORECASE)
    request.path = MARK.sub("Nomark", request.path)
    request.query = MARK.sub("Nomark", request.query.decode("latin-1")).encode("latin-1")
    return request
