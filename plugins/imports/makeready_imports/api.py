"""What each operation about products does: call a story of the room, give its answer a shape."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Annotated, NamedTuple

import msgspec
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.web.api.answers import answer_from
from makeready.web.api.operation import ONE, Answer, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import PageQuery
from makeready.web.paging import as_cursor, number_in, page_by_key, page_by_place, page_of, place_of
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.product import ProductSearch
from makeready_hooks.names import as_attachment
from msgspec import Meta
from starlette.responses import Response, StreamingResponse

from makeready_imports import api_model, choices, jobs, link_existing, links
from makeready_imports.catalogue import list_products
from makeready_imports.choices import ImportRequest
from makeready_imports.csv_file import Row
from makeready_imports.jobs import Progress
from makeready_imports.links import LinkCheck
from makeready_imports.markups.plan import plan_markups
from makeready_imports.plan import Plan, plan_import

IMPORTS = ONE + "/imports"
IMPORT = IMPORTS + "/{job}"
PROFILES = ONE + "/profiles"
import_operation = partial(operation, group="Imports")
link_operation = partial(operation, group="Products in a shop")
NAMES = {
    "products": "product_ids",
    "markup": "markup_percent",
    "group": "groups",
    "category": "categories",
    "public-part-number": "public_part_number",
}
PROFILE_NAMES = {"profile": "name"} | {
    name: f"wish.{member}"
    for name, member in (NAMES | {name: name for name in ImportRequest.__struct_fields__}).items()
}


EVENTS = "text/event-stream"
CSV = "text/csv"


class ProductsPlace(NamedTuple):
    cursor: Annotated[str, Meta(min_length=1, max_length=1000)]
    """The MIS's connector's."""
    size: Annotated[int, Meta(ge=1, le=500)]


@operation(
    "GET",
    ONE + "/products",
    group="Products",
    summary="Products of the MIS that are for sale",
    asks_vendors=True,
)
async def find_products(call: Call, query: api_model.ProductsQuery) -> api_model.ProductsAnswer:
    cursor, size = place_of(query.cursor, ProductsPlace) if query.cursor else ("", query.limit)
    search = ProductSearch(text=query.q, cursor=cursor, page_size=size)
    found = await list_products(call.installation, call.subscriber, search, query.site, query.mis)
    following = as_cursor((found.next, size)) if found.next else None
    return api_model.ProductsAnswer(products=found.products, total=found.total, next_cursor=following)


@operation("GET", ONE + "/sites", group="Products", summary="Domains of the shops", asks_vendors=True)
async def list_sites(call: Call) -> api_model.SitesAnswer:
    connectors = await call.installation.connectors(call.subscriber)
    return api_model.SitesAnswer(sites=tuple(site.domain for site in await connectors.list_sites()))


@operation(
    "GET",
    ONE + "/sites/{site}",
    group="Products",
    summary="What can be chosen for an import into a shop",
    asks_vendors=True,
)
async def show_site(call: Call) -> api_model.SiteAnswer:
    site = call.part("site")
    connectors = await call.installation.connectors(call.subscriber)
    found = await connectors.read_site_choices(site)
    return answer_from(api_model.SiteAnswer, found, site=site)


@import_operation(
    "POST",
    IMPORTS,
    name="planImport",
    summary="Plan an import: what would be made, linked, skipped, and why",
    names=NAMES,
    action="import plan",
    asks_vendors=True,
)
async def plan(call: Call, body: ImportRequest) -> api_model.PlanAnswer:
    wish: ImportRequest = body
    return _plan(await plan_import(call.installation, call.subscriber, wish))


def _plan(made: Plan) -> api_model.PlanAnswer:
    return api_model.PlanAnswer(
        job=made.job.id,
        items=made.items,
        errors=tuple(map(str, made.errors)),
        warning=made.job.choices.warning,
    )


@import_operation("GET", IMPORTS, summary="Imports, the newest first")
async def list_imports(call: Call, query: PageQuery) -> api_model.ImportsAnswer:
    before, more = number_in(query.cursor), query.limit + 1
    found = await call.installation.store.imports.jobs(call.subscriber.name, limit=more, before=before)
    page, cursor = page_of(found, query.limit, lambda one: one.id)
    imports = tuple(answer_from(api_model.JobAnswer, one, one.choices) for one in page)
    return api_model.ImportsAnswer(imports=imports, next_cursor=cursor)


@import_operation("GET", IMPORT, summary="How far an import is, and its products")
async def show_import(call: Call, query: api_model.ItemsQuery) -> api_model.ImportAnswer:
    progress = await jobs.progress(call.installation, call.subscriber, call.whole_number("job"))
    items = [
        item
        for item in await call.installation.store.imports.items(progress.job)
        if query.state in (None, item.state)
    ]
    page, cursor = page_by_place(items, query)
    return api_model.ImportAnswer(progress=progress, items=page, next_cursor=cursor)


@import_operation(
    "POST",
    IMPORT + "/run",
    summary="Run a plan, go on after a pause, or try again what failed",
    action="import run",
)
async def run_import(call: Call) -> Progress:
    return await _after(jobs.start, call)


async def _after(step: Callable[[Installation, Subscriber, int], Awaitable[None]], call: Call) -> Progress:
    """How far an import is once something was done with it."""
    job = call.whole_number("job")
    await step(call.installation, call.subscriber, job)
    return await jobs.progress(call.installation, call.subscriber, job)


@import_operation(
    "POST", IMPORT + "/pause", summary="Stop after the products that are under way", action="import pause"
)
async def pause_import(call: Call) -> Progress:
    return await _after(jobs.pause, call)


@import_operation("POST", IMPORT + "/cancel", summary="End an import for good", action="import cancel")
async def cancel_import(call: Call) -> Progress:
    return await _after(jobs.cancel, call)


@import_operation(
    "GET",
    IMPORT + "/events",
    summary="The progress of an import as server-sent events",
    also={EVENTS: api_model.ProgressEvent},
)
async def follow_import(call: Call) -> Answer:
    """Server-sent events: one for each change, until nothing more happens."""
    progress = await jobs.progress(call.installation, call.subscriber, call.whole_number("job"))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(call, progress.job), headers=headers, media_type=EVENTS)


async def _events(call: Call, job: int) -> AsyncIterator[bytes]:
    async for progress in jobs.watch(call.installation, call.subscriber, job):
        yield b"event: progress\ndata: " + msgspec.json.encode(progress) + b"\n\n"
    yield b"event: end\ndata: {}\n\n"


@import_operation(
    "GET",
    IMPORT + "/file",
    summary="The shop's own import file for what is left to do by hand",
    also={CSV: None},
    asks_vendors=True,
)
async def import_file(call: Call) -> Answer:
    """The shop's own import file for what is left to do by hand."""
    found = await jobs.left_to_do(call.installation, call.subscriber, call.whole_number("job"))
    if found is None:
        raise ConfigError("Nothing is left to do by hand for this import.", field="job")
    headers = {"Content-Disposition": as_attachment(found.name), "Cache-Control": "no-store"}
    return Response(found.content, headers=headers, media_type=CSV)


