"""Management: the MIS's products are looked for, ticked, given their choices, and planned as an import."""

from decimal import Decimal
from functools import partial
from urllib.parse import urlencode

import msgspec
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError, MakereadyError
from makeready_hooks.model.product import MisProduct, ProductSearch, SiteChoices
from makeready_imports import choices
from makeready_imports.catalogue import Listing, list_products
from makeready_imports.choices import PUBLIC_NUMBER_FIELDS, Existing, ImportRequest
from makeready_imports.csv_file import RowError, read_products
from makeready_imports.markups.percents import buyers_price, read_percent
from makeready_imports.plan import Plan, plan_import
from msgspec import Struct
from starlette.responses import Response

from makeready_admin.products import picking
from makeready_admin.products.store import Picker
from makeready_admin.web.asking import KEEP_LISTS_S, Asked
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit, redirect
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

KEEP_CHOICES_S = 60.0
"""While somebody corrects a form; groups and categories are made in the shop at the same time."""
SHOWN_ERRORS = 20
SHOWN_SAMPLE = 20
"""Products whose prices stand beside the choices of an import."""
ACTIONS = {
    "create": marked("to make"),
    "link": marked("to link"),
    "skip": marked("left out"),
    "markup": marked("to change"),
}


async def show_products(visit: Visit) -> Response:
    sites = await sites_of(visit)
    site = sites.chosen
    size = visit.subscriber.imports.page_size
    mis = mis_of(visit)
    search = ProductSearch(text=visit.query("q"), cursor=visit.query("cursor"), page_size=size)
    listing = (
        await visit.ask(
            "products",
            site,
            mis.chosen,
            search,
            question=lambda: list_products(visit.installation, visit.subscriber, search, site, mis.chosen),
        )
        if site
        else Asked[Listing](error=sites.error)
    )
    found = listing.value
    picked = await picking.picked(visit.installation, picker(visit, site, mis.chosen)) if found else []
    here = {one.product.id for one in found.products} if found else set()
    return await visit.page_with_part(
        "products.html",
        listing.waiting or sites.waiting,
        picked=picked,
        elsewhere=sum(one not in here for one in picked),
        markups=await visit.installation.store.markups.known(visit.subscriber.name, site) if found else {},
        buyers_price=partial(buyers_price, rules=visit.subscriber.prices, site=site),
        engine_adds=visit.subscriber.prices.percent_for(site),
        site=site,
        sites=sites,
        mis=mis,
        search=search,
        listing=found,
        error=listing.error,
        size=size,
    )


def page_number(visit: Visit) -> int:
    """From 0, of the address."""
    text = visit.query("page")
    return int(text) if text.isdecimal() and len(text) < 8 else 0


class Makers(Struct, frozen=True, kw_only=True):
    """The MIS of a company, by their connectors, and the one that the address names, else the first."""

    titles: dict[str, str]
    chosen: str


def mis_of(visit: Visit) -> Makers:
    kinds = {name: visit.installation.kinds.get(name) for name in sorted(visit.subscriber.connectors)}
    titles = {name: kind.title for name, kind in kinds.items() if kind and kind.role is Role.MIS}
    given = visit.query("mis")
    return Makers(titles=titles, chosen=given if given in titles else next(iter(titles), ""))


class Sites(Struct, frozen=True, kw_only=True):
    """Domains of the sites; or why they cannot be listed: then a person types one."""

    domains: tuple[str, ...] = ()
    chosen: str = ""
    """The one that the address names, or the only one."""
    error: MakereadyError | None = None
    waiting: bool = False
    """The shop is being asked."""


async def sites_of(visit: Visit) -> Sites:
    named = visit.query("site")
    asked = await visit.ask("sites", question=lambda: _domains(visit), keep_s=KEEP_LISTS_S)
    domains = asked.value or ()
    if named:  # nobody waits for the others
        return Sites(domains=(named, *(one for one in domains if one != named)), chosen=named)
    only = domains[0] if len(domains) == 1 else ""
    return Sites(domains=domains, chosen=only, error=asked.error, waiting=asked.waiting)


async def _domains(visit: Visit) -> tuple[str, ...]:
    connectors = await visit.installation.connectors(visit.subscriber)
    return tuple(one.domain for one in await connectors.list_sites())


def picker(visit: Visit, site: str, mis: str) -> Picker:
    return Picker(visit.subscriber.name, visit.user.name, site, mis)


async def choose(visit: Visit) -> Response:
    """Keep what is ticked, and go on: to another page of the search, or to the choices for all of it.

    The form is in two pages: the search, and the choices themselves, which are shown again with the prices by them.
    """
    given = visit.form
    if given.text("go") == "prices":
        wish = await _wish(visit)
        try:
            read_percent(wish.markup_percent)
        except ConfigError as exc:
            return await _choices_page(visit, wish, exc)
        return await _choices_page(visit, wish)
    who = picker(visit, given.text("listed_site"), given.text("listed_mis"))
    try:
        await _keep(visit, who)
        go, _, cursor = given.raw("go").partition(" ")
        if go not in ("", "choose"):
            return await _listed_again(visit, who, go, cursor)
        if not await picking.picked(visit.installation, who):
            raise ConfigError("Nothing is selected.", fix="Tick the products to be imported, then go on.")
    except ConfigError as exc:
        return await visit.told(f"{exc.message} {exc.fix}".strip(), _listing(visit, who, given.raw("listed")))
    profiles = await choices.profiles(visit.installation, visit.subscriber, who.site)
    wish = profiles.get(given.text("profile"), ImportRequest(site=who.site))
    return await _choices_page(visit, msgspec.structs.replace(wish, site=who.site, mis=who.mis))


