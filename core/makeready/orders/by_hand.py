"""*It is in the MIS*: a person says so, with what the MIS shows of it beside ours; and takes it back."""

from makeready_hooks.errors import ConfigError, MakereadyError, NotSupported, Refused, RetryLater
from makeready_hooks.model.submission import AcceptedOrder, MisLine, MisOrder, OrderContents
from msgspec import Struct, structs

from makeready.connectors import Connectors
from makeready.contexts import SubmissionContext
from makeready.engine.model import NewWork
from makeready.orders.artwork.model import FILE
from makeready.orders.contents.comparison import shown_otherwise
from makeready.orders.decisions import Decision, find_submission, move_or_refuse
from makeready.orders.model import MARK, Cause, FarEnd, LineState, Submission
from makeready.orders.submission.far_end import far_end, far_ends
from makeready.orders.submission.mark import mark_of_submission, marks_items
from makeready.orders.views.preview import preview_order
from makeready.products.links import routes_of
from makeready.subscribers.model import Subscriber
from makeready.times import format_utc

MOST_CHARACTERS = 64
ON_THE_WAY = (LineState.SUBMITTING, LineState.IN_DOUBT)


class InMis(Struct, frozen=True, kw_only=True):
    """What the MIS shows under the number that a person gives, and ours beside it."""

    number: str
    asked: bool
    """False: the MIS cannot be asked, and nobody can check it."""
    found: MisOrder | None = None
    alike: str = ""
    """A number that it shows, which differs in small and capital letters only."""
    ours: OrderContents = OrderContents()
    differences: tuple[str, ...] = ()


async def compare_with_mis(context: SubmissionContext, decision: Decision, number: str) -> InMis:
    """To be shown before `accept_as`. Raises as that."""
    submission = await find_submission(context, decision)
    seen, ours = await _look_up(context, submission, number), await _ours(context, submission)
    told = tuple(shown_otherwise(ours, seen.found.contents)) if seen.found else ()
    other = await context.store.ledger.find(submission.subscriber, seen.number)
    if other is not None and other.key != submission.key:
        told += (f"{seen.number} is what {other.key} of order {other.order_number} is called in the MIS",)
    return structs.replace(seen, ours=ours, differences=told)


async def _ours(context: SubmissionContext, submission: Submission) -> OrderContents:
    """As it would be sent today; products and quantities only, where that cannot be told."""
    try:
        subscriber = await context.subscriber(submission.subscriber)
        for one in await preview_order(context, subscriber, submission.order_number):
            if one.key == submission.key and one.contents != OrderContents():
                return one.contents
    except MakereadyError:  # it is about what is there already: nothing of it keeps a person from looking
        pass
    lines = await context.store.ledger.of_order(submission.subscriber, submission.order_number)
    of_key = [one for one in lines if one.submission == submission.key]
    return OrderContents(
        lines=tuple(MisLine(product_id=one.product_id, quantity=one.quantity) for one in of_key)
    )


async def accept_as(
    context: SubmissionContext, decision: Decision, number: str, *, unseen: bool = False
) -> None:
    """The person has found it in the MIS under this number, which is looked up where the MIS can be asked.

    ``unseen``: the person says that it is there although the MIS does not show it. Raises as `decisions.send_again`;
    ConfigError for what can be no number; Refused if the MIS shows no such order, or if it may still arrive.
    """
    submission = await find_submission(context, decision)
    if submission.state in ON_THE_WAY and context.clock() < submission.quiet_until:
        until = format_utc(submission.quiet_until)
        raise Refused(
            f"What was sent may still arrive in the MIS until {until} UTC.", fix="Decide about it afterwards."
        )
    seen = await _look_up(context, submission, number)
    if seen.alike:
        raise Refused(
            f"The MIS shows no order {seen.number}, but {seen.alike}.", fix="Give it as the MIS writes it."
        )
    if seen.asked and seen.found is None and not unseen:
        fix = "Give the number that it has there, or confirm that it is there although the MIS does not show it."
        raise Refused(f"The MIS shows no order {seen.number}.", fix=fix)
    label = seen.found.label if seen.found else seen.number
    doubt = (
        "" if seen.found else ", which the MIS does not show" if seen.asked else ", which nobody could check"
    )
    cause = Cause(f"a person says that it is in the MIS as {label}{doubt}", context.clock(), decision.actor)
    marks, end = await _may_mark_and_where(context, submission)
    accepting = context.store.ledger.accept(
        submission,
        accepted=structs.replace(seen.found or AcceptedOrder(id=seen.number), number=label),
        cause=cause,
        next_kinds=(MARK, FILE) if marks else (FILE,),
        far_end=None if submission.environment else end,
        is_by_hand=True,
    )
    await move_or_refuse(submission, accepting)