@link_operation(
    "GET", ONE + "/links/suggestions", summary="Products of the shop that may be the MIS's", asks_vendors=True
)
async def suggest_links(call: Call, query: api_model.SuggestionsQuery) -> api_model.SuggestionsAnswer:
    found = await link_existing.suggest(call.installation, call.subscriber, query.site, query.q, query.mis)
    page, cursor = page_by_place(found, query)
    return api_model.SuggestionsAnswer(suggestions=page, next_cursor=cursor)


@link_operation(
    "POST",
    ONE + "/links/plan",
    summary="Plan to link products that the shop has; run it like an import",
    names={"products": "pairs"},
    action="link plan",
    asks_vendors=True,
)
async def plan_links(call: Call, body: api_model.PlanLinksBody) -> api_model.PlanAnswer:
    rows = [Row(product=pair.product, shop_product=pair.shop_product) for pair in body.pairs]
    return _plan(
        await link_existing.plan_links(call.installation, call.subscriber, body.site, rows, body.mis)
    )


@link_operation(
    "POST",
    ONE + "/links/markup",
    name="planMarkups",
    summary="Plan another mark-up of products that are in a shop; run it like an import",
    names={"markup": "markup_percent", "products": "product_ids"},
    action="markup plan",
    asks_vendors=True,
)
async def plan_markup_change(call: Call, body: api_model.MarkupBody) -> api_model.PlanAnswer:
    given: api_model.MarkupBody = body
    return _plan(
        await plan_markups(
            call.installation, call.subscriber, given.site, given.markup_percent, given.product_ids
        )
    )


