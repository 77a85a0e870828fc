"""Which lines of an order go to the MIS, when, and together with which: a pure decision.

It looks at what the shop shows now, and at what the ledger knows of the lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count

from makeready_hooks.model.order import Order, OrderLine
from makeready_hooks.names import same_name
from msgspec import structs

from makeready.orders.contents.limits import why_too_long
from makeready.orders.contents.lines import mis_lines, order_request
from makeready.orders.contents.shipping import shipping_choices, why_unshippable
from makeready.orders.corrections.rules import corrected, corrections_of
from makeready.orders.model import KnownLine, LineDecision, LineState
from makeready.products.part_numbers import product_of_part_number
from makeready.products.routes import Routes
from makeready.subscribers.model import Subscriber

READY_AFTER = "and ready only after it: nobody else can have sent it"
"""Part of the reason of lines that are listed apart."""
WAYS_OUT = "Correct it in the shop, then it goes by itself; or say that it shall not be sent."
FREE = "a price of 0"
FREE_ON_PURPOSE = "What costs nothing on purpose stands in the setting orders.free_products."


TEST_MARK = "TEST "
"""Begins the MIS numbers that tests write on the shop's items."""
NEW = KnownLine()
ONE_MIS = Routes(names=())
"""As if there were no choice."""


def why_unfit(subscriber: Subscriber, site: str, lines: Sequence[OrderLine]) -> str:
    """Why lines that go together cannot go, for people; "" if they can."""
    faults = [f"line {line.number}: {fault}" for line in lines for fault in _faults(subscriber, site, line)]
    if not faults:
        return ""
    hint = f" {FREE_ON_PURPOSE}" if any(fault.endswith(FREE) for fault in faults) else ""
    return f"What the shop gives cannot be sent ({'; '.join(faults)}). {WAYS_OUT}{hint}"


def _faults(subscriber: Subscriber, site: str, line: OrderLine) -> Iterator[str]:
    product_id = product_of_part_number(subscriber, line.part_number)
    if line.contradiction:
        yield line.contradiction
    yield from why_unshippable(subscriber.shipping, shipping_choices(subscriber.shipping, site, [line]))
    if line.net is None:
        yield "no price"
    elif line.net == 0 and not subscriber.orders.may_be_free(site, line.part_number, product_id):
        yield FREE
    elif subscriber.orders.discounts == "share" and line.discount > max(line.net, Decimal(0)):
        yield f"a discount of {line.discount} on a price of {line.net}"
    amounts = {"price": line.net, "tax": line.tax, "shipping": line.shipping_net, "quantity": line.quantity}
    for name, amount in (amounts | {"tax of the shipping": line.shipping_tax}).items():
        if amount is not None and amount < 0:
            yield f"a {name} of {amount}"
    for part in line.parts:
        if part.quantity < 0:
            yield f"a quantity of {part.quantity} of the part {part.description or part.part_number}"
        if part.net < 0:
            yield f"a price of {part.net} of the part {part.description or part.part_number}"


def decide_lines(
    subscriber: Subscriber, order: Order, known: Mapping[int, KnownLine], routes: Routes = ONE_MIS
) -> list[LineDecision]:
    """One decision per line. A line goes when it is approved and at the configured stage.

    ``known`` is what the ledger holds of the order's lines; those that are new are not there. ``routes``: of the
    products of the order.
    """
    decisions = [
        _decision(subscriber, order, line, known.get(line.number, NEW), routes) for line in order.lines
    ]
    reference = subscriber.orders.reference(order.number)
    if subscriber.orders.grouping_for(order.site) == "order":
        decisions = _together(reference, decisions, known)
    else:
        decisions = [
            _with_key(decision, known.get(decision.line, NEW).submission or f"{reference}-{decision.line}")
            for decision in decisions
        ]
    fit = zip(order.lines, _fit(subscriber, order, decisions, known, routes), strict=True)
    return [
        one
        if one.mis or one.unfit or one.state is not LineState.READY or known.get(one.line, NEW).left
        else structs.replace(one, unfit=_why_unrouted(subscriber, order, line, routes))
        for line, one in fit
    ]


def _why_unrouted(subscriber: Subscriber, order: Order, line: OrderLine, routes: Routes) -> str:
    """Why no MIS gets a line, for people; "" without any MIS."""
    if not routes.names:
        return ""
    products = [product_of_part_number(subscriber, one.part_number) for one in mis_lines(subscriber, line)]
    makers = {one: routes.mis_of(order.site, one) for one in products}
    if unknown := [one for one, mis in makers.items() if not mis]:
        return f"Line {line.number} cannot be sent: {routes.why_none(unknown[0])}."
    return (
        f"Line {line.number} cannot be sent: its parts are made by {' and '.join(sorted({*makers.values()}))}, and a kit "
        "goes to one. Set routes by which one of them makes all, or sell the parts apart."
    )


