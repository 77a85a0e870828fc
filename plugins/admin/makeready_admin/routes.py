"""The pages at ``/admin``, for people: each in the table of its module, all answered in the same way."""

from collections.abc import Callable

from makeready.installation import Installation
from makeready.web.segments import of_any_text
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from makeready_admin.activity import pages as activity_pages
from makeready_admin.activity import pauses
from makeready_admin.alerts import pages as alert_pages
from makeready_admin.amendments import pages as amendment_pages
from makeready_admin.artwork import pages as artwork_pages
from makeready_admin.factors import pages as factors_pages
from makeready_admin.factors import second_step_pages
from makeready_admin.home import charts, pages
from makeready_admin.inbox import pages as inbox_pages
from makeready_admin.invitations import pages as invitation_pages
from makeready_admin.live import pages as live_pages
from makeready_admin.order import correct
from makeready_admin.order import pages as order_pages
from makeready_admin.orders import decisions, first_day, rehearsal, search
from makeready_admin.orders import pages as orders_pages
from makeready_admin.products import imports, links
from makeready_admin.products import pages as products_pages
from makeready_admin.provider import pages as provider_pages
from makeready_admin.server import ledger, server
from makeready_admin.settings import pages as settings_pages
from makeready_admin.start import pages as start_pages
from makeready_admin.users import pages as users_pages
from makeready_admin.users import sign_in_pages
from makeready_admin.web.asking import Asking
from makeready_admin.web.endpoint import Endpoint
from makeready_admin.web.frame import frame_of_pages
from makeready_admin.web.request import ROOT

PAGES = (
    *sign_in_pages.PAGES,
    *second_step_pages.PAGES,
    *provider_pages.PAGES,
    *factors_pages.PAGES,
    *pages.PAGES,
    *charts.PAGES,
    *orders_pages.PAGES,
    *order_pages.PAGES,
    *correct.PAGES,
    *inbox_pages.PAGES,
    *live_pages.PAGES,
    *artwork_pages.PAGES,
    *search.PAGES,
    *decisions.PAGES,
    *amendment_pages.PAGES,
    *first_day.PAGES,
    *rehearsal.PAGES,
    *products_pages.PAGES,
    *imports.PAGES,
    *links.PAGES,
    *settings_pages.PAGES,
    *start_pages.PAGES,
    *activity_pages.PAGES,
    *alert_pages.PAGES,
    *pauses.PAGES,
    *users_pages.PAGES,
    *invitation_pages.PAGES,
    *server.PAGES,
    *ledger.PAGES,
    pages.NOTHING,
)


def page_routes(installation: Installation, asking: Asking, wake: Callable[[], None]) -> list[Route]:
    """``wake`` is called when there may be work."""
    assets, frame = frame_of_pages()
    routes = [
        Route("/", _root, methods=["GET"]),
        Route(f"{ROOT}/static/{{name}}", assets.serve, methods=["GET"]),
    ]
    for one in PAGES:
        endpoint = Endpoint(installation, frame, asking, one, wake)
        routes.append(Route(of_any_text(ROOT + one.path), endpoint.answer, methods=[one.method]))
    return routes


async def _root(request: Request) -> Response:
    return RedirectResponse(ROOT)
