"""Pages to look at: subscribers, order lines, the story of one order. They change nothing.

They are open to whoever knows the password in ``MAKEREADY_ADMIN_PASSWORD``, and closed without one.
"""

import base64
import binascii
import hmac
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from makeready.flows.history import order_story
from makeready.installation import Installation
from makeready.times import when

PASSWORD_VARIABLE = "MAKEREADY_ADMIN_PASSWORD"  # noqa: S105 - a name, not a password
SHOWN_LINES = 200
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def admin_routes(installation: Installation, password: str) -> list[Route]:
    pages = _Pages(installation, password)
    return [
        Route("/", pages.root, methods=["GET"]),
        Route("/admin", pages.subscribers, methods=["GET"]),
        Route("/admin/{subscriber}", pages.lines, methods=["GET"]),
        Route("/admin/{subscriber}/orders/{number}", pages.order, methods=["GET"]),
    ]


class _Pages:
    def __init__(self, installation: Installation, password: str) -> None:
        self._installation = installation
        self._password = password
        self._templates = Jinja2Templates(Path(__file__).parent / "templates")
        self._templates.env.filters.update(when=when, readable=_readable)

    async def root(self, request: Request) -> Response:
        return RedirectResponse("/admin")

    async def subscribers(self, request: Request) -> Response:
        self._admit(request)
        found = await self._installation.store.subscribers.all()
        counts = {one.name: await self._installation.store.ledger.counts(one.name) for one in found}
        return self._page(request, "subscribers.html", subscribers=found, counts=counts)

    async def lines(self, request: Request) -> Response:
        self._admit(request)
        name = await self._known(request)
        state = request.query_params.get("state", "")
        lines = await self._installation.store.ledger.lines(name, state=state, limit=SHOWN_LINES)
        counts = await self._installation.store.ledger.counts(name)
        return self._page(request, "lines.html", name=name, lines=lines, counts=counts, state=state)

    async def order(self, request: Request) -> Response:
        self._admit(request)
        name, number = await self._known(request), request.path_params["number"]
        story = await order_story(self._installation, name, number)
        if story is None:
            raise HTTPException(404)
        return self._page(request, "order.html", name=name, story=story)

    async def _known(self, request: Request) -> str:
        found = await self._installation.store.subscribers.get(request.path_params["subscriber"])
        if found is None:
            raise HTTPException(404)
        return found.name

    def _page(self, request: Request, template: str, **values: object) -> Response:
        return self._templates.TemplateResponse(request, template, values, headers=HEADERS)

    def _admit(self, request: Request) -> None:
        if not self._password:
            raise HTTPException(
                403, f"These pages are closed. Set {PASSWORD_VARIABLE} for the server to open them."
            )
        given = _basic_password(request.headers.get("authorization", ""))
        if not hmac.compare_digest(given.encode(), self._password.encode()):
            challenge = {"WWW-Authenticate": 'Basic realm="makeready", charset="UTF-8"'}
            raise HTTPException(401, "Sign in as admin.", headers=challenge)


def _basic_password(header: str) -> str:
    """The password of an ``Authorization: Basic`` header; "" for anything else. The user's name is free."""
    scheme, _, token = header.partition(" ")
    try:
        text = base64.b64decode(token, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text.partition(":")[2]


def _readable(payload: bytes) -> str:
    return msgspec.json.format(payload, indent=2).decode()