def _fit(
    subscriber: Subscriber,
    order: Order,
    decisions: Sequence[LineDecision],
    known: Mapping[int, KnownLine],
    routes: Routes,
) -> list[LineDecision]:
    """With why the submission of a line cannot go. What has left once goes as it was."""
    order = corrected(order, corrections_of(known))
    lines = {line.number: line for line in order.lines}
    together: dict[str, list[OrderLine]] = {}
    makers = {one.submission: one.mis for one in decisions}
    for decision in decisions:
        if decision.state is LineState.READY and not known.get(decision.line, NEW).left:
            together.setdefault(decision.submission, []).append(lines[decision.line])
    unfit = {
        key: why_unfit(subscriber, order.site, found)
        or _why_too_long(subscriber, makers[key], routes, structs.replace(order, lines=tuple(found)))
        for key, found in together.items()
    }
    return [structs.replace(decision, unfit=unfit.get(decision.submission, "")) for decision in decisions]


def _why_too_long(subscriber: Subscriber, mis: str, routes: Routes, order: Order) -> str:
    """``order``: with the lines that go together."""
    if limits := routes.limits.get(mis):
        return why_too_long(subscriber, mis, limits, order_request(subscriber, order.number, order))
    return ""


def _decided(decision: LineDecision, known: KnownLine) -> LineDecision:
    """What has left once stays decided, wherever the shop has moved it since: only a withdrawal stops it."""
    if known.left and decision.state is LineState.WAITING:
        return structs.replace(decision, state=LineState.READY, reason="")
    return decision


def _decision(
    subscriber: Subscriber, order: Order, line: OrderLine, known: KnownLine, routes: Routes
) -> LineDecision:
    """The parts of a kit go together: to the MIS that makes all of them, else to none."""
    sent = mis_lines(subscriber, line)
    products = [product_of_part_number(subscriber, one.part_number) for one in sent]
    product_id = products[0] if products else ""
    makers = {routes.mis_of(order.site, one) for one in products}
    withdrawn = _withdrawn(line, known)
    state, reason = _state(subscriber, order, line, product_id)
    unready = state is LineState.WAITING
    if state in (LineState.WAITING, LineState.READY) and is_before_start(subscriber, order, known):
        state, reason = LineState.BEFORE_START, _why_before(subscriber, line, reason, known)
    decision = LineDecision(
        line=line.number,
        product_id=product_id,
        mis=makers.pop() if len(makers) == 1 else "",
        description=line.description,
        quantity=line.pieces,
        net=line.net,
        required_on=line.required_on,
        part_number=line.part_number,
        state=state,
        reason=reason,
        unready=unready,
        withdrawn=withdrawn,
    )
    return _decided(decision, known)


def is_before_start(subscriber: Subscriber, order: Order, known: KnownLine) -> bool:
    """Another system may have sent it: it was placed before our time began, and no person has included it since.

    What has left stays decided.
    """
    start = subscriber.orders.start
    return not known.left and order.placed_at.timestamp() < start and known.included_at < start


def _why_before(subscriber: Subscriber, line: OrderLine, reason: str, known: KnownLine) -> str:
    """Apart from the others is what was not ready yet when our time began: nobody else can have sent it."""
    text = f"placed before our time began ({subscriber.orders.starts_at})"
    if line.mis_number:
        return f"{text}; the shop's item carries the MIS number {line.mis_number}"
    if reason:
        return f"{text}; {reason}"
    return f"{text}, {READY_AFTER}" if known.unready_at >= subscriber.orders.start else text


def _withdrawn(line: OrderLine, known: KnownLine) -> str:
    """What the shop says of a line that it does not want any more, whether it was sent or not; else "".

    The stage to which a status of the MIS has led tells the MIS nothing new.
    """
    if line.denied:
        return "denied in the shop"
    if line.cancelled and not same_name(line.stage, known.led_to):
        return f"cancelled in the shop: it is at stage {line.stage}"
    return ""


