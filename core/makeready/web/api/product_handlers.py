"""What each operation about products does: call a flow, give its answer a shape."""

from collections.abc import AsyncIterator
from typing import Annotated, NamedTuple

import msgspec
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.product import ProductSearch
from msgspec import Meta
from starlette.responses import Response, StreamingResponse

from makeready.flows import adopting, choosing, jobs, linking
from makeready.flows.choosing import Wish
from makeready.flows.planning import Plan, plan_import
from makeready.flows.products import list_products
from makeready.flows.tables import Row
from makeready.web.api import product_shapes as shapes
from makeready.web.api.calls import Call
from makeready.web.api.listing import page_by_key, page_by_place
from makeready.web.api.operation import Answer
from makeready.web.api.shapes import PageQuery
from makeready.web.paging import Number, as_cursor, place_of

EVENTS = "text/event-stream"
CSV = "text/csv"


class ProductsPlace(NamedTuple):
    page: Annotated[int, Meta(ge=0, le=1_000_000)]
    """From 0."""
    size: Annotated[int, Meta(ge=1, le=500)]


async def find_products(call: Call) -> Answer:
    query: shapes.ProductsQuery = call.query
    page, size = place_of(query.cursor, ProductsPlace) if query.cursor else (0, query.limit)
    search = ProductSearch(text=query.q, page=page, page_size=size)
    found = await list_products(call.installation, call.subscriber, search, query.site)
    more = (page + 1) * size < found.total
    return shapes.ProductsAnswer(
        products=found.products, total=found.total, next_cursor=as_cursor((page + 1, size)) if more else None
    )


async def list_sites(call: Call) -> Answer:
    connectors = await call.installation.connectors(call.subscriber)
    return shapes.SitesAnswer(sites=tuple(site.domain for site in await connectors.list_sites()))


async def show_site(call: Call) -> Answer:
    site = call.part("site")
    connectors = await call.installation.connectors(call.subscriber)
    found = await connectors.read_site_choices(site)
    return shapes.SiteAnswer(
        site=site, groups=found.groups, categories=found.categories, workflows=found.workflows
    )


async def plan(call: Call) -> Answer:
    wish: Wish = call.body
    return _plan(await plan_import(call.installation, call.subscriber, wish))


def _plan(made: Plan) -> shapes.PlanAnswer:
    return shapes.PlanAnswer(job=made.job.id, items=made.items, errors=tuple(map(str, made.errors)))


async def list_imports(call: Call) -> Answer:
    query: PageQuery = call.query
    before = place_of(query.cursor, Number) if query.cursor else 0
    found = await call.installation.store.imports.jobs(
        call.subscriber.name, limit=query.limit + 1, before=before
    )
    page = found[: query.limit]
    return shapes.ImportsAnswer(
        imports=tuple(map(shapes.job_answer, page)),
        next_cursor=as_cursor(page[-1].id) if len(found) > len(page) else None,
    )


async def show_import(call: Call) -> Answer:
    query: shapes.ItemsQuery = call.query
    progress = await jobs.progress(call.installation, call.subscriber, _job(call))
    items = [
        item
        for item in await call.installation.store.imports.items(progress.job)
        if query.state in (None, item.state)
    ]
    page, cursor = page_by_place(items, query)
    return shapes.ImportAnswer(progress=progress, items=page, next_cursor=cursor)


def _job(call: Call) -> int:
    return call.whole_number("job")


async def run(call: Call) -> Answer:
    await jobs.start(call.installation, call.subscriber, _job(call))
    return await jobs.progress(call.installation, call.subscriber, _job(call))


async def pause(call: Call) -> Answer:
    await jobs.pause(call.installation, call.subscriber, _job(call))
    return await jobs.progress(call.installation, call.subscriber, _job(call))


async def cancel(call: Call) -> Answer:
    await jobs.cancel(call.installation, call.subscriber, _job(call))
    return await jobs.progress(call.installation, call.subscriber, _job(call))


async def follow(call: Call) -> Answer:
    """Server-sent events: one for each change, until nothing more happens."""
    progress = await jobs.progress(call.installation, call.subscriber, _job(call))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(call, progress.job), headers=headers, media_type=EVENTS)


async def _events(call: Call, job: int) -> AsyncIterator[bytes]:
    async for progress in jobs.watch(call.installation, call.subscriber, job):
        yield b"event: progress\ndata: " + msgspec.json.encode(progress) + b"\n\n"
    yield b"event: end\ndata: {}\n\n"


async def file(call: Call) -> Answer:
    """The shop's own import file for what is left to do by hand."""
    found = await jobs.left_to_do(call.installation, call.subscriber, _job(call))
    if found is None:
        raise ConfigError("Nothing is left to do by hand for this import.", field="job")
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store"}
    return Response(found.content, headers=headers, media_type=CSV)


async def suggest(call: Call) -> Answer:
    query: shapes.SuggestionsQuery = call.query
    found = await adopting.suggest(call.installation, call.subscriber, query.site, query.q)
    page, cursor = page_by_place(found, query)
    return shapes.SuggestionsAnswer(suggestions=page, next_cursor=cursor)


async def adopt(call: Call) -> Answer:
    body: shapes.AdoptBody = call.body
    rows = [Row(product=pair.product, shop_product=pair.shop_product) for pair in body.pairs]
    return _plan(await adopting.plan_adoption(call.installation, call.subscriber, body.site, rows))


async def undo_adoption(call: Call) -> Answer:
    body: shapes.LinkedBody = call.body
    done = await adopting.undo(call.installation, call.subscriber, body.site, body.product_ids)
    return shapes.UndoneAnswer(done=done)


async def unlink(call: Call) -> Answer:
    body: shapes.LinkedBody = call.body
    done = await linking.unlink(call.installation, call.subscriber, body.site, body.product_ids)
    return shapes.UnlinkedAnswer(done=done)


async def find_orphans(call: Call) -> Answer:
    query: shapes.SiteQuery = call.query
    return await linking.find_orphans(call.installation, call.subscriber, query.site)


async def list_links(call: Call) -> Answer:
    query: shapes.LinksQuery = call.query
    found = await linking.linked(call.installation, call.subscriber, query.site, query.q)
    page, cursor = page_by_key(found, query, lambda one: one.product_id)
    return shapes.LinksAnswer(links=tuple(map(shapes.link_answer, page)), next_cursor=cursor)


async def list_profiles(call: Call) -> Answer:
    query: shapes.ProfilesQuery = call.query
    found = await choosing.profiles(call.installation, call.subscriber, query.site)
    page, cursor = page_by_key(sorted(found.items()), query, lambda one: one[0])
    profiles = [shapes.ProfileAnswer(name=name, wish=wish) for name, wish in page]
    return shapes.ProfilesAnswer(profiles=tuple(profiles), next_cursor=cursor)


async def save_profile(call: Call) -> Answer:
    body: shapes.ProfileBody = call.body
    wish = await choosing.save_profile(call.installation, call.subscriber, body.name, body.wish)
    return shapes.ProfileAnswer(name=body.name.strip(), wish=wish)


async def delete_profile(call: Call) -> Answer:
    body: shapes.SiteBody = call.body
    await choosing.delete_profile(call.installation, call.subscriber, body.site, call.part("profile"))
    return shapes.DeletedAnswer(name=call.part("profile"))
