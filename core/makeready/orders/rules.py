"""Which lines of an order go to the MIS, when, and together with which: a pure decision.

It looks at what the shop shows now, and at what the ledger knows of the lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count

from makeready_hooks.model.order import Order, OrderLine, OrderPart
from makeready_hooks.money import split
from msgspec import structs

from makeready.orders.fulfilment.rules import same
from makeready.orders.model import KnownLine, LineDecision, LineState
from makeready.products.part_numbers import product_of_part_number
from makeready.subscribers.model import Subscriber

WAYS_OUT = "Correct it in the shop, then it goes by itself; or say that it shall not be sent."


NEW = KnownLine()


def why_unfit(lines: Sequence[OrderLine]) -> str:
    """Why lines that go together cannot go, for people; "" if they can."""
    faults = [f"line {line.number}: {fault}" for line in lines for fault in _faults(line)]
    return f"What the shop gives cannot be sent ({'; '.join(faults)}). {WAYS_OUT}" if faults else ""


def _faults(line: OrderLine) -> Iterator[str]:
    if line.net is None:
        yield "no price"
    amounts = {"price": line.net, "tax": line.tax, "shipping": line.shipping_net, "quantity": line.quantity}
    for name, amount in (amounts | {"tax of the shipping": line.shipping_tax}).items():
        if amount is not None and amount < 0:
            yield f"a {name} of {amount}"
    for part in line.parts:
        if part.quantity < 0:
            yield f"a quantity of {part.quantity} of the part {part.description or part.part_number}"
        if part.net < 0:
            yield f"a price of {part.net} of the part {part.description or part.part_number}"


def decide_lines(subscriber: Subscriber, order: Order, known: Mapping[int, KnownLine]) -> list[LineDecision]:
    """One verdict per line. A line goes when it is approved and at the configured stage.

    ``known`` is what the ledger holds of the order's lines; those that are new are not there.
    """
    verdicts = [_verdict(subscriber, order, line, known.get(line.number, NEW)) for line in order.lines]
    if subscriber.orders.grouping_for(order.site) == "order":
        return _fit(order, _together(order, verdicts, known), known)
    verdicts = [
        _with_key(verdict, known.get(verdict.line, NEW).submission or f"{order.number}-{verdict.line}")
        for verdict in verdicts
    ]
    return _fit(order, verdicts, known)


def _fit(
    order: Order, verdicts: Sequence[LineDecision], known: Mapping[int, KnownLine]
) -> list[LineDecision]:
    """With why the submission of a line cannot go. What has left once goes as it was."""
    lines = {line.number: line for line in order.lines}
    together: dict[str, list[OrderLine]] = {}
    for verdict in verdicts:
        if verdict.state is LineState.READY and not known.get(verdict.line, NEW).left:
            together.setdefault(verdict.submission, []).append(lines[verdict.line])
    unfit = {key: why_unfit(found) for key, found in together.items()}
    return [structs.replace(verdict, unfit=unfit.get(verdict.submission, "")) for verdict in verdicts]


def _decided(verdict: LineDecision, known: KnownLine) -> LineDecision:
    """What has left once stays decided, wherever the shop has moved it since: only a withdrawal stops it."""
    if known.left and verdict.state is LineState.WAITING:
        return structs.replace(verdict, state=LineState.READY, reason="")
    return verdict


def _verdict(subscriber: Subscriber, order: Order, line: OrderLine, known: KnownLine) -> LineDecision:
    sent = mis_lines(subscriber, line)
    product_id = product_of_part_number(subscriber, sent[0].part_number) if sent else ""
    withdrawn = _withdrawn(line, known)
    state, reason = _state(subscriber, order, line, product_id)
    verdict = LineDecision(
        line=line.number,
        product_id=product_id,
        description=line.description,
        quantity=line.quantity,
        part_number=line.part_number,
        state=state,
        reason=reason,
        withdrawn=withdrawn,
    )
    return _decided(verdict, known)


def _withdrawn(line: OrderLine, known: KnownLine) -> str:
    """What the shop says of a line that it does not want any more, whether it was sent or not; else "".

    The stage to which a status of the MIS has led tells the MIS nothing new.
    """
    if line.denied:
        return "denied in the shop"
    if line.cancelled and not same(line.stage, known.led_to):
        return f"cancelled in the shop: it is at stage {line.stage}"
    return ""


def _state(subscriber: Subscriber, order: Order, line: OrderLine, product_id: str) -> tuple[LineState, str]:
    stage = subscriber.orders.stage_for(order.site)
    if not product_id and line.parts:
        return LineState.IGNORED, "no part of the kit that is wanted is a product of the MIS"
    if not product_id:
        return LineState.IGNORED, f"part number {line.part_number or '(none)'} is not a product of the MIS"
    if line.mis_number:
        return LineState.IGNORED, f"the shop's item already carries the MIS number {line.mis_number}"
    if line.withdrawn:
        return LineState.CANCELLED, _withdrawn(line, NEW)
    if line.quantity == 0:
        return LineState.IGNORED, "its quantity is 0"
    if not line.approved:
        return LineState.WAITING, "waits for approval"
    if line.stage.casefold() != stage.casefold():
        return LineState.WAITING, f"waits for stage {stage}; it is at {line.stage or 'none'}"
    return LineState.READY, ""


def _together(
    order: Order, verdicts: Sequence[LineDecision], known: Mapping[int, KnownLine]
) -> list[LineDecision]:
    """All lines of the order as one submission; none goes before every one is decided and at the stage.

    What has left before is not held back, and what a person has put aside is not waited for.
    """
    waiting = [
        str(verdict.line)
        for verdict in verdicts
        if verdict.state is LineState.WAITING and not known.get(verdict.line, NEW).held
    ]
    key = _group_key(order, known)
    reason = f"waits for the rest of the order: line {', '.join(waiting)}"
    return [
        _hold(verdict, reason)
        if waiting and not known.get(verdict.line, NEW).left
        else _with_key(verdict, known.get(verdict.line, NEW).submission or key)
        for verdict in verdicts
    ]


def _group_key(order: Order, known: Mapping[int, KnownLine]) -> str:
    """``6994``; for lines that come after it has left, a supplement with its own key: ``6994-S2``.

    A key that has left is never given again. One that is still here takes further lines in.
    """
    gone = {one.submission for one in known.values() if one.left}
    here = {one.submission for one in known.values() if one.submission} - gone
    if here:
        return min(here)
    if not gone:
        return order.number
    supplements = (f"{order.number}-S{number}" for number in count(len(gone) + 1))
    return next(key for key in supplements if key not in gone)


def _hold(verdict: LineDecision, reason: str) -> LineDecision:
    if verdict.state is not LineState.READY:
        return verdict
    return structs.replace(verdict, state=LineState.WAITING, reason=reason)


def _with_key(verdict: LineDecision, key: str) -> LineDecision:
    return structs.replace(verdict, submission=key) if verdict.state is LineState.READY else verdict


def mis_lines(subscriber: Subscriber, line: OrderLine) -> tuple[OrderLine, ...]:
    """What an item of the shop is in the MIS: itself or, for a kit that the MIS does not make as such, a line
    for each of its parts that is wanted and that the MIS makes. Empty if nothing is the MIS's.

    The parts share the item's price and tax; its files and its shipping go with the first. Without a price of
    the item they have none.
    """
    if product_of_part_number(subscriber, line.part_number):
        return (line,)
    wanted = [part for part in line.parts if part.quantity > 0]
    if not wanted:
        return ()
    weights = _weights(wanted)
    prices = [None] * len(wanted) if line.net is None else split(line.net, weights)
    shared = zip(wanted, prices, split(line.tax, weights), strict=True)
    of_mis = [one for one in shared if product_of_part_number(subscriber, one[0].part_number)]
    return tuple(
        _part_as_line(line, part, net, tax, first=place == 0) for place, (part, net, tax) in enumerate(of_mis)
    )


def _weights(parts: list[OrderPart]) -> list[Decimal]:
    """By their own prices where the shop tells them, else by their quantities."""
    prices = [part.net for part in parts]
    return prices if all(price > 0 for price in prices) else [Decimal(part.quantity) for part in parts]


def _part_as_line(
    line: OrderLine, part: OrderPart, net: Decimal | None, tax: Decimal, *, first: bool
) -> OrderLine:
    own = structs.replace(
        line,
        part_number=part.part_number,
        description=part.description,
        quantity=part.quantity,
        net=net,
        tax=tax,
        parts=(),
    )
    return own if first else structs.replace(own, shipping_net=Decimal(0), shipping_tax=Decimal(0), files=())
