"""Pause and go on, from the top of every page: what waits is kept."""

from makeready.engine import pauses
from makeready.engine.model import Flow
from makeready_hooks.errors import ConfigError
from starlette.responses import Response

from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Visit
from makeready_admin.web.texts import marked

AT = "/pause"
WORDS = {
    Flow.ORDERS: "Orders and their artwork, to the MIS",
    Flow.WRITE_BACK: "MIS numbers, stages and parcels, into the shop",
    Flow.PRODUCTS: "Imports of products, into the shop",
    Flow.STOCK: "Stock levels, into the shop",
    Flow.PRICES: "Prices for buyers: while they are paused, buyers are told that there is none just now",
}
"""What flows, as people say it, in the order of a form."""
ENDS_S = {
    "": marked("when somebody lets it go on"),
    "3600": marked("in an hour"),
    "14400": marked("in four hours"),
    "86400": marked("in a day"),
    "604800": marked("in a week"),
}
MOST_CHARACTERS = 500


def _company(visit: Visit) -> str:
    """ "" for all."""
    return visit.given_subscriber.name if visit.given_subscriber else ""


def _home(visit: Visit) -> str:
    return visit.home if visit.given_subscriber else ROOT


async def ask(visit: Visit) -> Response:
    return await visit.page(
        "pause.html", words=WORDS, ends=ENDS_S, ticked=pauses.ALL_BUT_PRICES, at=_home(visit) + AT
    )


async def begin(visit: Visit) -> Response:
    given, reason, ends = visit.form.all("flow"), visit.form.text("reason"), visit.form.text("ends")
    if not given or not set(given) <= set(Flow):
        raise ConfigError("Nothing is chosen.", field="flow", fix="Tick what is to wait.")
    if ends not in ENDS_S:
        raise ConfigError("It cannot end then.", field="ends", fix="Choose one of the list.")
    if len(reason) > MOST_CHARACTERS:
        raise ConfigError("The reason is too long.", field="reason", fix="Say it in a sentence.")
    until = visit.installation.clock() + float(ends) if ends else 0.0
    flows = tuple(map(Flow, given))
    actor = visit.user.name
    await pauses.pause(visit.installation, _company(visit), flows, reason=reason, actor=actor, until=until)
    return await visit.told(
        "It is paused. What comes in is kept, and goes when the pause is over.", _home(visit)
    )


async def end(visit: Visit) -> Response:
    given = visit.form.all("flow")
    if not set(given) <= set(Flow):
        raise ConfigError("There is no such pause.", field="flow", fix="Look at the page again.")
    await pauses.resume(visit.installation, _company(visit), tuple(map(Flow, given)) or tuple(Flow))
    return await visit.told("It goes on: what waited is on its way.", _home(visit))


OF_ONE = f"/subscribers/{{subscriber}}{AT}"
PAGES = (
    page(OF_ONE, Needs.CHANGE, ask),
    form(OF_ONE, Needs.CHANGE, begin, "pause begin", target="flow"),
    form(f"{OF_ONE}/end", Needs.CHANGE, end, "pause end", target="flow"),
    page(AT, Needs.OPERATOR, ask),
    form(AT, Needs.OPERATOR, begin, "pause begin", target="flow"),
    form(f"{AT}/end", Needs.OPERATOR, end, "pause end", target="flow"),
)
