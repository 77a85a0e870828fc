"""What a person decides about orders: send again, accept, ignore, try now; one, or all that a filter finds."""

from urllib.parse import urlencode

from makeready.orders import by_hand, decisions
from makeready.orders.decisions import Replay, find_submission, replay
from makeready.orders.model import LineState
from makeready.times import parse_time
from makeready_hooks.errors import ConfigError
from makeready_hooks.names import in_path
from msgspec import Struct
from starlette.responses import Response

from makeready_admin.order.pages import order_address
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit

SHOWN_KEYS = 200
PARKED_LOOKED = "looked"
"""The field in which a person says that the MIS does not have what is parked."""


async def send_again(visit: Visit) -> Response:
    key = visit.part("key")
    submission = await visit.installation.store.ledger.submission(visit.subscriber.name, key)
    parked = submission is not None and submission.state == LineState.PARKED
    if parked and not visit.form.ticked(PARKED_LOOKED):
        raise ConfigError(
            f"{key} may be in the MIS already; sending it again would double it.",
            field=PARKED_LOOKED,
            fix="Look into the MIS. If it is not there, tick the box and send it again; else accept it under its number.",
        )
    await decisions.send_again(visit.installation, decision_of(visit))
    return await decided(visit, f"{key} will be sent again.")


async def compare(visit: Visit) -> Response:
    """What the MIS shows under the number, beside ours, before anything is kept."""
    key, number = visit.part("key"), visit.query("mis_number")
    submission = await find_submission(visit.installation, decision_of(visit))
    asked = await visit.ask(
        "in-mis",
        key,
        number,
        question=lambda: by_hand.compare_with_mis(visit.installation, decision_of(visit), number),
    )
    return await visit.page_with_part(
        "accept.html",
        asked.waiting,
        asked=asked,
        key=key,
        number=number,
        at=f"{visit.home}/submissions/{in_path(key)}",
        order=submission.order_number,
    )


async def accept(visit: Visit) -> Response:
    number = visit.form.text("mis_number")
    if not visit.form.ticked("confirmed"):
        raise ConfigError(
            "Nothing was accepted: it is not confirmed.",
            field="confirmed",
            fix="Look at what the MIS shows first.",
        )
    unseen = visit.form.ticked("unseen")
    await by_hand.accept_as(visit.installation, decision_of(visit), number, unseen=unseen)
    return await decided(visit, f"{visit.part('key')} is accepted as {number}.")


async def take_back(visit: Visit) -> Response:
    await by_hand.take_back(visit.installation, decision_of(visit))
    return await decided(visit, f"{visit.part('key')} waits again. Nothing was sent.")


async def ignore(visit: Visit) -> Response:
    reason = visit.form.text("reason")
    if not reason:
        raise ConfigError("The reason is missing.", field="reason", fix="Say why it shall not be sent.")
    await decisions.ignore(visit.installation, decision_of(visit), reason)
    return await decided(visit, f"{visit.part('key')} will not be sent.")


def decision_of(visit: Visit) -> decisions.Decision:
    return decisions.Decision(subscriber=visit.subscriber.name, key=visit.part("key"), actor=visit.user.name)


async def decided(visit: Visit, notice: str) -> Response:
    submission = await visit.installation.store.ledger.submission(visit.subscriber.name, visit.part("key"))
    to = order_address(visit, submission.order_number) if submission else f"{visit.home}/inbox"
    return await visit.told(notice, to)


async def retry_order(visit: Visit) -> Response:
    number = visit.part("number")
    count = await decisions.retry(visit.installation, visit.subscriber.name, number, actor=visit.user.name)
    return await visit.told(_retried(count), order_address(visit, number))


async def retry_all(visit: Visit) -> Response:
    count = await decisions.retry(visit.installation, visit.subscriber.name, actor=visit.user.name)
    return await visit.told(_retried(count), f"{visit.home}/inbox")


