"""The first page of operators: all companies, the worst first; and the way from one company to another."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from makeready.subscribers.model import Subscriber
from starlette.responses import Response

from makeready_admin.companies.look import Company, companies_now
from makeready_admin.companies.trouble import Severity
from makeready_admin.products.pages import page_number
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import ROOT, Visit, redirect
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

SHOWN = 100
"""Companies on a page."""
SHOWN_NAMES = 12
"""While somebody types."""
SUBJECTS = frozenset({"inbox", "orders", "products", "linked", "settings", "activity"})
"""Pages that every company has: whoever goes to another company stays at the same one."""
Choice = Callable[[Company], bool]
CHOICES: Mapping[str, tuple[str, Choice]] = {
    "": (marked("All"), lambda one: True),
    "trouble": (marked("In trouble"), lambda one: one.trouble.severity <= Severity.TOLD),
    "new": (marked("New or ended since yesterday"), lambda one: bool(one.since.new or one.since.ended)),
    "changed": (marked("Settings changed"), lambda one: bool(one.since.changed_by)),
}


async def companies(visit: Visit) -> Response:
    if visit.user.role != "operator":
        return redirect(f"{ROOT}/subscribers/{visit.user.subscriber}")
    everyone = await visit.installation.store.subscribers.all()
    text, show, number = visit.query("q"), visit.query("show"), page_number(visit)
    named = matching(everyone, text)
    if visit.query("go") and len(named) == 1:
        return redirect(f"{ROOT}/subscribers/{named[0].name}{_same_subject(visit)}")
    found = await companies_now(visit.installation, named)
    _title, is_wanted = CHOICES.get(show) or CHOICES[""]
    wanted = [one for one in found if is_wanted(one)]
    place = slice(number * SHOWN, (number + 1) * SHOWN)
    return await visit.page(
        "companies.html",
        shown=wanted[place],
        total=len(wanted),
        all_there_are=len(everyone),
        choices=[(name, _(title), sum(map(fits, found))) for name, (title, fits) in CHOICES.items()],
        text=text,
        show=show,
        fine=Severity.FINE,
        before=urlencode({"q": text, "show": show, "page": number - 1}) if number else "",
        more=urlencode({"q": text, "show": show, "page": number + 1}) if len(wanted) > place.stop else "",
    )


async def names(visit: Visit) -> Response:
    """Companies whose names fit what somebody types, for the list under the field."""
    everyone = await visit.installation.store.subscribers.all()
    found = matching(everyone, visit.query("q"))
    return await visit.page(
        "company-names.html",
        found=found[:SHOWN_NAMES],
        more=len(found) > SHOWN_NAMES,
        at=_same_subject(visit),
    )


def matching(companies: Sequence[Subscriber], text: str) -> list[Subscriber]:
    """Each word stands in the title, the short name or the number; one that is called just so alone."""
    words = text.casefold().split()
    called = [one for one in companies if text and text.casefold() in (one.title.casefold(), one.name)]
    if len(called) == 1:
        return called
    return [one for one in companies if all(word in _names(one) for word in words)]


def _names(one: Subscriber) -> str:
    return f"{one.title.casefold()} {one.name} {one.external_user_id}"


def _same_subject(visit: Visit) -> str:
    """``/orders``; "" for the first page."""
    subject = visit.query("at")
    return f"/{subject}" if subject in SUBJECTS else ""


PAGES = (
    page("", Needs.USER, companies),
    page("/company-names", Needs.OPERATOR, names),
)
