"""Pages for people: what the site has, and the few things that people do at its screens.

Templates escape everything. Nothing is loaded from elsewhere, and forms of other sites are refused.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from makeready_tharstern_emulator.api.endpoints import ENDPOINTS
from makeready_tharstern_emulator.background.artwork import is_loopback
from makeready_tharstern_emulator.background.progress import STATUSES, Parcel, Progress, move_order
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.records import Estimate, Order, Product
from makeready_tharstern_emulator.switches import SWITCHES

_ON_PAGE = 50
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "x-content-type-options": "nosniff",
}


class Pages:
    """The handlers of the pages."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._templates = Environment(
            loader=PackageLoader("makeready_tharstern_emulator"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.tests["loopback"] = is_loopback

    def routes(self) -> list[Route]:
        return [
            Route("/", self.home),
            Route("/products", self.products),
            Route("/products/{product}", self.change_product, methods=["POST"]),
            Route("/estimates", self.estimates),
            Route("/orders", self.orders),
            Route("/orders/{order}", self.order, methods=["GET"]),
            Route("/orders/{order}", self.change_order, methods=["POST"]),
            Route("/jobs", self.jobs),
            Route("/journal", self.journal),
        ]

    async def home(self, request: Request) -> Response:
        site = self._site
        values = site.switches.values()
        switches = [(switch, values[switch.name]) for switch in SWITCHES]
        return self._show("home.html", counts=site.world.counts(), endpoints=ENDPOINTS, switches=switches)

    async def products(self, request: Request) -> Response:
        """``?q=`` searches code and description."""
        wanted = request.query_params.get("q", "").strip().lower()
        rows = [row for row in self._site.world.products.all() if _matches(row, wanted)]
        return self._list("products.html", request, rows, q=wanted)

    async def estimates(self, request: Request) -> Response:
        rows: list[Estimate] = [*reversed([*self._site.world.estimates.all()])]
        return self._list("estimates.html", request, rows, types=self._site.world.product_types.rows)

    async def orders(self, request: Request) -> Response:
        rows: list[Order] = [*reversed([*self._site.world.orders.all()])]
        return self._list("orders.html", request, rows, files_of=self._files_of)

    async def order(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return self._show("missing.html", 404, what=f"order {request.path_params['order']}")
        world = self._site.world
        return self._show(
            "order.html",
            order=order,
            files=self._files_of(order),
            products=world.products.rows,
            jobs=[job for job in world.jobs.all() if job.order_id == order.id],
            deliveries=world.deliveries_of(order),
            statuses=STATUSES,
        )

    async def jobs(self, request: Request) -> Response:
        return self._list("jobs.html", request, [*reversed([*self._site.world.jobs.all()])])

    async def journal(self, request: Request) -> Response:
        return self._list("journal.html", request, self._site.journal.entries()[::-1])

    async def change_product(self, request: Request) -> Response:
        """A new price, a new stock level, or both, from the form on the product page."""
        product = self._site.world.product(request.path_params["product"])
        form = await _form(request)
        if product is None or form is None:
            return self._refuse(product is None)
        price, on_hand = _amount(form.get("price", "")), _amount(form.get("in_stock", ""))
        product.price = product.price if price is None else price
        product.in_stock = product.in_stock if on_hand is None else on_hand
        self._site.world.products.put(product)
        self._site.world.save()
        return RedirectResponse(f"/products?q={product.code}", 303)

    async def change_order(self, request: Request) -> Response:
        """A new status, with a parcel if a tracking number is given."""
        order, form = self._order(request), await _form(request)
        if order is None or form is None or not form.get("status"):
            return self._refuse(order is None)
        tracking = form.get("tracking", "")
        parcel = Parcel(carrier=form.get("carrier", ""), tracking=tracking) if tracking else None
        move_order(self._site, order, Progress(status=form["status"], delivery=parcel))
        return RedirectResponse(f"/orders/{order.id}", 303)

    def _order(self, request: Request) -> Order | None:
        return self._site.world.order(request.path_params["order"])

    def _files_of(self, order: Order) -> Iterable[Any]:
        return self._site.world.files_of(f"order:{order.id}")

    def _refuse(self, missing: bool) -> Response:
        return self._show("missing.html", 404 if missing else 400, what="what this form wants to change")

    def _list(self, template: str, request: Request, rows: Sequence[Any], **context: Any) -> Response:
        """One page of the rows, ``?page=`` from 1."""
        text = request.query_params.get("page", "1")
        number = int(text) if text.isdecimal() and len(text) <= 6 else 1
        start = max(number - 1, 0) * _ON_PAGE
        shown = rows[start : start + _ON_PAGE]
        pages = -(-len(rows) // _ON_PAGE)
        about: dict[str, Any] = {"total": len(rows), "page": number, "pages": pages, "q": ""}
        return self._show(template, rows=shown, **about | context)

    def _show(self, template: str, status: int = 200, **context: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**context), status, _HEADERS)


def _matches(product: Product, wanted: str) -> bool:
    return wanted in product.code.lower() or wanted in product.description.lower()


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form of ours; None for one that another site sent."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return None
    fields = parse_qs((await request.body()).decode(errors="replace"))
    return {name: values[0].strip() for name, values in fields.items()}


def _amount(text: str) -> Decimal | None:
    """A number that is not negative; None for anything else."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