@link_operation(
    "POST",
    ONE + "/links/undo",
    summary="Unlink products that the shop had, and give them back what they were bound to",
    action="link undo",
    asks_vendors=True,
)
async def undo_links(call: Call, body: api_model.LinkedBody) -> api_model.UndoneAnswer:
    done = await link_existing.undo(call.installation, call.subscriber, body.site, body.product_ids)
    return api_model.UndoneAnswer(done=done)


@link_operation(
    "POST", ONE + "/links/unlink", summary="Unlink products; the shop keeps them", action="import unlink"
)
async def unlink(call: Call, body: api_model.LinkedBody) -> api_model.UnlinkedAnswer:
    done = await links.unlink(call.installation, call.subscriber, body.site, body.product_ids)
    return api_model.UnlinkedAnswer(done=done)


@link_operation(
    "GET",
    ONE + "/links/check",
    summary="Links that do not fit the shop or the MIS any more",
    asks_vendors=True,
)
async def check_links(call: Call, query: api_model.SiteQuery) -> LinkCheck:
    return await links.check_links(call.installation, call.subscriber, query.site)


@link_operation("GET", ONE + "/links", summary="Products of the MIS that are in a shop")
async def list_links(call: Call, query: api_model.LinksQuery) -> api_model.LinksAnswer:
    found = await links.linked(call.installation, call.subscriber, query.site, query.q)
    page, cursor = page_by_key(found, query, lambda one: one.product_id)
    shown = [answer_from(api_model.LinkAnswer, one, existed=bool(one.before)) for one in page]
    return api_model.LinksAnswer(links=tuple(shown), next_cursor=cursor)


@import_operation("GET", PROFILES, summary="Choices of imports that are kept for a shop")
async def list_profiles(call: Call, query: api_model.ProfilesQuery) -> api_model.ProfilesAnswer:
    found = await choices.profiles(call.installation, call.subscriber, query.site)
    page, cursor = page_by_key(sorted(found.items()), query, lambda one: one[0])
    profiles = [api_model.ProfileAnswer(name=name, wish=wish) for name, wish in page]
    return api_model.ProfilesAnswer(profiles=tuple(profiles), next_cursor=cursor)


@import_operation(
    "POST",
    PROFILES,
    summary="Keep the choices of an import under a name",
    names=PROFILE_NAMES,
    action="import profile",
    asks_vendors=True,
)
async def save_profile(call: Call, body: api_model.ProfileBody) -> api_model.ProfileAnswer:
    wish = await choices.save_profile(call.installation, call.subscriber, body.name, body.wish)
    return api_model.ProfileAnswer(name=body.name.strip(), wish=wish)


@import_operation(
    "POST", PROFILES + "/{profile}/delete", summary="Delete choices of imports", action="import profile"
)
async def delete_profile(call: Call, body: api_model.SiteBody) -> api_model.DeletedAnswer:
    await choices.delete_profile(call.installation, call.subscriber, body.site, call.part("profile"))
    return api_model.DeletedAnswer(name=call.part("profile"))
