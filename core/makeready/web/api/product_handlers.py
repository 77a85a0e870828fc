"""What each operation about products does: call a flow, give its answer a shape."""

from collections.abc import AsyncIterator

import msgspec
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.product import ProductSearch
from starlette.responses import Response, StreamingResponse

from makeready.flows import adopting, jobs, linking
from makeready.flows.choosing import Wish
from makeready.flows.planning import Plan, plan_import
from makeready.flows.products import list_products
from makeready.flows.tables import Row
from makeready.web.api import product_shapes as shapes
from makeready.web.api.calls import Call
from makeready.web.api.operation import Answer

EVENTS = "text/event-stream"
CSV = "text/csv"


async def find_products(call: Call) -> Answer:
    query: shapes.ProductsQuery = call.query
    search = ProductSearch(text=query.q, page=query.page - 1, page_size=query.limit)
    return await list_products(call.installation, call.subscriber, search, query.site)


async def list_sites(call: Call) -> Answer:
    connectors = await call.installation.connectors(call.subscriber)
    return shapes.SitesAnswer(sites=tuple(site.domain for site in await connectors.list_sites()))


async def show_site(call: Call) -> Answer:
    site = str(call.request.path_params["site"])
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
    found = await call.installation.store.imports.jobs(call.subscriber.name)
    return shapes.ImportsAnswer(imports=tuple(map(shapes.job_answer, found)))


async def show_import(call: Call) -> Answer:
    query: shapes.ItemsQuery = call.query
    progress = await jobs.progress(call.installation, call.subscriber, _job(call))
    items = [
        item
        for item in await call.installation.store.imports.items(progress.job)
        if query.state in ("", item.state)
    ]
    first = (query.page - 1) * query.limit
    return shapes.ImportAnswer(progress=progress, items=tuple(items[first : first + query.limit]))


def _job(call: Call) -> int:
    text = str(call.request.path_params["job"])
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise ConfigError(f"{text} is not the number of an import.", field="job", fix="Give a whole number.")
    return int(text)


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
    return shapes.SuggestionsAnswer(suggestions=found)


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
