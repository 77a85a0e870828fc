"""Imports: the plan as a table, run, watched, paused, cancelled, and what is left to do by hand."""

from collections.abc import AsyncIterator
from functools import partial

import msgspec
from makeready.products.model import ImportItem, ImportJob, JobState
from makeready_hooks.errors import CallRejected, ConfigError
from makeready_hooks.names import as_attachment
from makeready_imports import jobs
from makeready_imports.markups.percents import buyers_price
from starlette.responses import Response, StreamingResponse

from makeready_admin.products.pages import ACTIONS, page_number
from makeready_admin.web.frame import HEADERS
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _

SHOWN_ITEMS = 100
SHOWN_JOBS = 50


async def show_imports(visit: Visit) -> Response:
    found = await visit.installation.store.imports.jobs(visit.subscriber.name)
    shown = [
        (job, await jobs.progress(visit.installation, visit.subscriber, job.id)) for job in found[:SHOWN_JOBS]
    ]
    return await visit.page("imports.html", found=shown, sentence=jobs.sentence)


async def show_import(visit: Visit) -> Response:
    number = _number(visit)
    job = await _found(visit, number)
    now = await jobs.progress(visit.installation, visit.subscriber, number)
    items = await visit.installation.store.imports.items(number)
    state = visit.query("state")
    wanted = [item for item in items if state in ("", item.state)]
    start = page_number(visit) * SHOWN_ITEMS
    return await visit.page(
        "import.html",
        job=job,
        actions=ACTIONS,
        buyers_price=partial(buyers_price, rules=visit.subscriber.prices, site=job.site),
        engine_adds=visit.subscriber.prices.percent_for(job.site),
        progress=now,
        sentence=jobs.sentence(now),
        items=wanted[start : start + SHOWN_ITEMS],
        state=state,
        number=page_number(visit),
        more=len(wanted) > start + SHOWN_ITEMS,
        by_hand=_by_hand(items),
        running=job.state == JobState.RUNNING,
    )


def _number(visit: Visit) -> int:
    text = visit.part("job")
    return int(text) if text.isdecimal() and len(text) < 16 else 0


async def _found(visit: Visit, number: int) -> ImportJob:
    try:
        return await jobs.find(visit.installation, visit.subscriber, number)
    except ConfigError as exc:
        raise CallRejected(exc.message, status=404, fix="Choose one of the list of imports.") from None


def _by_hand(items: list[ImportItem]) -> list[tuple[str, int]]:
    """Each sentence once, with the number of products that it is about."""
    sentences = [sentence for item in items for sentence in item.by_hand]
    return [(sentence, sentences.count(sentence)) for sentence in dict.fromkeys(sentences)]


async def events(visit: Visit) -> Response:
    """How far it is, whenever that changes, until nothing more happens."""
    number = _number(visit)
    await _found(visit, number)

    async def stream() -> AsyncIterator[str]:
        async for now in jobs.watch(visit.installation, visit.subscriber, number):
            data = {"total": now.total, "settled": now.settled, "sentence": jobs.sentence(now)}
            yield f"event: progress\ndata: {msgspec.json.encode(data).decode()}\n\n"
        yield "event: end\ndata:\n\n"

    return StreamingResponse(stream(), headers=HEADERS, media_type="text/event-stream")


async def run(visit: Visit) -> Response:
    number = _number(visit)
    await jobs.start(visit.installation, visit.subscriber, number)
    return await visit.told(_("Import %(number)s runs.") % {"number": number}, _at(visit, number))


async def pause(visit: Visit) -> Response:
    number = _number(visit)
    await jobs.pause(visit.installation, visit.subscriber, number)
    text = _("Import %(number)s is paused; what is under way is finished.") % {"number": number}
    return await visit.told(text, _at(visit, number))


async def cancel(visit: Visit) -> Response:
    number = _number(visit)
    await jobs.cancel(visit.installation, visit.subscriber, number)
    text = _("Import %(number)s is cancelled. What is in the shop stays there.") % {"number": number}
    return await visit.told(text, _at(visit, number))


def _at(visit: Visit, number: int) -> str:
    return f"{visit.home}/imports/{number}"


async def left_file(visit: Visit) -> Response:
    """The shop's own import file for what its API did not set."""
    number = _number(visit)
    await _found(visit, number)
    written = await jobs.left_to_do(visit.installation, visit.subscriber, number)
    if written is None:
        raise CallRejected("Nothing is left to do by a file.", status=404)
    attachment = {"Content-Disposition": as_attachment(written.name)}
    return Response(written.content, headers={**HEADERS, **attachment}, media_type="application/octet-stream")


AT = "/subscribers/{subscriber}/imports"

PAGES = (
    page(AT, Needs.SEE, show_imports),
    page(f"{AT}/{{job}}", Needs.SEE, show_import),
    page(f"{AT}/{{job}}/events", Needs.SEE, events),
    page(f"{AT}/{{job}}/file", Needs.SEE, left_file),
    form(f"{AT}/{{job}}/run", Needs.CHANGE, run, "import run", target="job"),
    form(f"{AT}/{{job}}/pause", Needs.CHANGE, pause, "import pause", target="job"),
    form(f"{AT}/{{job}}/cancel", Needs.CHANGE, cancel, "import cancel", target="job"),
)