def _state(subscriber: Subscriber, order: Order, line: OrderLine, product_id: str) -> tuple[LineState, str]:
    stage = subscriber.orders.stage_for(order.site)
    if not product_id and line.parts:
        return LineState.IGNORED, "no part of the kit that is wanted is a product of the MIS"
    if not product_id:
        return LineState.IGNORED, f"part number {line.part_number or '(none)'} is not a product of the MIS"
    if is_no_test(subscriber, order.site):
        return LineState.IGNORED, f"orders of {order.site} are no tests"
    if is_live_mark(subscriber, line):
        return LineState.IGNORED, f"the shop's item already carries the MIS number {line.mis_number}"
    if mark_of(subscriber, line):
        return LineState.READY, ""  # what the ledger did not write is asked for before anything is sent
    if line.withdrawn:
        return LineState.CANCELLED, _withdrawn(line, NEW)
    if line.quantity == 0 and not line.contradiction:
        return LineState.IGNORED, "its quantity is 0"
    if not line.approved:
        return LineState.WAITING, "waits for approval"
    if not same_name(line.stage, stage):
        return LineState.WAITING, f"waits for stage {stage}; it is at {line.stage or 'none'}"
    return LineState.READY, ""


def mark_of(subscriber: Subscriber, line: OrderLine) -> str:
    """The MIS's number on the shop's item, as this environment would write it; "" if there is none.

    A mark that was made by tests says nothing to *live*.
    """
    is_test = line.mis_number.startswith(TEST_MARK)
    return "" if is_test and subscriber.environment == "live" else line.mis_number


def is_no_test(subscriber: Subscriber, site: str) -> bool:
    """Tests leave alone the sites that are not theirs, where tests and *live* share a shop account."""
    tested = subscriber.orders.test_sites
    return (
        subscriber.environment == "test" and bool(tested) and not any(same_name(site, one) for one in tested)
    )


def is_live_mark(subscriber: Subscriber, line: OrderLine) -> bool:
    """Tests leave alone what *live* has sent."""
    is_test = line.mis_number.startswith(TEST_MARK)
    return bool(line.mis_number) and not is_test and subscriber.environment == "test"


def _together(
    reference: str, decisions: Sequence[LineDecision], known: Mapping[int, KnownLine]
) -> list[LineDecision]:
    """All lines of the order that one MIS makes as one submission; none goes before every one is decided and at the
    stage.

    What has left before is not decided_by_person back, and what a person has put aside is not waited for.
    """
    grouped: dict[int, LineDecision] = {}
    for mis in dict.fromkeys(one.mis for one in decisions):
        group = [one for one in decisions if one.mis == mis]
        others = {one.submission for one in grouped.values() if one.submission}
        others |= {known.get(one.line, NEW).submission for one in decisions if one.mis != mis} - {
            known.get(one.line, NEW).submission for one in group
        }
        for decision in _one_group(reference, group, known, others - {""}):
            grouped[decision.line] = decision
    return [grouped[one.line] for one in decisions]


def _one_group(
    reference: str, group: Sequence[LineDecision], known: Mapping[int, KnownLine], others: set[str]
) -> list[LineDecision]:
    """``others``: keys of other MIS's submissions of the order."""
    waiting = [
        str(decision.line)
        for decision in group
        if decision.state is LineState.WAITING and not known.get(decision.line, NEW).decided_by_person
    ]
    key = _group_key(reference, {one.line: known.get(one.line, NEW) for one in group}, others)
    reason = f"waits for the rest of the order: line {', '.join(waiting)}"
    done = []
    for decision in group:
        before = known.get(decision.line, NEW)
        if waiting and not before.left:
            done.append(_hold(decision, reason))
        else:
            is_ours = before.submission and (before.left or before.submission not in others)
            done.append(_with_key(decision, before.submission if is_ours else key))
    return done


def _group_key(reference: str, known: Mapping[int, KnownLine], others: set[str]) -> str:
    """``6994``; for lines that come after it has left, or that another MIS makes, a supplement with its own key:
    ``6994-S2``.

    A key that has left is never given again. One that is still here takes further lines in.
    """
    gone = {one.submission for one in known.values() if one.left} | others
    here = {one.submission for one in known.values() if one.submission} - gone
    if here:
        return min(here)
    if not gone:
        return reference
    supplements = (f"{reference}-S{number}" for number in count(len(gone) + 1))
    return next(key for key in supplements if key not in gone)


def _hold(decision: LineDecision, reason: str) -> LineDecision:
    if decision.state is not LineState.READY:
        return decision
    return structs.replace(decision, state=LineState.WAITING, reason=reason)


def _with_key(decision: LineDecision, key: str) -> LineDecision:
    return structs.replace(decision, submission=key) if decision.state is LineState.READY else decision
