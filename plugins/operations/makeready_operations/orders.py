"""What each operation does: call a story of the room, give its answer a shape."""

from datetime import UTC, datetime
from functools import partial

import msgspec
from makeready.orders import by_hand, decisions
from makeready.orders.corrections.correct import correct_and_send, find_correctable
from makeready.orders.corrections.model import Correction
from makeready.orders.corrections.rules import correctable, words_for
from makeready.orders.decisions import Replay, replay
from makeready.orders.line_filter import LineFilter
from makeready.orders.model import LineState
from makeready.orders.reconcile import compare
from makeready.orders.views.history import order_story
from makeready.orders.views.preview import preview_order
from makeready.orders.views.search import page_of_lines
from makeready.subscribers.shops import shop_ids
from makeready.times import parse_time
from makeready.web.api.answers import answer_from, answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import PageQuery
from makeready.web.paging import page_by_key
from makeready_hooks.errors import ConfigError

from makeready_operations import order_shapes

ORDER = ONE + "/orders/{number}"
SUBMISSION = ONE + "/submissions/{key}"
order_operation = partial(operation, group="Orders")


@operation("GET", "/subscribers", group="Overview", summary="The subscribers that the token is for")
async def list_subscribers(call: Call, query: PageQuery) -> order_shapes.SubscribersAnswer:
    everybody = [
        one for one in await call.installation.store.subscribers.all() if call.token.is_for(one.name)
    ]
    page, cursor = page_by_key(everybody, query, lambda one: one.name)
    found = answers_from(order_shapes.SubscriberAnswer, page)
    return order_shapes.SubscribersAnswer(subscribers=found, next_cursor=cursor)


@order_operation("GET", ONE + "/orders", summary="Order lines, the most recently changed first")
async def list_orders(call: Call, query: order_shapes.OrdersQuery) -> order_shapes.LinesAnswer:
    wanted = LineFilter(
        state=query.state,
        start=parse_time(query.start, field="from"),
        end=parse_time(query.end, field="to", is_end=True),
        query=query.q,
        customer=query.customer,
        product=query.product,
    )
    lines, cursor = await page_of_lines(
        call.installation.store.lines, call.subscriber.name, wanted, limit=query.limit, cursor=query.cursor
    )
    found = (
        [] if query.cursor else await call.installation.store.unreadable.find(call.subscriber.name, wanted)
    )
    return order_shapes.LinesAnswer(
        lines=answers_from(order_shapes.LineAnswer, lines),
        unreadable=answers_from(order_shapes.UnreadableAnswer, found),
        next_cursor=cursor or None,
    )


@order_operation("GET", ORDER, summary="All that is known of an order")
async def show_order(call: Call) -> order_shapes.StoryAnswer:
    story = await order_story(call.installation, call.subscriber.name, call.number)
    if story is None:
        raise unknown(call)
    shop = shop_ids(call.installation.kinds, call.subscriber).named(story.order)
    return order_shapes.story_answer(story, shop)


def unknown(call: Call) -> ConfigError:
    return ConfigError(f"Nothing is known of order {call.number}.", field="number")


@order_operation(
    "GET",
    ORDER + "/preview",
    name="previewOrder",
    summary="What would be sent under the settings of today",
    asks_vendors=True,
)
async def preview(call: Call) -> order_shapes.PreviewsAnswer:
    found = await preview_order(call.installation, call.subscriber, call.number)
    return order_shapes.PreviewsAnswer(previews=answers_from(order_shapes.PreviewAnswer, found))


@order_operation(
    "POST", SUBMISSION + "/send-again", summary="Send what was refused or parked", action="orders send-again"
)
async def send_again(call: Call) -> order_shapes.DecidedAnswer:
    await decisions.send_again(call.installation, decision_of(call))
    return order_shapes.DecidedAnswer(key=call.key, decision="send-again")


@order_operation(
    "GET",
    SUBMISSION + "/corrections",
    name="showCorrectable",
    summary="What can be corrected of a rejected order, as the shop shows it and as it would be sent",
    asks_vendors=True,
)
async def show_correctable(call: Call) -> order_shapes.CorrectableAnswer:
    found = await find_correctable(call.installation, decision_of(call))
    values = correctable(found.order, found.mis, found.corrections)
    return order_shapes.CorrectableAnswer(
        values=tuple(answer_from(order_shapes.CorrectableValue, one, label=words_for(one)) for one in values)
    )


@order_operation(
    "POST",
    SUBMISSION + "/correct",
    summary="Correct values of a rejected order, for this order alone, and send it again",
    action="orders correct",
    asks_vendors=True,
)
async def correct(call: Call, body: order_shapes.CorrectBody) -> order_shapes.DecidedAnswer:
    wanted = [Correction(**msgspec.structs.asdict(one)) for one in body.values]
    await correct_and_send(call.installation, decision_of(call), wanted)
    return order_shapes.DecidedAnswer(key=call.key, decision="correct")


