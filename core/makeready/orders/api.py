"""What each operation does: call a flow, give its answer a shape."""

from datetime import UTC, datetime

from makeready_hooks.errors import ConfigError
from starlette.responses import HTMLResponse

from makeready.orders import api_model, decisions
from makeready.orders.decisions import Replay, replay
from makeready.orders.evidence import EvidenceDocument, as_page, document_of, order_evidence
from makeready.orders.history import order_story
from makeready.orders.model import LineState
from makeready.orders.preview import preview_order
from makeready.orders.reconcile import compare
from makeready.orders.store.search import LineFilter
from makeready.times import parse_time
from makeready.web.api.operation import Answer
from makeready.web.api.requests import Call
from makeready.web.headers import DOCUMENT_HEADERS
from makeready.web.paging import page_by_key, page_of_lines


async def list_subscribers(call: Call) -> Answer:
    everybody = [
        one for one in await call.installation.store.subscribers.all() if call.token.is_for(one.name)
    ]
    page, cursor = page_by_key(everybody, call.query, lambda one: one.name)
    found = [
        api_model.SubscriberAnswer(
            name=one.name, title=one.title, environment=one.environment, connectors=tuple(one.connectors)
        )
        for one in page
    ]
    return api_model.SubscribersAnswer(subscribers=tuple(found), next_cursor=cursor)


async def list_orders(call: Call) -> Answer:
    query: api_model.OrdersQuery = call.query
    wanted = LineFilter(
        state=query.state or "",
        start=parse_time(query.start, field="from"),
        end=parse_time(query.end, field="to", is_end=True),
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
    return api_model.LinesAnswer(lines=tuple(map(api_model.line_answer, lines)), next_cursor=cursor or None)


async def show_order(call: Call) -> Answer:
    story = await order_story(call.installation, call.subscriber.name, call.number)
    if story is None:
        raise _unknown(call)
    return api_model.story_answer(story)


def _unknown(call: Call) -> ConfigError:
    return ConfigError(f"Nothing is known of order {call.number}.", field="number")


async def preview(call: Call) -> Answer:
    found = await preview_order(call.installation, call.subscriber, call.number)
    return api_model.PreviewsAnswer(previews=tuple(map(api_model.preview_answer, found)))


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
    await decisions.send_again(call.installation, _decision(call))
    return api_model.DecidedAnswer(key=call.key, decision="send-again")


async def accept(call: Call) -> Answer:
    body: api_model.AcceptBody = call.body
    await decisions.accept_as(call.installation, _decision(call), body.mis_number)
    return api_model.DecidedAnswer(key=call.key, decision="accept")


async def ignore(call: Call) -> Answer:
    body: api_model.IgnoreBody = call.body
    await decisions.ignore(call.installation, _decision(call), body.reason)
    return api_model.DecidedAnswer(key=call.key, decision="ignore")


def _decision(call: Call) -> decisions.Decision:
    return decisions.Decision(subscriber=call.subscriber.name, key=call.key, actor=call.token.name)


async def replay_orders(call: Call) -> Answer:
    body: api_model.ReplayBody = call.body
    wanted = Replay(
        subscriber=call.subscriber.name,
        states=tuple(map(LineState, body.states)),
        start=parse_time(body.start, field="from"),
        end=parse_time(body.end, field="to", is_end=True),
        reason=body.reason,
        actor=call.token.name,
        parked_are_not_in_the_mis=body.parked_are_not_in_the_mis,
    )
    done = await replay(call.installation, wanted, dry_run=body.dry_run)
    return api_model.ReplayAnswer(
        dry_run=body.dry_run, count=len(done.keys), keys=done.keys, skipped=done.skipped, more=done.more
    )


async def reconcile(call: Call) -> Answer:
    body: api_model.ReconcileBody = call.body
    start = parse_time(body.start, field="from")
    end = parse_time(body.end, field="to", is_end=True) or call.installation.clock()
    first, last = datetime.fromtimestamp(start or 0, UTC), datetime.fromtimestamp(end, UTC)
    done = await compare(
        call.installation, call.subscriber, first, last, dry_run=body.dry_run, ask_mis=body.ask_mis
    )
    return api_model.ReconcileAnswer(
        dry_run=body.dry_run, looked_at=done.looked_at, missing=done.missing, drift=done.drift
    )


async def retry_order(call: Call) -> Answer:
    count = await decisions.retry_now(
        call.installation, call.subscriber.name, call.number, actor=call.token.name
    )
    return api_model.RetryAnswer(count=count)


async def retry_all(call: Call) -> Answer:
    count = await decisions.retry_now(call.installation, call.subscriber.name, actor=call.token.name)
    return api_model.RetryAnswer(count=count)
