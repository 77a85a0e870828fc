"""Which lines of an order go to the MIS, and when: a pure decision about what the shop shows now."""

from makeready_hooks.model.order import Order, OrderLine

from makeready.flows.numbers import product_of_part_number
from makeready.records import Subscriber
from makeready.store.ledger import LineVerdict
from makeready.store.states import LineState


def judge(subscriber: Subscriber, order: Order) -> list[LineVerdict]:
    """One verdict per line. A line goes when it is approved and at the configured stage."""
    return [_verdict(subscriber, order, line) for line in order.lines]


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
        submission=submission_key(order, line) if state is LineState.READY else "",
    )


def submission_key(order: Order, line: OrderLine) -> str:
    """``6994-1``: each line is an order of its own. The same over all attempts."""
    return f"{order.number}-{line.number}"


def _state(subscriber: Subscriber, order: Order, line: OrderLine, product_id: str) -> tuple[LineState, str]:
    stage = subscriber.orders.stage_for(order.site)
    if not product_id:
        return LineState.IGNORED, f"part number {line.part_number or '(none)'} is not a product of the MIS"
    if line.mis_number:
        return LineState.IGNORED, f"the shop's item already carries the MIS number {line.mis_number}"
    if line.denied:
        return LineState.CANCELLED, "denied in the shop"
    if not line.approved:
        return LineState.WAITING, "waits for approval"
    if line.stage.casefold() != stage.casefold():
        return LineState.WAITING, f"waits for stage {stage}; it is at {line.stage or 'none'}"
    return LineState.READY, ""
