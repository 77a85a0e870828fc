"""How far an order is, step by step. Pure."""

from collections.abc import Iterator, Sequence

from makeready.orders.model import LineRow, LineState
from makeready.orders.views.history import SentOrder
from makeready.subscribers.model import Subscriber
from msgspec import Struct

from makeready_admin.web.texts import gettext as _

BEFORE = (LineState.SEEN, LineState.WAITING, LineState.BEFORE_START)
LEFT = (LineState.SUBMITTING, LineState.IN_DOUBT, LineState.ACCEPTED)
ENDED = (LineState.IGNORED, LineState.CANCELLED)


class Step(Struct, frozen=True, kw_only=True):
    title: str
    state: str
    """``done``, ``now``, ``stopped``, ``todo``."""


def steps_of(lines: Sequence[LineRow], sent: SentOrder | None, subscriber: Subscriber) -> list[Step]:
    """Of the lines of one submission, which move together; none for what is not to be sent."""
    if all(line.state in ENDED for line in lines):
        return []
    return list(_steps(lines[0], sent, subscriber))


def _steps(line: LineRow, sent: SentOrder | None, subscriber: Subscriber) -> Iterator[Step]:
    state = LineState(line.state)
    accepted = state is LineState.ACCEPTED
    has_left = bool(sent and sent.attempts) or state in LEFT
    yield Step(title=_("Placed"), state="done")
    stage = subscriber.orders.trigger_stage
    ready = _("Approved, at %(stage)s") % {"stage": stage} if stage else _("Approved")
    yield Step(title=ready, state="now" if state in BEFORE else "done")
    stopped = state in (LineState.REFUSED, LineState.PARKED)
    if has_left:
        yield Step(title=_("Sent"), state="done")
    else:
        yield Step(
            title=_("Sent"), state="stopped" if stopped else "now" if state is LineState.READY else "todo"
        )
    number = line.mis_number or line.mis_id
    taken = _("In the MIS as %(number)s") % {"number": number} if accepted and number else _("In the MIS")
    open_state = "stopped" if stopped and has_left else "now" if has_left else "todo"
    yield Step(title=taken, state="done" if accepted else open_state)
    if not subscriber.status.follows:
        return
    words = dict.fromkeys(one.status for one in sent.progress if one.status) if sent else {}
    shipped = bool(sent and sent.shipments)
    making = _("In production: %(status)s") % {"status": ", ".join(words)} if words else _("In production")
    yield Step(title=making, state="done" if shipped else "now" if words else "todo")
    yield Step(title=_("Shipped"), state="done" if shipped else "todo")
