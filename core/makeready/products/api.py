"""What each operation about products does: call a flow, give its answer a shape."""

from collections.abc import AsyncIterator
from typing import Annotated, NamedTuple

import msgspec
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.product import ProductSearch
from msgspec import Meta
from starlette.responses import Response, StreamingResponse

from makeready.products import adopt as adopting
from makeready.products import api_model, choices, jobs, links
from makeready.products.catalogue import list_products
from makeready.products.choices import ImportRequest
from makeready.products.csv_file import Row
from makeready.products.plan import Plan, plan_import
from makeready.web.api.operation import Answer
from makeready.web.api.requests import Call
from makeready.web.api.shapes import PageQuery
from makeready.web.paging import Number, as_cursor, page_by_key, page_by_place, place_of

EVENTS = "text/event-stream"
CSV = "text/csv"


class ProductsPlace(NamedTuple):
    page: Annotated[int, Meta(ge=0, le=1_000_000)]
    """From 0."""
    size: Annotated[int, Meta(ge=1, le=500)]


async def find_products(call: Call) -> Answer:
    query: api_model.ProductsQuery = call.query
    page, size = place_of(query.cursor, ProductsPlace) if query.cursor else (0, query.limit)
    search = ProductSearch(text=query.q, page=page, page_size=size)
    found = await list_products(call.installation, call.subscriber, search, query.site)
    more = (page + 1) * size < found.total
    return api_model.ProductsAnswer(
        products=found.products, total=found.total, next_cursor=as_cursor((page + 1, size)) if more else None
    )


async def list_sites(call: Call) -> Answer:
    connectors = await call.installation.connectors(call.subscriber)
    return api_model.SitesAnswer(sites=tuple(site.domain for site in await connectors.list_sites()))


async def show_site(call: Call) -> Answer:
    site = call.part("site")
    connectors = await call.installation.connectors(call.subscriber)
    found = await connectors.read_site_choices(site)
    return api_model.SiteAnswer(
        site=site, groups=found.groups, categories=found.categories, workflows=found.workflows
    )


async def plan(call: Call) -> Answer:
    wish: ImportRequest = call.body
    return _plan(await plan_import(call.installation, call.subscriber, wish))


def _plan(made: Plan) -> api_model.PlanAnswer:
    return api_model.PlanAnswer(job=made.job.id, items=made.items, errors=tuple(map(str, made.errors)))


async def list_imports(call: Call) -> Answer:
    query: PageQuery = call.query
    before = place_of(query.cursor, Number) if query.cursor else 0
    found = await call.installation.store.imports.jobs(
        call.subscriber.name, limit=query.limit + 1, before=before
    )
    page = found[: query.limit]
    return api_model.ImportsAnswer(
        imports=tuple(map(api_model.job_answer, page)),
        next_cursor=as_cursor(page[-1].id) if len(found) > len(page) else None,
    )


async def show_import(call: Call) -> Answer:
    query: api_model.ItemsQuery = call.query
    progress = await jobs.progress(call.installation, call.subscriber, _job(call))
    items = [
        item
        for item in await call.installation.store.imports.items(progress.job)
        if query.state in (None, item.state)
    ]
    page, cursor = page_by_place(items, query)
    return api_model.ImportAnswer(progress=progress, items=page, next_cursor=cursor)


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
    query: api_model.SuggestionsQuery = call.query
    found = await adopting.suggest(call.installation, call.subscriber, query.site, query.q)
    page, cursor = page_by_place(found, query)
    return api_model.SuggestionsAnswer(suggestions=page, next_cursor=cursor)


async def adopt(call: Call) -> Answer:
    body: api_model.AdoptBody = call.body
    rows = [Row(product=pair.product, shop_product=pair.shop_product) for pair in body.pairs]
    return _plan(await adopting.plan_adoption(call.installation, call.subscriber, body.site, rows))


async def undo_adoption(call: Call) -> Answer:
    body: api_model.LinkedBody = call.body
    done = await adopting.undo(call.installation, call.subscriber, body.site, body.product_ids)
    return api_model.UndoneAnswer(done=done)


async def unlink(call: Call) -> Answer:
    body: api_model.LinkedBody = call.body
    done = await links.unlink(call.installation, call.subscriber, body.site, body.product_ids)
    return api_model.UnlinkedAnswer(done=done)


async def find_orphans(call: Call) -> Answer:
    query: api_model.SiteQuery = call.query
    return await links.find_orphans(call.installation, call.subscriber, query.site)


async def list_links(call: Call) -> Answer:
    query: api_model.LinksQuery = call.query
    found = await links.linked(call.installation, call.subscriber, query.site, query.q)
    page, cursor = page_by_key(found, query, lambda one: one.product_id)
    return api_model.LinksAnswer(links=tuple(map(api_model.link_answer, page)), next_cursor=cursor)


async def list_profiles(call: Call) -> Answer:
    query: api_model.ProfilesQuery = call.query
    found = await choices.profiles(call.installation, call.subscriber, query.site)
    page, cursor = page_by_key(sorted(found.items()), query, lambda one: one[0])
    profiles = [api_model.ProfileAnswer(name=name, wish=wish) for name, wish in page]
    return api_model.ProfilesAnswer(profiles=tuple(profiles), next_cursor=cursor)


async def save_profile(call: Call) -> Answer:
    body: api_model.ProfileBody = call.body
    wish = await choices.save_profile(call.installation, call.subscriber, body.name, body.wish)
    return api_model.ProfileAnswer(name=body.name.strip(), wish=wish)


async def delete_profile(call: Call) -> Answer:
    body: api_model.SiteBody = call.body
    await choices.delete_profile(call.installation, call.subscriber, body.site, call.part("profile"))
    return api_model.DeletedAnswer(name=call.part("profile"))
