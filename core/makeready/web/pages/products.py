"""Management: the MIS's products are looked for, ticked, given their choices, and planned as an import."""

import msgspec
from makeready_hooks.errors import ConfigError, MakereadyError
from makeready_hooks.model.product import ProductSearch, SiteChoices
from msgspec import Struct
from starlette.responses import Response

from makeready.flows import choosing
from makeready.flows.choosing import PUBLIC_NUMBER_FIELDS, Existing, Wish
from makeready.flows.planning import Plan, plan_import
from makeready.flows.products import Listing, list_products
from makeready.flows.tables import RowError, Rows, read_products
from makeready.web.pages.table import Needs, form, page
from makeready.web.pages.visit import Form, Visit

MAX_PAGE = 1_000_000
SHOWN_ERRORS = 20


class Offer(Struct, frozen=True, kw_only=True):
    """What a vendor was asked for, or why it could not be had."""

    listing: Listing | None = None
    error: MakereadyError | None = None


async def show_products(visit: Visit) -> Response:
    site = visit.query("site")
    sites, trouble = ((), None) if site else await sites_of(visit)
    site = site or (sites[0] if len(sites) == 1 else "")
    size = visit.subscriber.imports.page_size
    search = ProductSearch(text=visit.query("q"), page=page_number(visit), page_size=size)
    offer = await _search(visit, search, site) if site else Offer(error=trouble)
    return await visit.page(
        "products.html",
        site=site,
        sites=sites,
        search=search,
        listing=offer.listing,
        error=offer.error,
        size=size,
    )


def page_number(visit: Visit) -> int:
    """From 0, of the address."""
    text = visit.query("page")
    return int(text) if text.isdecimal() and len(text) < 8 else 0


async def sites_of(visit: Visit) -> tuple[tuple[str, ...], MakereadyError | None]:
    """Domains of the sites; or why they cannot be listed: then a person types one."""
    try:
        connectors = await visit.installation.connectors(visit.subscriber)
        return tuple(one.domain for one in await connectors.list_sites()), None
    except MakereadyError as exc:
        return (), exc


async def _search(visit: Visit, search: ProductSearch, site: str) -> Offer:
    try:
        return Offer(listing=await list_products(visit.installation, visit.subscriber, search, site))
    except MakereadyError as exc:
        return Offer(error=exc)


async def choose(visit: Visit) -> Response:
    """The choices for what was ticked, as the site offers them."""
    return await _choices_page(visit, await _wish_begun(visit))


async def _wish_begun(visit: Visit) -> Wish:
    """What was ticked, with the choices of a profile if one is named. Raises ConfigError if nothing was."""
    given, site = visit.form, visit.form.text("site")
    matching = given.text("q") if given.ticked("all") else None
    read = _pasted(given)
    if not given.all("product") and matching is None and not read.rows:
        raise ConfigError("No product was ticked.", field="product", fix="Go back, and tick at least one.")
    profiles = await choosing.profiles(visit.installation, visit.subscriber, site)
    wish = profiles.get(given.text("profile"), Wish(site=site))
    return msgspec.structs.replace(
        wish,
        site=site,
        product_ids=(*given.all("product"), *(row.product for row in read.rows)),
        all_matching=matching,
    )


def _pasted(given: Form) -> Rows:
    text = given.raw("pasted")
    return read_products(text.encode()) if text.strip() else Rows(rows=())


async def _choices_page(visit: Visit, wish: Wish, problem: MakereadyError | None = None) -> Response:
    connectors = await visit.installation.connectors(visit.subscriber)
    try:
        offered = await connectors.read_site_choices(wish.site)
    except MakereadyError as exc:
        offered, problem = SiteChoices(), problem or exc
    return await visit.page(
        "choices.html",
        status=422 if problem else 200,
        wish=wish,
        offered=offered,
        problem=problem,
        existing=list(Existing),
        names=PUBLIC_NUMBER_FIELDS,
        profiles=await choosing.profiles(visit.installation, visit.subscriber, wish.site),
    )


async def plan(visit: Visit) -> Response:
    """Record the plan, and show it: nothing happens by it. A choice that is wrong is corrected in the form."""
    wish = _wish(visit.form)
    try:
        if name := visit.form.text("save_as"):
            await choosing.save_profile(visit.installation, visit.subscriber, name, wish)
        made = await plan_import(visit.installation, visit.subscriber, wish)
    except ConfigError as exc:
        return await _choices_page(visit, wish, exc)
    return await visit.told(planned(made), f"{visit.home}/imports/{made.job.id}")


def _wish(given: Form) -> Wish:
    existing = given.text("existing") or Existing.SKIP.value
    return Wish(
        site=given.text("site"),
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
