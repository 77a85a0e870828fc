"""The control API under ``/_emulator``: what people at the printer's do, and what a test wants to know.

Everything that changes something takes a JSON body with that content type, so that no web page can
send it by accident. Errors: ``{"error": "why"}`` with 400, 404 for what is not there, 415.
"""

import base64
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from makeready_tharstern_emulator.background.progress import Progress, move_job, move_order
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.catalogue import generate
from makeready_tharstern_emulator.state.records import Order, OrderLine, PriceBreak, Product
from makeready_tharstern_emulator.state.scenario import parse_scenario
from makeready_tharstern_emulator.wire.replies import encode

T = TypeVar("T")


class Unusable(Exception):
    """A control request that makes no sense: status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class PriceChange(Struct, forbid_unknown_fields=True):
    price: Decimal
    """Of one. Breaks and prices of customers stay as they are."""


class StockChange(Struct, forbid_unknown_fields=True):
    on_hand: Decimal
    allocated: Decimal | None = None
    """What of it is promised to others; None: as it is."""


class PriceList(Struct, forbid_unknown_fields=True):
    """Unit prices by the quantity from which they hold."""

    breaks: dict[int, Decimal]
    customer: str = ""
    """Whose, by code; a customer has one price for every quantity."""


class ScenarioText(Struct, forbid_unknown_fields=True):
    text: str
    kind: str = "toml"
    """``toml`` or ``json``."""


class CatalogueSize(Struct, forbid_unknown_fields=True):
    count: Annotated[int, Meta(ge=1, le=1_000_000)]


class JobProgress(Struct, forbid_unknown_fields=True):
    status: str


class Settling(Struct, forbid_unknown_fields=True):
    timeout_s: float = 30.0


def reply(document: object, status: int = 200) -> Response:
    return Response(encode(document), status, media_type="application/json")


async def explain(request: Request, exc: Exception) -> Response:
    """The answer to an `Unusable` or a ValueError."""
    return reply({"error": str(exc)}, exc.status if isinstance(exc, Unusable) else 400)


async def read(request: Request, kind: type[T]) -> T:
    """The body of a control request."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Unusable(415, "send application/json")
    try:
        return msgspec.json.decode(await request.body() or b"{}", type=kind, strict=False)
    except msgspec.MsgspecError as exc:
        raise Unusable(400, str(exc)) from exc


def _place(name: str, address: dict[str, Any]) -> dict[str, str]:
    members = {"line1": "AddressLine1", "city": "City", "postcode": "Postcode", "country": "Country"}
    return {"name": name} | {ours: address.get(theirs) or "" for ours, theirs in members.items()}


def _line(line: OrderLine) -> dict[str, Any]:
    amounts = {name: getattr(line, name) for name in ("net", "tax")}
    return {
        "product_id": str(line.stock_item_id),
        "quantity": line.quantity,
        "description": line.description,
        "required_on": line.required_date.partition("T")[0],
        "ship_to": _place(line.delivery_name, line.delivery_address),
        "estimate_id": line.estimate_id,
        "ref1": line.ref1,
        "ref2": line.ref2,
    } | {name: None if value is None else str(value) for name, value in amounts.items()}


def describe(site: Site, order: Order) -> dict[str, Any]:
    """An order with its files, in our words."""
    files = [
        {"name": file.name, "url": file.url, "line": file.line}
        | {"fetched": file.fetched, "bytes": file.bytes, "sha256": file.sha256, "error": file.error}
        for file in site.world.files_of(f"order:{order.id}")
    ]
    return {
        "id": order.id,
        "number": order.number,
        "reference": order.unique_id,
        "status": order.status,
        "customer": order.customer_code,
        "required_on": order.required_date.partition("T")[0],
        "shipping": str(order.shipping_net),
        "bill_to": _place(order.customer_name, order.customer_address),
        "delivery_address": order.delivery_address,
        "lines": [_line(line) for line in order.lines],
        "files": files,
    }


