"""The emulator of Platen, as `platen_format` describes it, with an office in front of it."""

import hashlib
import itertools
import json
import random
import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from makeready_hooks import Role
from makeready_hooks.testing.emulation import EmulatorSetup, EmulatorType, Switch
from platen_office import PlatenOffice
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = "platen-key-of-northfield"
CARRIERS = {"Dales Parcels": ["Next day", "Two days"], "Bike": []}
ITEMS = {
    "KIT/22-84": ("Opening kit", "50.25"),
    **{f"CARD/{n}-A": (f"Card {n}", f"{n}.10") for n in range(1, 16)},
    "FOIL/M2": ("Window foil", "9.00"),
    "TEE": ("T-shirt", "0.00"),
    "TEE/RED-S": ("T-shirt", "12.00"),
    "TEE/BLUE-M": ("T-shirt", "13.50"),
}
MORE: dict[str, dict[str, Any]] = {
    "FOIL/M2": {"breaks": [{"from": "2.5", "price": "9.00"}], "free": "80.5", "days": 4, "day_kind": "any"},
    "TEE": {"breaks": [], "made_as": ["TEE/RED-S", "TEE/BLUE-M"]},
    "TEE/RED-S": {"choices": {"Colour": "red", "Size": "S"}, "free": "7", "days": 1, "day_kind": "work"},
    "TEE/BLUE-M": {"choices": {"Colour": "blue", "Size": "M"}, "free": "0"},
}


SWITCHES = (
    Switch(name="page-size", default="7", help="Rows of a page at most."),
    Switch(name="stop-every", default="0", help="Each n-th customer that is made is on stop; 0 none."),
    Switch(name="error-before", default="0", help="So many calls of one fail before they have any effect."),
    Switch(name="error-status", default="500", help="With this status."),
    Switch(name="error-after", default="0", help="So many calls of one fail after their effect, with 500."),
)


def refused(status: int, code: str, text: str, **more: str) -> Response:
    return JSONResponse({"error": {"code": code, "text": text}, **more}, status)


