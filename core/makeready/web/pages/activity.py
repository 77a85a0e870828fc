"""What goes on: webhooks that came and those that were refused, work with its next run, what people were told."""

from starlette.responses import Response

from makeready.flows import jobs
from makeready.records import Channel
from makeready.web.pages.table import Needs, page
from makeready.web.pages.visit import Visit

SHOWN = 50
SHOWN_JOBS = 5


async def show_activity(visit: Visit) -> Response:
    store, name = visit.installation.store, visit.subscriber.name
    told = [
        (channel.name.lower(), one)
        for channel in Channel
        for one in (await store.watch.told(name, channel)).values()
        if one.title
    ]
    found = (await store.imports.jobs(name))[:SHOWN_JOBS]
    return await visit.page(
        "activity.html",
        webhooks=await store.inbox.recent(name, SHOWN),
        refused=await store.inbox.refused(name, SHOWN),
        work=await store.work.due(name, SHOWN),
        told=told,
        imports=[(job, await jobs.progress(visit.installation, visit.subscriber, job.id)) for job in found],
        sentence=jobs.sentence,
    )


PAGES = (page("/subscribers/{subscriber}/activity", Needs.SEE, show_activity),)