class Control:
    """The handlers of the control API."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        return [
            Route("/_emulator/state", self.state),
            Route("/_emulator/reset", self.reset, methods=["POST"]),
            Route("/_emulator/settle", self.settle, methods=["POST"]),
            Route("/_emulator/scenario", self.load_scenario, methods=["POST"]),
            Route("/_emulator/switches", self.switches, methods=["GET"]),
            Route("/_emulator/switches", self.set_switches, methods=["PUT"]),
            Route("/_emulator/tokens/expire", self.expire_tokens, methods=["POST"]),
            Route("/_emulator/journal", self.journal),
            Route("/_emulator/orders-received", self.orders_received),
            Route("/_emulator/orders", self.orders),
            Route("/_emulator/kept", self.kept),
            Route("/_emulator/orders/{order}/progress", self.move_order, methods=["PUT"]),
            Route("/_emulator/jobs/{job}/progress", self.move_job, methods=["PUT"]),
            Route("/_emulator/webhooks", self.webhooks),
            Route("/_emulator/catalogue", self.generate_catalogue, methods=["POST"]),
            Route("/_emulator/products/{product}/price", self.set_price, methods=["PUT"]),
            Route("/_emulator/products/{product}/stock", self.set_stock, methods=["PUT"]),
            Route("/_emulator/products/{product}/price-list", self.set_price_list, methods=["PUT"]),
        ]

    async def state(self, request: Request) -> Response:
        """How much there is of everything, what is under way, and a login for a connector."""
        site = self._site
        login = next(iter(site.world.logins.all()), None)
        return reply(
            {
                "records": site.world.counts(),
                "under_way": len(site.background),
                "switches": site.switches.values(),
                "login": login and {"email": login.email, "password": login.password},
                "application_id": login.application_ids[0]
                if login and login.application_ids
                else "makeready",
                "customer_code": site.customer_code,
            }
        )

    async def reset(self, request: Request) -> Response:
        """Back to the start, switches as well."""
        await read(request, dict[str, Any])
        await self._site.reset()
        return reply({})

    async def settle(self, request: Request) -> Response:
        """Wait until nothing is under way in the background."""
        settled = await self._site.background.settle((await read(request, Settling)).timeout_s)
        return reply({"settled": settled})

    async def load_scenario(self, request: Request) -> Response:
        """``{"text": …, "kind": "toml"}``: start over from another scenario."""
        given = await read(request, ScenarioText)
        await self._site.reset(parse_scenario(given.text, given.kind))
        return reply({"records": self._site.world.counts()})

    async def switches(self, request: Request) -> Response:
        return reply(self._site.switches.values())

    async def set_switches(self, request: Request) -> Response:
        """``{"answer-lost": "0.05"}``: all of them, or none if one makes no sense."""
        given = await read(request, dict[str, str])
        for name, value in given.items():
            self._site.switches.check(name, value)
        for name, value in given.items():
            self._site.switches.set(name, value)
        return reply(self._site.switches.values())

    async def expire_tokens(self, request: Request) -> Response:
        """Retire every token now."""
        await read(request, dict[str, Any])
        self._site.tokens.expire_all()
        return reply({})

    async def journal(self, request: Request) -> Response:
        """``?since=12``: the entries after that number."""
        since = request.query_params.get("since", "0")
        journal = self._site.journal
        entries = journal.entries(int(since) if since.isdecimal() else 0)
        return reply({"entries": entries, "dropped": journal.dropped})

    async def orders_received(self, request: Request) -> Response:
        """Bodies of submissions that reached the site, byte for byte, as base64, oldest first."""
        bodies = [base64.b64encode(row.body).decode() for row in self._site.world.received.all()]
        return reply({"bodies": bodies})

    async def orders(self, request: Request) -> Response:
        return reply({"orders": [describe(self._site, order) for order in self._site.world.orders.all()]})

    async def kept(self, request: Request) -> Response:
        """Every record, by tables; of submissions only what became of them."""
        tables = (table for table in self._site.world.tables if table.kind != "received")
        return reply({table.kind: list(table.all()) for table in tables})

    async def set_price_list(self, request: Request) -> Response:
        """``{"breaks": {"1": …, "25": …}, "customer": …}``"""
        product, given = self._product(request), await read(request, PriceList)
        rows = sorted(given.breaks.items())
        if not rows or rows[0][0] != 1 or (given.customer and len(rows) > 1):
            raise Unusable(400, "give a price from 1 on, and only that for one customer")
        if given.customer:
            product.customer_prices[given.customer.upper()] = rows[0][1]
            return self._saved(product)
        product.price = rows[0][1]
        product.price_breaks = [PriceBreak(quantity=quantity, price=price) for quantity, price in rows[1:]]
        return self._saved(product)

    async def set_price(self, request: Request) -> Response:
        product = self._product(request)
        product.price = (await read(request, PriceChange)).price
        return self._saved(product)

    async def set_stock(self, request: Request) -> Response:
        product = self._product(request)
        given = await read(request, StockChange)
        product.in_stock = given.on_hand
        product.allocated = product.allocated if given.allocated is None else given.allocated
        return self._saved(product)

    async def move_order(self, request: Request) -> Response:
        """``{"status": …, "delivery": {"carrier": …, "tracking": …}}``; the order by id or number."""
        text = request.path_params["order"]
        order = self._site.world.order(text)
        if order is None:
            raise Unusable(404, f"there is no order {text}")
        move_order(self._site, order, await read(request, Progress))
        return reply(describe(self._site, order))

    async def move_job(self, request: Request) -> Response:
        """``{"status": …}``; the job by number."""
        number = request.path_params["job"]
        job = self._site.world.jobs.first(number.lower())
        if job is None:
            raise Unusable(404, f"there is no job {number}")
        move_job(self._site, job, (await read(request, JobProgress)).status)
        return reply({"number": job.number, "status": job.status})

    async def webhooks(self, request: Request) -> Response:
        """Every event with its tries and its fate, oldest first."""
        return reply({"events": self._site.webhooks.events})

    async def generate_catalogue(self, request: Request) -> Response:
        """``{"count": 5000}``: so many products more, the same for the same seed."""
        generate(self._site.world, (await read(request, CatalogueSize)).count, self._site.seed)
        self._site.world.save()
        return reply({"products": len(self._site.world.products)})

    def _product(self, request: Request) -> Product:
        """By id or by code."""
        found = self._site.world.product(request.path_params["product"])
        if found is None:
            raise Unusable(404, f"there is no product {request.path_params['product']}")
        return found

    def _saved(self, product: Product) -> Response:
        self._site.world.products.put(product)
        self._site.world.save()
        return reply({"id": product.id, "price": product.price, "on_hand": product.in_stock})
