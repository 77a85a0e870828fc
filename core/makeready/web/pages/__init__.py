"""The pages at ``/admin``, for people: each in the table of its module, all answered in the same way."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from makeready.installation import Installation
from makeready.web.pages import (
    activity,
    charts,
    decisions,
    home,
    imports,
    links,
    orders,
    people,
    products,
    server,
    settings,
    signing_in,
)
from makeready.web.pages.asking import Asking
from makeready.web.pages.endpoint import Endpoint
from makeready.web.pages.frame import Assets, Frame
from makeready.web.pages.visit import ROOT

PAGES = (
    *signing_in.PAGES,
    *home.PAGES,
    *charts.PAGES,
    *orders.PAGES,
    *decisions.PAGES,
    *products.PAGES,
    *imports.PAGES,
    *links.PAGES,
    *settings.PAGES,
    *activity.PAGES,
    *people.PAGES,
    *server.PAGES,
    home.NOTHING,
)


def page_routes(installation: Installation, asking: Asking, wake: Callable[[], None]) -> list[Route]:
    """``wake`` is called when there may be work."""
    assets = Assets()
    frame = Frame(assets)
    routes = [
        Route("/", _root, methods=["GET"]),
        Route(f"{ROOT}/static/{{name}}", assets.serve, methods=["GET"]),
    ]
    for one in PAGES:
        endpoint = Endpoint(installation, frame, asking, one, wake)
        routes.append(Route(ROOT + one.path, endpoint.answer, methods=[one.method]))
    return routes


async def _root(request: Request) -> Response:
    return RedirectResponse(ROOT)