@order_operation(
    "GET",
    SUBMISSION + "/in-mis",
    name="compareWithMis",
    summary="What the MIS shows under a number, beside ours, before it is accepted under it",
    asks_vendors=True,
)
async def compare_with_mis(call: Call, query: order_shapes.InMisQuery) -> order_shapes.InMisAnswer:
    found = await by_hand.compare_with_mis(call.installation, decision_of(call), query.mis_number)
    return answer_from(order_shapes.InMisAnswer, found)


@order_operation(
    "POST",
    SUBMISSION + "/accept",
    summary="It is in the MIS already: accept it under its number there",
    action="orders accept",
)
async def accept(call: Call, body: order_shapes.AcceptBody) -> order_shapes.DecidedAnswer:
    if not body.confirmed:
        raise ConfigError(
            "Nothing was accepted: it is not confirmed.",
            field="confirmed",
            fix="See what the MIS shows under the number (compareWithMis), then confirm.",
        )
    await by_hand.accept_as(call.installation, decision_of(call), body.mis_number, unseen=body.unseen)
    return order_shapes.DecidedAnswer(key=call.key, decision="accept")


@order_operation(
    "POST",
    SUBMISSION + "/take-back",
    summary="It is not in the MIS, as a person had said: it waits again, and nothing is sent",
    action="orders take-back",
)
async def take_back(call: Call) -> order_shapes.DecidedAnswer:
    await by_hand.take_back(call.installation, decision_of(call))
    return order_shapes.DecidedAnswer(key=call.key, decision="take-back")


@order_operation(
    "POST",
    SUBMISSION + "/refuse",
    summary="The MIS does not make it after all, although it had taken it",
    action="orders refuse",
)
async def refuse(call: Call, body: order_shapes.IgnoreBody) -> order_shapes.DecidedAnswer:
    await decisions.refuse(call.installation, decision_of(call), body.reason)
    return order_shapes.DecidedAnswer(key=call.key, decision="refuse")


@order_operation("POST", SUBMISSION + "/ignore", summary="Do not send it", action="orders ignore")
async def ignore(call: Call, body: order_shapes.IgnoreBody) -> order_shapes.DecidedAnswer:
    await decisions.ignore(call.installation, decision_of(call), body.reason)
    return order_shapes.DecidedAnswer(key=call.key, decision="ignore")


def decision_of(call: Call) -> decisions.Decision:
    return decisions.Decision(subscriber=call.subscriber.name, key=call.key, actor=call.token.name)


@order_operation(
    "POST", ONE + "/orders/replay", summary="Send again all that a filter finds", action="orders replay"
)
async def replay_orders(call: Call, body: order_shapes.ReplayBody) -> order_shapes.ReplayAnswer:
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
    return answer_from(order_shapes.ReplayAnswer, done, body, count=len(done.keys))


@order_operation(
    "POST",
    ONE + "/reconcile",
    summary="Compare a period's orders with the shop, and take in what is missing",
    action="orders reconcile",
    asks_vendors=True,
)
async def reconcile(call: Call, body: order_shapes.ReconcileBody) -> order_shapes.ReconcileAnswer:
    start = parse_time(body.start, field="from")
    end = parse_time(body.end, field="to", is_end=True) or call.installation.clock()
    first, last = datetime.fromtimestamp(start or 0, UTC), datetime.fromtimestamp(end, UTC)
    done = await compare(
        call.installation, call.subscriber, first, last, dry_run=body.dry_run, ask_mis=body.ask_mis
    )
    return answer_from(order_shapes.ReconcileAnswer, done, body)


@order_operation(
    "POST", ORDER + "/retry", summary="Try at once what waits for its next try", action="orders retry"
)
async def retry_order(call: Call) -> order_shapes.RetryAnswer:
    count = await decisions.retry(call.installation, call.subscriber.name, call.number, actor=call.token.name)
    return order_shapes.RetryAnswer(count=count)


@order_operation(
    "POST", ONE + "/retry", summary="Try at once all that waits for its next try", action="orders retry"
)
async def retry_all(call: Call) -> order_shapes.RetryAnswer:
    count = await decisions.retry(call.installation, call.subscriber.name, actor=call.token.name)
    return order_shapes.RetryAnswer(count=count)


@order_operation(
    "POST",
    ORDER + "/look-again",
    summary="Read an order that cannot be read once more, at once",
    action="orders look-again",
)
async def look_again(call: Call) -> order_shapes.RetryAnswer:
    await decisions.look_again(call.installation, call.subscriber.name, call.number)
    return order_shapes.RetryAnswer(count=1)