class Platen:
    """One account, in memory."""

    def __init__(self, setup: EmulatorSetup) -> None:
        self.switches = {one.name: one.default for one in SWITCHES} | dict(setup.switches)
        self._random = random.Random(setup.seed)  # noqa: S311 - reproducible, not secret
        self.items = dict(ITEMS)
        self.lists: dict[str, list[dict[str, str]]] = {}
        """Price lists by item and customer."""
        self.shelf: dict[str, tuple[str, str]] = {"KIT/22-84": ("120", "0"), "CARD/1-A": ("500", "20")}
        """On hand and held for others, of what is kept in stock."""
        self.customers: list[dict[str, Any]] = []
        self.drafts: dict[str, dict[str, Any]] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.numbers = itertools.count(1)
        self.received: list[str] = []
        self.changes: list[dict[str, str]] = []

    def routes(self) -> list[Route]:
        def at(path: str, method: str, answer: Any) -> Route:
            async def endpoint(request: Request) -> Response:
                if request.headers.get("x-platen-key") != KEY:
                    return refused(401, "key", "This key is not known.")
                if self._happens("error-before"):
                    return Response(status_code=int(self.switches["error-status"]))
                answered: Response = answer(request, await request.body())
                return Response(status_code=500) if self._happens("error-after") else answered

            return Route(f"/v2/{path}", endpoint, methods=[method])

        return [
            at("account", "GET", lambda *_: JSONResponse({"name": "Northfield", "currency": "EUR"})),
            at("items", "GET", self.list_items),
            at("items/named", "GET", self.named_items),
            at("prices", "GET", self.price),
            at("stock", "GET", self.stock),
            at("customers", "GET", self.list_customers),
            at("customers", "POST", self.make_customer),
            at("carriers", "GET", self.list_carriers),
            at("drafts", "POST", self.make_draft),
            at("drafts/{draft:path}/confirm", "POST", self.confirm),
            at("drafts/{draft:path}", "PUT", self.replace_draft),
            at("orders/{order:path}/lines/{ref}/files", "POST", self.add_file),
            at("orders/{order:path}/lines/{ref}/files/{file}", "PUT", self.replace_file),
            at("found", "GET", self.find),
            at("orders", "GET", self.named_orders),
            at("changes", "GET", self.list_changes),
        ]

    def _happens(self, trouble: str) -> bool:
        return self._random.random() < float(self.switches[trouble])

    def _most(self) -> int:
        return int(self.switches["page-size"])

    # Items and customers

    def _page(self, request: Request, name: str, rows: list[dict[str, Any]]) -> Response:
        after = request.query_params.get("after", "")
        if after and not (after.startswith("~") and after[1:].isdecimal()):
            return refused(422, "cursor", "No such place in the list.")
        start = int(after[1:] or 0)
        end = start + min(self._most(), int(request.query_params.get("limit", self._most())))
        return JSONResponse({name: rows[start:end], "next": f"~{end}" if end < len(rows) else None})

    def _item(self, ref: str) -> dict[str, Any]:
        title, price = self.items[ref]
        more = {"breaks": [{"from": "1", "price": price}], "free": None, "days": None, "day_kind": "work"}
        known = {"ref": ref, "title": title, "price": price, "choices": {}, "made_as": []}
        own = {"breaks": self.lists[f"{ref} for "]} if f"{ref} for " in self.lists else {}
        return known | more | MORE.get(ref, {}) | own

    def list_items(self, request: Request, body: bytes) -> Response:
        words = request.query_params.get("q", "").casefold()
        found = [
            one for one in map(self._item, self.items) if words in f"{one['ref']} {one['title']}".casefold()
        ]
        return self._page(request, "items", found)

    def named_items(self, request: Request, body: bytes) -> Response:
        refs = dict.fromkeys(request.query_params.getlist("ref"))
        return JSONResponse({"items": [self._item(one) for one in refs if one in self.items]})

    def price(self, request: Request, body: bytes) -> Response:
        ref, quantity = request.query_params["ref"], int(request.query_params["quantity"])
        own = self.lists.get(f"{ref} for {request.query_params.get('customer', '')}")
        rows = own or (self._item(ref)["breaks"] if ref in self.items else [])
        reached = [Decimal(one["price"]) for one in rows if Decimal(one["from"]) <= quantity]
        if quantity < 1 or not reached or not reached[-1]:
            return refused(422, "item", f"There is no price for {quantity} of {ref}.")
        amount = (reached[-1] * quantity).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return JSONResponse({"amount": str(amount)})

    def stock(self, request: Request, body: bytes) -> Response:
        refs = dict.fromkeys(request.query_params.getlist("ref"))
        rows = [(one, *self.shelf[one]) for one in refs if one in self.shelf]
        return JSONResponse({"stock": [{"ref": ref, "shelf": has, "held": held} for ref, has, held in rows]})

    def list_customers(self, request: Request, body: bytes) -> Response:
        email = request.query_params["email"]
        rows = [
            {"ref": one["ref"], "email": one["email"]}
            for one in self.customers
            if one["email"] == email and not one["gone"]
        ]
        return self._page(request, "customers", rows)

    def make_customer(self, request: Request, body: bytes) -> Response:
        number = len(self.customers) + 1
        every = int(self.switches["stop-every"])
        stopped = bool(every) and (number - 1) % every == 0
        made = {"ref": f"CU/{number}-N", "email": json.loads(body)["email"], "stop": stopped, "gone": False}
        self.customers.append(made)
        return JSONResponse({"ref": made["ref"]}, 201)

    def list_carriers(self, request: Request, body: bytes) -> Response:
        return JSONResponse({"carriers": [{"name": one, "services": of} for one, of in CARRIERS.items()]})

    def customer(self, ref: str) -> dict[str, Any] | None:
        return next((one for one in self.customers if one["ref"] == ref), None)

    # Orders

    def _wrong(self, content: Mapping[str, Any]) -> Response | None:
        if self.customer(content["customer"]) is None:
            return refused(422, "customer", f"There is no customer {content['customer']}.")
        for line in content["lines"]:
            if line["item"] not in self.items or MORE.get(line["item"], {}).get("made_as"):
                return refused(422, "item", f"There is no item {line['item']}.")
        texts = {content["po"]: r"[A-Z0-9 -]{0,12}"} | {line["text"]: r".{0,40}" for line in content["lines"]}
        for text, pattern in texts.items():
            if not re.fullmatch(pattern, text):
                return refused(422, "long", f"{text} is too long, or not of our letters.")
        for one in content["consignments"]:
            if one["carrier"] and one["service"] not in (CARRIERS.get(one["carrier"]) or [None]):
                return refused(422, "carrier", f"Nobody sends by {one['carrier']}, {one['service']}.")
        return None

    def make_draft(self, request: Request, body: bytes) -> Response:
        self.received.append(body.decode())
        content = json.loads(body)
        if wrong := self._wrong(content):
            return wrong
        for draft, one in self.drafts.items():
            if one["content"]["our_ref"] == content["our_ref"] and not one["order"]:
                known = {"draft": draft, "fingerprint": one["fingerprint"]}
                return refused(409, "open", f"{draft} is open under this reference.", **known)
        draft = f"DR/26-{next(self.numbers):04}"
        self.drafts[draft] = self._draft(request, content)
        return JSONResponse({"draft": draft}, 201)

    def _draft(self, request: Request, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"content": content, "fingerprint": request.headers["x-platen-fingerprint"], "order": ""}

    def replace_draft(self, request: Request, body: bytes) -> Response:
        self.received.append(body.decode())
        draft, content = request.path_params["draft"], json.loads(body)
        if draft not in self.drafts:
            return refused(404, "draft", f"There is no draft {draft}.")
        if self.drafts[draft]["order"]:
            return refused(409, "confirmed", f"{draft} is an order already.")
        if wrong := self._wrong(content):
            return wrong
        self.drafts[draft] = self._draft(request, content)
        return JSONResponse({"draft": draft})

    def confirm(self, request: Request, body: bytes) -> Response:
        draft = request.path_params["draft"]
        if draft not in self.drafts:
            return refused(404, "draft", f"There is no draft {draft}.")
        one = self.drafts[draft]
        if one["order"]:
            order = self.orders[one["order"]]
            names = {"order": order["order"], "number": order["number"], "lines": order["lines"]}
            return refused(409, "confirmed", f"{draft} is an order already.", **names)
        customer = self.customer(one["content"]["customer"]) or {}
        if customer["stop"] and not customer["gone"]:
            return refused(422, "stop", f"Customer {customer['ref']} is on stop.")
        number = f"26/{next(self.numbers):04}"
        order = {"order": f"SO/{number.replace('/', '-')}", "number": number, "state": "queued", "reason": ""}
        lines = [self._line(n, line) for n, line in enumerate(one["content"]["lines"], 1)]
        self.orders[order["order"]] = {**one["content"], **order, "lines": lines, "parcels": []}
        one["order"] = order["order"]
        return JSONResponse({"order": order["order"], "number": number, "lines": lines})

    def _line(self, place: int, line: Mapping[str, Any]) -> dict[str, Any]:
        given = [{"file": f"F{next(self.numbers)}", "digest": "", **one} for one in line.get("files", ())]
        return {**line, "ref": f"L{place}", "files": given}

    def add_file(self, request: Request, body: bytes) -> Response:
        line = self._line_at(request)
        if line is None:
            return refused(404, "line", "There is no such line.")
        file = {"file": f"F{next(self.numbers)}", "role": request.query_params["role"], "url": ""}
        line["files"].append({**file, **self._content(request, body)})
        return JSONResponse({"file": file["file"]}, 201)

    def replace_file(self, request: Request, body: bytes) -> Response:
        line = self._line_at(request)
        found = [one for one in (line or {}).get("files", ()) if one["file"] == request.path_params["file"]]
        if not found:
            return refused(404, "file", "There is no such file.")
        if self.orders[request.path_params["order"]]["state"] != "queued":
            return refused(409, "started", "It is on the press.")
        found[0] |= {"url": "", **self._content(request, body), "times": found[0].get("times", 0) + 1}
        return JSONResponse({"file": found[0]["file"]})

    def _line_at(self, request: Request) -> dict[str, Any] | None:
        lines = self.orders.get(request.path_params["order"], {}).get("lines", ())
        return next((one for one in lines if one["ref"] == request.path_params["ref"]), None)

    def _content(self, request: Request, body: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(body).hexdigest()
        return {"name": request.query_params["name"], "digest": digest, "bytes": len(body)}

    def find(self, request: Request, body: bytes) -> Response:
        ours = request.query_params["our_ref"]
        drafts = [
            {"draft": draft, "fingerprint": one["fingerprint"], "our_ref": ours}
            for draft, one in self.drafts.items()
            if one["content"]["our_ref"] == ours and not one["order"]
        ]
        return JSONResponse({"orders": self._shown([ours], "our_ref"), "drafts": drafts})

    def named_orders(self, request: Request, body: bytes) -> Response:
        return JSONResponse({"orders": self._shown(request.query_params.getlist("name"), "order", "number")})

    def list_changes(self, request: Request, body: bytes) -> Response:
        after = request.query_params.get("after", f"ch{len(self.changes)}")
        if not (after.startswith("ch") and after[2:].isdecimal() and int(after[2:]) <= len(self.changes)):
            return refused(422, "cursor", "No such place in the list.")
        start = int(after[2:])
        found = self.changes[start : start + self._most()]
        return JSONResponse({"changes": found, "next": f"ch{start + len(found)}"})

    def _shown(self, names: Iterable[str], *members: str) -> list[dict[str, Any]]:
        wanted = set(names)
        return [one for one in self.orders.values() if wanted & {one[member] for member in members}]


def build(setup: EmulatorSetup) -> Starlette:
    platen = Platen(setup)

    async def office(request: Request) -> Response:
        """What people at its screens see and do; see `platen_office`."""
        asked = json.loads(await request.body() or b"{}")
        if "order" in asked:
            order = next(
                one for one in platen.orders.values() if asked["order"] in (one["order"], one["number"])
            )
            order |= {"state": asked["state"], "reason": asked["reason"]}
            order["parcels"] = [*order["parcels"], *asked["parcels"]]
            platen.changes.append({"id": f"C/{len(platen.changes) + 1}", "order": order["order"]})
        if asked.get("forget"):
            platen.changes.clear()
        if "correct" in asked:  # the customer was the wrong one: another takes its place
            wrong = platen.customer(asked["correct"])
            assert wrong is not None
            right = {**wrong, "ref": f"CU/{len(platen.customers) + 1}-N", "stop": False}
            wrong["gone"] = True
            platen.customers.append(right)
        if "item" in asked:
            ref = asked["item"]
            platen.lists[f"{ref} for {asked['customer']}"] = asked["rows"]
            platen.items.setdefault(ref, ("A new item", asked["rows"][0]["price"]))
        if "shelf" in asked:
            platen.shelf[asked["shelf"]] = (asked["on_hand"], asked["held"])
        platen.switches |= asked.get("switches", {})
        orders, drafts = list(platen.orders.values()), list(platen.drafts.values())
        known = {"key": KEY, "received": platen.received, "customers": platen.customers}
        return JSONResponse({**known, "orders": orders, "drafts": drafts})

    return Starlette(routes=[*platen.routes(), Route("/_office", office, methods=["POST"])])


EMULATOR = EmulatorType(
    name="platen",
    title="Platen",
    role=Role.MIS,
    switches=SWITCHES,
    calls=(),
    build=build,
    driver=PlatenOffice,
)
