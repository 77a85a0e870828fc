"""What each operation does: call a flow, give its answer a shape."""

from datetime import UTC, datetime

from makeready_hooks.errors import ConfigError
from starlette.responses import HTMLResponse

from makeready.flows import deciding
from makeready.flows.evidence import EvidenceDocument, as_page, document_of, order_evidence
from makeready.flows.history import order_story
from makeready.flows.previewing import preview_order
from makeready.flows.reconciling import compare
from makeready.flows.replaying import Replay, replay
from makeready.store.listing import LineFilter
from makeready.store.states import LineState
from makeready.times import moment
from makeready.web.api import shapes
from makeready.web.api.calls import Call
from makeready.web.api.listing import page_by_key
from makeready.web.api.operation import Answer
from makeready.web.headers import DOCUMENT_HEADERS
from makeready.web.paging import page_of_lines


async def list_subscribers(call: Call) -> Answer:
    everybody = [
        one for one in await call.installation.store.subscribers.all() if call.token.is_for(one.name)
    ]
    page, cursor = page_by_key(everybody, call.query, lambda one: one.name)
    found = [
        shapes.SubscriberAnswer(
            name=one.name, title=one.title, environment=one.environment, connectors=tuple(one.connectors)
        )
        for one in page
    ]
    return shapes.SubscribersAnswer(subscribers=tuple(found), next_cursor=cursor)


async def list_orders(call: Call) -> Answer:
    query: shapes.OrdersQuery = call.query
    wanted = LineFilter(
        state=query.state or "",
        start=moment(query.start, field="from"),
        end=moment(query.end, field="to", is_end=True),
        query=query.q,
        customer=query.customer,
        product=query.product,
    )
    lines, cursor = await page_of_lines(
        call.installation.store.lines,
        call.subscriber.name,
        wanted,
        limit=query.limit,
        cursor=query.cursor,
    )
    return shapes.LinesAnswer(lines=tuple(map(shapes.line_answer, lines)), next_cursor=cursor or None)


async def show_order(call: Call) -> Answer:
    story = await order_story(call.installation, call.subscriber.name, call.number)
    if story is None:
        raise _unknown(call)
    return shapes.story_answer(story)


def _unknown(call: Call) -> ConfigError:
    return ConfigError(f"Nothing is known of order {call.number}.", field="number")


async def preview(call: Call) -> Answer:
    found = await preview_order(call.installation, call.subscriber, call.number)
    return shapes.PreviewsAnswer(previews=tuple(map(shapes.preview_answer, found)))


async def evidence(call: Call) -> Answer:
    """As a page for whoever accepts pages and not JSON."""
    found = await order_evidence(call.installation, call.subscriber.name, call.number)
    if found is None:
        raise _unknown(call)
    accepted = call.request.headers.get("accept", "")
    if "text/html" in accepted and "application/json" not in accepted:
        return HTMLResponse(as_page(found), headers=DOCUMENT_HEADERS)
    document: EvidenceDocument = document_of(found)
    return document


async def send_again(call: Call) -> Answer:
    await deciding.send_again(call.installation, _decision(call))
    return shapes.DecidedAnswer(key=call.key, decision="send-again")


async def accept(call: Call) -> Answer:
    body: shapes.AcceptBody = call.body
    await deciding.accept_as(call.installation, _decision(call), body.mis_number)
    return shapes.DecidedAnswer(key=call.key, decision="accept")


async def ignore(call: Call) -> Answer:
    body: shapes.IgnoreBody = call.body
    await deciding.ignore(call.installation, _decision(call), body.reason)
    return shapes.DecidedAnswer(key=call.key, decision="ignore")


def _decision(call: Call) -> deciding.Decision:
    return deciding.Decision(subscriber=call.subscriber.name, key=call.key, actor=call.token.name)


async def replay_orders(call: Call) -> Answer:
    body: shapes.ReplayBody = call.body
    wanted = Replay(
        subscriber=call.subscriber.name,
        states=tuple(map(LineState, body.states)),
        start=moment(body.start, field="from"),
        end=moment(body.end, field="to", is_end=True),
        reason=body.reason,
        actor=call.token.name,
        parked_are_not_in_the_mis=body.parked_are_not_in_the_mis,
    )
    done = await replay(call.installation, wanted, dry_run=body.dry_run)
    return shapes.ReplayAnswer(
        dry_run=body.dry_run, count=len(done.keys), keys=done.keys, skipped=done.skipped, more=done.more
    )


async def reconcile(call: Call) -> Answer:
    body: shapes.ReconcileBody = call.body
    start = moment(body.start, field="from")
    end = moment(body.end, field="to", is_end=True) or call.installation.clock()
    first, last = datetime.fromtimestamp(start or 0, UTC), datetime.fromtimestamp(end, UTC)
    done = await compare(
        call.installation, call.subscriber, first, last, dry_run=body.dry_run, ask_mis=body.ask_mis
    )
    return shapes.ReconcileAnswer(
        dry_run=body.dry_run, looked_at=done.looked_at, missing=done.missing, drift=done.drift
    )


async def retry_order(call: Call) -> Answer:
    count = await deciding.retry_now(
        call.installation, call.subscriber.name, call.number, actor=call.token.name
    )
    return shapes.RetryAnswer(count=count)


async def retry_all(call: Call) -> Answer:
    count = await deciding.retry_now(call.installation, call.subscriber.name, actor=call.token.name)
    return shapes.RetryAnswer(count=count)