async def _look_up(context: SubmissionContext, submission: Submission, typed: str) -> InMis:
    number = typed.strip()
    try:
        subscriber = await context.subscriber(submission.subscriber)
        connectors = await context.connectors(subscriber)
        mis = await _mis_of_lines(context, subscriber, connectors, submission)
        end = far_end(context, subscriber, connectors, submission, mis)
        shown = await connectors.read_mis_orders(end.connector, (number,))
        exact = next((one for one in shown or () if number in (one.number, one.id)), None)
        if shown is not None and exact is None:
            spelled = {number.upper(), number.lower()} - {number}
            shown += await connectors.read_mis_orders(end.connector, tuple(sorted(spelled))) or ()
    except (ConfigError, NotSupported, RetryLater):
        shown = exact = None  # an MIS that is away, or gone for good, keeps nobody from deciding
    if exact is None and (
        not number.isprintable() or " " in number or not 0 < len(number) <= MOST_CHARACTERS
    ):
        raise ConfigError(
            f"{number[:MOST_CHARACTERS]!r} can be no number of an order in the MIS.",
            field="mis_number",
            fix=f"Give it as the MIS shows it: at most {MOST_CHARACTERS} characters, no blanks.",
        )
    same = [
        one.label for one in shown or () if number.casefold() in (one.number.casefold(), one.id.casefold())
    ]
    alike = same[0] if same and exact is None else ""
    return InMis(number=number, asked=shown is not None, found=exact, alike=alike)


async def _mis_of_lines(
    context: SubmissionContext, subscriber: Subscriber, connectors: Connectors, submission: Submission
) -> str:
    """That makes the lines of a submission; "" if nothing says which."""
    lines = await context.store.ledger.of_order(submission.subscriber, submission.order_number)
    of_key = [one for one in lines if one.submission == submission.key]
    routes = await routes_of(context, subscriber, connectors, [one.product_id for one in of_key])
    makers = {routes.mis_of(one.site, one.product_id) for one in of_key}
    return makers.pop() if len(makers) == 1 else ""


async def _may_mark_and_where(
    context: SubmissionContext, submission: Submission
) -> tuple[bool, FarEnd | None]:
    """Whether the shop takes marks, and where orders go now: an acceptance in the test MIS says nothing of *live*.

    Broken settings keep nobody from deciding: then the work itself finds out what the shop can.
    """
    try:
        subscriber = await context.subscriber(submission.subscriber)
        connectors = await context.connectors(subscriber)
        taker = connectors.taker(await _mis_of_lines(context, subscriber, connectors, submission))
    except (ConfigError, NotSupported):
        return True, None
    ends = far_ends(context, subscriber) or ()
    return marks_items(connectors, submission.order_number), next(
        (end for end in ends if end.connector == taker), None
    )


async def take_back(context: SubmissionContext, decision: Decision) -> None:
    """It is not in the MIS as a person has said: it waits again as it did before, and our mark is taken off.

    Nothing is sent by that. Raises as `decisions.send_again`; Refused if no person has accepted it.
    """
    submission = await find_submission(context, decision)
    if submission.state == LineState.ACCEPTED and not submission.by_hand:
        raise Refused(
            f"{submission.key} was accepted by the MIS, not by a person.",
            fix="If the MIS does not make it after all, say that it is refused.",
        )
    now, mark = context.clock(), mark_of_submission(submission)
    label = submission.mis_number or submission.mis_id
    cause = Cause(f"a person takes back that it is in the MIS as {label}", now, decision.actor)
    work = NewWork(subscriber=decision.subscriber, kind=MARK, key=decision.key, due_at=now)
    await move_or_refuse(submission, context.store.ledger.take_back(submission, mark.label, cause, [work]))