async def _keep(visit: Visit, who: Picker) -> None:
    """Raises ConfigError for pasted text that is no list of products."""
    given, text = visit.form, visit.form.raw("pasted")
    rows = read_products(text.encode()).rows if text.strip() else ()
    ticked = (*given.all("product"), *(row.product for row in rows))
    await picking.keep(visit.installation, who, given.all("shown"), ticked)


async def _listed_again(visit: Visit, who: Picker, go: str, cursor: str) -> Response:
    given = visit.form
    if go == "search":
        there = Picker(who.subscriber, who.user, given.text("site"), given.text("mis"))
        return redirect(_listing(visit, there, given.text("q")))
    if go == "clear":
        await picking.clear(visit.installation, who)
    elif go == "all":
        await picking.pick_all(visit.installation, visit.subscriber, who, given.raw("listed"))
    return redirect(_listing(visit, who, given.raw("listed"), cursor))


def _listing(visit: Visit, who: Picker, text: str, cursor: str = "") -> str:
    given = {"site": who.site, "mis": who.mis, "q": text, "cursor": cursor}
    return f"{visit.home}/products?{urlencode({name: value for name, value in given.items() if value})}"


async def _choices_page(visit: Visit, wish: ImportRequest, problem: MakereadyError | None = None) -> Response:
    asked = await visit.ask(
        "choices", wish.site, question=lambda: _site_choices(visit, wish.site), keep_s=KEEP_CHOICES_S
    )
    offered, problem = asked.value or SiteChoices(), problem or asked.error
    picked = await picking.picked(visit.installation, picker(visit, wish.site, wish.mis))
    sample = await visit.ask(
        "sample",
        wish.mis,
        *picked[:SHOWN_SAMPLE],
        question=lambda: _sample(visit, wish.mis, tuple(picked[:SHOWN_SAMPLE])),
        keep_s=KEEP_CHOICES_S,
    )
    return await visit.page(
        "choices.html",
        status=422 if problem else 200,
        wish=wish,
        picked=picked,
        sample=sample.value or (),
        percent=_percent(wish),
        buyers_price=partial(buyers_price, rules=visit.subscriber.prices, site=wish.site),
        engine_adds=visit.subscriber.prices.percent_for(wish.site),
        offered=offered,
        problem=problem,
        existing=list(Existing),
        names=PUBLIC_NUMBER_FIELDS,
        profiles=await choices.profiles(visit.installation, visit.subscriber, wish.site),
    )


async def _sample(visit: Visit, mis: str, ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
    connectors = await visit.installation.connectors(visit.subscriber)
    return await connectors.read_mis_products(connectors.mis(mis), ids) if ids else ()


def _percent(wish: ImportRequest) -> Decimal:
    """0 as long as it is not one."""
    try:
        return read_percent(wish.markup_percent)
    except ConfigError:
        return Decimal(0)


async def _site_choices(visit: Visit, site: str) -> SiteChoices:
    connectors = await visit.installation.connectors(visit.subscriber)
    return await connectors.read_site_choices(site)


async def plan(visit: Visit) -> Response:
    """Record the plan, and show it: nothing happens by it. A choice that is wrong is corrected in the form."""
    wish = await _wish(visit)
    try:
        if name := visit.form.text("save_as"):
            await choices.save_profile(visit.installation, visit.subscriber, name, wish)
        made = await plan_import(visit.installation, visit.subscriber, wish)
    except ConfigError as exc:
        return await _choices_page(visit, wish, exc)
    await picking.clear(visit.installation, picker(visit, wish.site, wish.mis))
    return await visit.told(planned(made), f"{visit.home}/imports/{made.job.id}")


async def _wish(visit: Visit) -> ImportRequest:
    """As the choices' form has it, for what is picked."""
    given = visit.form
    picked = await picking.picked(visit.installation, picker(visit, given.text("site"), given.text("mis")))
    existing = given.text("existing") or Existing.SKIP.value
    return ImportRequest(
        site=given.text("site"),
        mis=given.text("mis"),
        product_ids=tuple(picked),
        markup_percent=given.text("markup") or "0",
        groups=given.all("group"),
        categories=given.all("category"),
        workflow=given.text("workflow"),
        upload_required=given.ticked("upload"),
        public_part_number=given.text("public_part_number") or "{part_number}",
        existing=Existing(existing) if existing in list(Existing) else Existing.SKIP,
    )


def planned(made: Plan) -> str:
    """What is told of a plan."""
    actions = [item.action for item in made.items]
    counts = ", ".join(f"{actions.count(action)} {_(ACTIONS[action])}" for action in dict.fromkeys(actions))
    return _("Planned: %(counts)s. Nothing has happened yet.") % {"counts": counts} + errors_text(made.errors)


def errors_text(errors: tuple[RowError, ...]) -> str:
    if not errors:
        return ""
    more = f" And {len(errors) - SHOWN_ERRORS} more." if len(errors) > SHOWN_ERRORS else ""
    return f" Not planned: {' '.join(map(str, errors[:SHOWN_ERRORS]))}{more}"


AT = "/subscribers/{subscriber}/products"

PAGES = (
    page(AT, Needs.SEE, show_products),
    form(f"{AT}/choose", Needs.CHANGE, choose, ""),
    form(f"{AT}/plan", Needs.CHANGE, plan, "import plan", target="site"),
)
