"""Which lines of an order go to the MIS, when, and together with which: a pure decision.

It looks at what the shop shows now, and at which lines have been given to a submission before.
"""

from collections.abc import Mapping, Sequence
from itertools import count

from makeready_hooks.model.order import Order, OrderLine
from msgspec import structs

from makeready.flows.numbers import product_of_part_number
from makeready.records import Subscriber
from makeready.store.ledger import LineVerdict
from makeready.store.states import LineState


def judge(subscriber: Subscriber, order: Order, given: Mapping[int, str]) -> list[LineVerdict]:
    """One verdict per line. A line goes when it is approved and at the configured stage.

    ``given`` holds the submission's key of each line that has one.
    """
    verdicts = [_verdict(subscriber, order, line) for line in order.lines]
    if subscriber.orders.grouping_for(order.site) == "order":
        return _together(order, verdicts, given)
    return [
        _with_key(verdict, given.get(verdict.line) or f"{order.number}-{verdict.line}")
        for verdict in verdicts
    ]


def _verdict(subscriber: Subscriber, order: Order, line: OrderLine) -> LineVerdict:
    product_id = product_of_part_number(subscriber, line.part_number)
    state, reason = _state(subscriber, order, line, product_id)
    return LineVerdict(
        line=line.number,
        product_id=product_id,
        description=line.description,
        quantity=line.quantity,
        state=state,
        reason=reason,
    )


def _state(subscriber: Subscriber, order: Order, line: OrderLine, product_id: str) -> tuple[LineState, str]:
    stage = subscriber.orders.stage_for(order.site)
    if not product_id:
        return LineState.IGNORED, f"part number {line.part_number or '(none)'} is not a product of the MIS"
    if line.mis_number:
        return LineState.IGNORED, f"the shop's item already carries the MIS number {line.mis_number}"
    if line.denied:
        return LineState.CANCELLED, "denied in the shop"
    if line.quantity <= 0:
        return LineState.IGNORED, "its quantity is 0"
    if not line.approved:
        return LineState.WAITING, "waits for approval"
    if line.stage.casefold() != stage.casefold():
        return LineState.WAITING, f"waits for stage {stage}; it is at {line.stage or 'none'}"
    return LineState.READY, ""


def _together(order: Order, verdicts: Sequence[LineVerdict], given: Mapping[int, str]) -> list[LineVerdict]:
    """All lines of the order as one submission; none goes before every one is decided and at the stage."""
    waiting = [str(verdict.line) for verdict in verdicts if verdict.state is LineState.WAITING]
    if waiting:
        reason = f"waits for the rest of the order: line {', '.join(waiting)}"
        return [_hold(verdict, reason) if verdict.line not in given else verdict for verdict in verdicts]
    key = _group_key(order, given)
    return [_with_key(verdict, given.get(verdict.line) or key) for verdict in verdicts]


def _group_key(order: Order, given: Mapping[int, str]) -> str:
    """``6994``; for lines that come after it was made up, a supplement with its own key: ``6994-S2``.

    A key that is taken is never given again: a supplement before it may have been withdrawn.
    """
    taken = set(given.values())
    if not taken:
        return order.number
    supplements = (f"{order.number}-S{number}" for number in count(len(taken) + 1))
    return next(key for key in supplements if key not in taken)


def _hold(verdict: LineVerdict, reason: str) -> LineVerdict:
    if verdict.state is not LineState.READY:
        return verdict
    return structs.replace(verdict, state=LineState.WAITING, reason=reason)


def _with_key(verdict: LineVerdict, key: str) -> LineVerdict:
    return structs.replace(verdict, submission=key) if verdict.state is LineState.READY else verdict
