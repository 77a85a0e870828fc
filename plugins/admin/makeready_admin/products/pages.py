"""Management: the MIS's products are looked for, ticked, given their choices, and planned as an import."""

import msgspec
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError, MakereadyError
from makeready_hooks.model.product import ProductSearch, SiteChoices
from makeready_imports import choices
from makeready_imports.catalogue import Listing, list_products
from makeready_imports.choices import PUBLIC_NUMBER_FIELDS, Existing, ImportRequest
from makeready_imports.csv_file import RowError, Rows, read_products
from makeready_imports.plan import Plan, plan_import
from msgspec import Struct
from starlette.responses import Response

from makeready_admin.web.asking import KEEP_LISTS_S, Asked
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Form, Visit

KEEP_CHOICES_S = 60.0
"""While somebody corrects a form; groups and categories are made in the shop at the same time."""
SHOWN_ERRORS = 20


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
    return await visit.page_with_part(
        "products.html",
        listing.waiting or sites.waiting,
        site=site,
        sites=sites,
        mis=mis,
        search=search,
        listing=listing.value,
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


async def choose(visit: Visit) -> Response:
    """The choices for what was ticked, as the site offers them."""
    return await _choices_page(visit, await _wish_begun(visit))


async def _wish_begun(visit: Visit) -> ImportRequest:
    """What was ticked, with the choices of a profile if one is named. Raises ConfigError if nothing was."""
    given, site = visit.form, visit.form.text("site")
    matching = given.text("q") if given.ticked("all") else None
    read = _pasted(given)
    if not given.all("product") and matching is None and not read.rows:
        raise ConfigError("No product was ticked.", field="product", fix="Go back, and tick at least one.")
    profiles = await choices.profiles(visit.installation, visit.subscriber, site)
    wish = profiles.get(given.text("profile"), ImportRequest(site=site))
    return msgspec.structs.replace(
        wish,
        site=site,
        mis=given.text("mis"),
        product_ids=(*given.all("product"), *(row.product for row in read.rows)),
        all_matching=matching,
    )


def _pasted(given: Form) -> Rows:
    text = given.raw("pasted")
    return read_products(text.encode()) if text.strip() else Rows(rows=())


async def _choices_page(visit: Visit, wish: ImportRequest, problem: MakereadyError | None = None) -> Response:
    asked = await visit.ask(
        "choices", wish.site, question=lambda: _site_choices(visit, wish.site), keep_s=KEEP_CHOICES_S
    )
    offered, problem = asked.value or SiteChoices(), problem or asked.error
    return await visit.page(
        "choices.html",
        status=422 if problem else 200,
        wish=wish,
        offered=offered,
        problem=problem,
        existing=list(Existing),
        names=PUBLIC_NUMBER_FIELDS,
        profiles=await choices.profiles(visit.installation, visit.subscriber, wish.site),
    )


async def _site_choices(visit: Visit, site: str) -> SiteChoices:
    connectors = await visit.installation.connectors(visit.subscriber)
    return await connectors.read_site_choices(site)


async def plan(visit: Visit) -> Response:
    """Record the plan, and show it: nothing happens by it. A choice that is wrong is corrected in the form."""
    wish = _wish(visit.form)
    try:
        if name := visit.form.text("save_as"):
            await choices.save_profile(visit.installation, visit.subscriber, name, wish)
        made = await plan_import(visit.installation, visit.subscriber, wish)
    except ConfigError as exc:
        return await _choices_page(visit, wish, exc)
    return await visit.told(planned(made), f"{visit.home}/imports/{made.job.id}")


def _wish(given: Form) -> ImportRequest:
    existing = given.text("existing") or Existing.SKIP.value
    return ImportRequest(
        site=given.text("site"),
        mis=given.text("mis"),
        product_ids=given.all("product"),
        all_matching=given.text("q") if given.ticked("all") else None,
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
    counts = ", ".join(f"{actions.count(action)} {action}" for action in dict.fromkeys(actions))
    return f"Planned: {counts}. Nothing has happened yet.{errors_text(made.errors)}"


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
