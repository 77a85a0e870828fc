"""Products of a shop that are the MIS's: which are, what does not fit, and binding those that are there already."""

from functools import partial
from urllib.parse import urlencode

from makeready_hooks.errors import ConfigError, NotSupported
from makeready_imports import link_existing, links
from makeready_imports.csv_file import Row, Rows, read_pairs
from makeready_imports.markups.percents import buyers_price
from makeready_imports.markups.plan import plan_markups
from starlette.responses import Response

from makeready_admin.products.linked import described, find_linked
from makeready_admin.products.pages import mis_of, page_number, planned, sites_of
from makeready_admin.products.store import in_shops_of
from makeready_admin.web.asking import Asked
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _

SHOWN = 50
PAIR = "\t"
"""Between a product of the shop and one of the MIS, in a tick box: in no id of either."""


async def show_linked(visit: Visit) -> Response:
    sites = await in_shops_of(visit.installation).sites(visit.subscriber.name)
    site = visit.query("site") or (sites[0] if len(sites) == 1 else "")
    text = visit.query("q")
    wanted = await find_linked(visit.installation, visit.subscriber, site, text) if site else []
    compared = Asked[links.Compared]()
    if visit.query("compare") and site:
        compared = await visit.ask(
            "compare",
            site,
            question=lambda: links.compare(visit.installation, visit.subscriber, site),
        )
    start = page_number(visit) * SHOWN
    return await visit.page_with_part(
        "linked.html",
        compared.waiting,
        site=site,
        sites=sites,
        text=text,
        links=await described(visit.installation, visit.subscriber, wanted[start : start + SHOWN]),
        total=len(wanted),
        number=page_number(visit),
        more=len(wanted) > start + SHOWN,
        compared=compared.value,
        check=compared.value.links if compared.value else None,
        shown=SHOWN,
        error=compared.error,
        buyers_price=partial(buyers_price, rules=visit.subscriber.prices, site=site),
        engine_adds=visit.subscriber.prices.percent_for(site),
    )


async def plan_markup(visit: Visit) -> Response:
    """Another mark-up for what is ticked, or for all that the search has found: shown, and done when it is run."""
    given, site = visit.form, visit.form.text("site")
    chosen = given.all("product")
    if given.ticked("every"):
        found = await find_linked(visit.installation, visit.subscriber, site, given.text("q"))
        chosen = tuple(link.product_id for link, _name in found)
    try:
        made = await plan_markups(visit.installation, visit.subscriber, site, given.text("markup"), chosen)
    except (ConfigError, NotSupported) as exc:
        told = exc.message if chosen else _("Nothing is ticked.")
        fix = exc.fix if chosen else _("Tick the products whose mark-up is to change, or all that match.")
        query = urlencode({"site": site, "q": given.text("q")})
        return await visit.told(f"{told} {fix}".strip(), f"{visit.home}/linked?{query}")
    return await visit.told(planned(made), f"{visit.home}/imports/{made.job.id}")


async def unlink(visit: Visit) -> Response:
    site, chosen = visit.form.text("site"), visit.form.all("product")
    done = await links.unlink(visit.installation, visit.subscriber, site, chosen)
    problems = " ".join(one.problem for one in done if one.problem)
    count = sum(not one.problem for one in done)
    return await visit.told(
        f"{count} no longer linked; the shop's products stay as they are. {problems}".strip(),
        f"{visit.home}/linked?{urlencode({'site': site})}",
    )


async def undo(visit: Visit) -> Response:
    """Unlink products that the shop had, and give them back what they were bound to."""
    site, chosen = visit.form.text("site"), visit.form.all("product")
    done = await link_existing.undo(visit.installation, visit.subscriber, site, chosen)
    said = [one.problem or " ".join((f"{one.product_id} is as it was before.", *one.by_hand)) for one in done]
    return await visit.told(
        " ".join(said) or "No product was ticked.", f"{visit.home}/linked?{urlencode({'site': site})}"
    )


async def show_existing(visit: Visit) -> Response:
    """Products of the shop that look like one of the MIS's."""
    sites, mis = await sites_of(visit), mis_of(visit)
    site, text, asked = (
        visit.query("site"),
        visit.query("q"),
        Asked[tuple[link_existing.Suggestion, ...]](error=sites.error),
    )
    if site:
        asked = await visit.ask(
            "suggest",
            site,
            mis.chosen,
            text,
            question=lambda: link_existing.suggest(
                visit.installation, visit.subscriber, site, text, mis.chosen
            ),
        )
    found = asked.value
    return await visit.page_with_part(
        "link-existing.html",
        asked.waiting or sites.waiting,
        site=site,
        sites=sites,
        mis=mis,
        text=text,
        found=found[:SHOWN] if found is not None else None,
        total=len(found) if found is not None else 0,
        error=asked.error,
        pair=PAIR,
    )


async def plan_links(visit: Visit) -> Response:
    site, pasted = visit.form.text("site"), visit.form.raw("pasted")
    read = read_pairs(pasted.encode()) if pasted.strip() else Rows(rows=())
    rows = [*map(_row, visit.form.all("pair")), *read.rows]
    if not rows and not read.errors:
        raise ConfigError("No pair was ticked.", field="pair", fix="Go back, and tick at least one.")
    made = await link_existing.plan_links(
        visit.installation, visit.subscriber, site, rows, visit.form.text("mis")
    )
    return await visit.told(planned(made), f"{visit.home}/imports/{made.job.id}")


def _row(pair: str) -> Row:
    shop_product, _, product = pair.rpartition(PAIR)
    return Row(product=product, shop_product=shop_product)


ONE = "/subscribers/{subscriber}"

PAGES = (
    page(f"{ONE}/linked", Needs.SEE, show_linked),
    form(f"{ONE}/linked/markup", Needs.CHANGE, plan_markup, "markup plan", target="product"),
    form(f"{ONE}/linked/unlink", Needs.CHANGE, unlink, "import unlink", target="product"),
    form(f"{ONE}/linked/undo", Needs.CHANGE, undo, "link undo", target="product"),
    page(f"{ONE}/link", Needs.SEE, show_existing),
    form(f"{ONE}/link/plan", Needs.CHANGE, plan_links, "link plan", target="site"),
)