async def look_again(visit: Visit) -> Response:
    number = visit.part("number")
    await decisions.look_again(visit.installation, visit.subscriber.name, number)
    return await visit.told(f"Order {number} is read again now.", order_address(visit, number))


def _retried(count: int) -> str:
    return f"{count} tried again now." if count else "Nothing waited for another try."


# All that a filter finds


class Choice(Struct, frozen=True, kw_only=True):
    """The filter, as it stands in the form and in the address."""

    states: tuple[str, ...]
    start: str
    end: str
    reason: str
    looked: bool

    def replay(self, visit: Visit) -> Replay:
        """Raises ConfigError for a filter that is wrong."""
        allowed = (LineState.REFUSED, LineState.PARKED)
        if not self.states or not set(self.states) <= set(allowed):
            raise ConfigError("Choose refused ones, parked ones, or both.", field="state")
        return Replay(
            subscriber=visit.subscriber.name,
            states=tuple(map(LineState, self.states)),
            start=parse_time(self.start, field="from"),
            end=parse_time(self.end, field="to", is_end=True),
            reason=self.reason,
            actor=visit.user.name,
            parked_are_not_in_the_mis=self.looked,
        )

    @property
    def query(self) -> str:
        pairs = [*(("state", one) for one in self.states), ("from", self.start), ("to", self.end)]
        return urlencode([*pairs, ("reason", self.reason)])


async def show_replay(visit: Visit) -> Response:
    """What the filter finds, counted, before anything is sent."""
    params = visit.request.query_params
    choice = Choice(
        states=tuple(dict.fromkeys(params.getlist("state"))),
        start=visit.query("from"),
        end=visit.query("to"),
        reason=visit.query("reason"),
        looked=False,
    )
    found = await replay(visit.installation, choice.replay(visit), dry_run=True) if choice.states else None
    return await visit.page("replay.html", choice=choice, found=found, shown=SHOWN_KEYS)


async def do_replay(visit: Visit) -> Response:
    given = visit.form
    choice = Choice(
        states=given.all("state"),
        start=given.text("from"),
        end=given.text("to"),
        reason=given.text("reason"),
        looked=given.ticked(PARKED_LOOKED),
    )
    done = await replay(visit.installation, choice.replay(visit))
    skipped = f" {len(done.skipped)} did not wait any more." if done.skipped else ""
    if not done.more:
        return await visit.told(f"{len(done.keys)} will be sent again.{skipped}", f"{visit.home}/inbox")
    return await visit.told(
        f"{len(done.keys)} will be sent again.{skipped} There are more: repeat it.",
        f"{visit.home}/replay?{choice.query}",
    )


ONE = "/subscribers/{subscriber}/submissions/{key}"

PAGES = (
    form(f"{ONE}/send-again", Needs.CHANGE, send_again, "orders send-again", target="key"),
    page(f"{ONE}/accept", Needs.CHANGE, compare),
    form(f"{ONE}/take-back", Needs.CHANGE, take_back, "orders take-back", target="key"),
    form(f"{ONE}/accept", Needs.CHANGE, accept, "orders accept", target="key"),
    form(f"{ONE}/ignore", Needs.CHANGE, ignore, "orders ignore", target="key"),
    form(
        "/subscribers/{subscriber}/orders/{number}/retry",
        Needs.CHANGE,
        retry_order,
        "orders retry",
        target="number",
    ),
    form(
        "/subscribers/{subscriber}/orders/{number}/look-again",
        Needs.CHANGE,
        look_again,
        "orders look-again",
        target="number",
    ),
    form("/subscribers/{subscriber}/retry", Needs.CHANGE, retry_all, "orders retry"),
    page("/subscribers/{subscriber}/replay", Needs.CHANGE, show_replay),
    form("/subscribers/{subscriber}/replay", Needs.CHANGE, do_replay, "orders replay", target="reason"),
)
