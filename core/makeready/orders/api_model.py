"""What goes into the API and what comes out. The OpenAPI document is made from these."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from makeready.orders.fulfilment.model import LineProgress, ShipmentRow
from makeready.orders.model import LineRow, LineState
from makeready.orders.reconcile import Drift
from makeready.orders.views.history import OrderStory, SentOrder
from makeready.orders.views.preview import Preview
from makeready.outbound.capture import as_data
from makeready.times import from_seconds
from makeready.web.api.shapes import Cursor, Day, Limit, Moment, Text, moment_or_none


class OrdersQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: LineState | None = None
    start: Annotated[Day, Meta(description="Changed then or later.")] = field(name="from", default="")
    end: Annotated[Day, Meta(description="Changed before then; a day is taken whole.")] = field(
        name="to", default=""
    )
    q: Annotated[
        str, Meta(description="Whole number of an order, a submission's key, or the MIS's number or id.")
    ] = ""
    customer: Annotated[
        str, Meta(description="Beginnings of words of the customer's name, company or e-mail address.")
    ] = ""
    product: Annotated[
        str, Meta(description="Beginnings of words of the product's name, part number or number in the MIS.")
    ] = ""
    limit: Limit = 100
    cursor: Cursor = ""


class AcceptBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    mis_number: Annotated[Text, Meta(description="The order's number in the MIS.")]


class IgnoreBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[Text, Meta(description="Why it shall not be sent; kept in its history.")]


class ReplayBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    states: Annotated[tuple[Literal["refused", "parked"], ...], Meta(min_length=1)] = ("refused",)
    start: Day = field(name="from", default="")
    end: Day = field(name="to", default="")
    reason: Annotated[str, Meta(description="Text that the reason holds.")] = ""
    dry_run: bool = False
    parked_are_not_in_the_mis: bool = False


class ReconcileBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    start: Annotated[Day, Meta(min_length=1)] = field(name="from")
    end: Day = field(name="to", default="")
    dry_run: bool = False
    ask_mis: Annotated[bool, Meta(description="Also ask the MIS for each order that it accepted.")] = False


# What a caller is answered


class SubscriberAnswer(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    environment: str
    connectors: tuple[str, ...]


class SubscribersAnswer(Struct, frozen=True, kw_only=True):
    subscribers: Annotated[tuple[SubscriberAnswer, ...], Meta(description="By name.")]
    next_cursor: str | None


class LineAnswer(Struct, frozen=True, kw_only=True):
    order: str
    line: int
    key: Annotated[str, Meta(description="Of its submission; empty before it was ready.")]
    state: LineState
    reason: str
    notice: Annotated[str, Meta(description="What changed in the shop after it was sent.")]
    site: str
    customer: Annotated[
        str, Meta(description="Who ordered: a name, with the company; empty if the shop did not say.")
    ]
    product_id: str
    description: str
    quantity: int
    mis_id: str
    mis_number: str
    changed_at: Moment


class LinesAnswer(Struct, frozen=True, kw_only=True):
    lines: Annotated[tuple[LineAnswer, ...], Meta(description="The most recently changed first.")]
    next_cursor: Annotated[str | None, Meta(description="For the next page; null at the end.")]


class AttemptAnswer(Struct, frozen=True, kw_only=True):
    sent_at: Moment
    outcome: str
    payload: Any
    answer: Annotated[Any, Meta(description="As it came; null if no answer came.")]


class FileAnswer(Struct, frozen=True, kw_only=True):
    line: int
    name: str
    url: str
    state: str
    error: str
    size: int | None


class ProgressAnswer(Struct, frozen=True, kw_only=True):
    """What is known of a line's progress in the MIS, and what the shop was told of it."""

    line: int
    status: Annotated[str, Meta(description="The MIS's, as it was read last.")]
    stage: Annotated[
        str, Meta(description="The stage that the shop's item has reached; empty if nothing was done yet.")
    ]
    notice: str
    finished: bool


class ShipmentAnswer(Struct, frozen=True, kw_only=True):
    tracking: str
    carrier: str
    shipped_at: Moment | None
    state: str
    error: str


class SentAnswer(Struct, frozen=True, kw_only=True):
    key: str
    state: str
    environment: str
    mis_id: str
    mis_number: str
    marked: bool
    attempts: tuple[AttemptAnswer, ...]
    files: tuple[FileAnswer, ...]
    progress: tuple[ProgressAnswer, ...]
    shipments: tuple[ShipmentAnswer, ...]


class WebhookAnswer(Struct, frozen=True, kw_only=True):
    event: str
    received_at: Moment
    body: str


class StepAnswer(Struct, frozen=True, kw_only=True):
    line: int
    at: Moment
    from_state: str
    to_state: str
    cause: str
    actor: str


class StoryAnswer(Struct, frozen=True, kw_only=True):
    order: str
    lines: tuple[LineAnswer, ...]
    sent: tuple[SentAnswer, ...]
    webhooks: tuple[WebhookAnswer, ...]
    history: tuple[StepAnswer, ...]
    errors: Annotated[
        tuple[str, ...], Meta(description="What went wrong last time with work that will be tried again.")
    ]


class PreviewAnswer(Struct, frozen=True, kw_only=True):
    key: str
    lines: tuple[int, ...]
    reason: Annotated[str, Meta(description="Why it would not be sent; empty if it would.")]
    payload: Any


class PreviewsAnswer(Struct, frozen=True, kw_only=True):
    previews: tuple[PreviewAnswer, ...]


class DecidedAnswer(Struct, frozen=True, kw_only=True):
    key: str
    decision: str


class ReplayAnswer(Struct, frozen=True, kw_only=True):
    dry_run: bool
    count: int
    keys: tuple[str, ...]
    skipped: Annotated[tuple[str, ...], Meta(description="Those that did not wait for a person any more.")]
    more: Annotated[bool, Meta(description="There are more than are sent in one go: do it again.")]


class ReconcileAnswer(Struct, frozen=True, kw_only=True):
    dry_run: bool
    looked_at: int
    missing: Annotated[
        tuple[str, ...], Meta(description="Orders that were not known; without dry_run they are taken in.")
    ]
    drift: Annotated[
        tuple[Drift, ...], Meta(description="What the shop, the ledger and the MIS do not agree on.")
    ]


class RetryAnswer(Struct, frozen=True, kw_only=True):
    count: Annotated[int, Meta(description="Pieces of work that are done now instead of later.")]


# From what the stories give


def line_answer(row: LineRow) -> LineAnswer:
    return LineAnswer(
        order=row.order_number,
        line=row.line,
        key=row.submission,
        state=LineState(row.state),
        reason=row.reason,
        notice=row.notice,
        site=row.site,
        customer=row.customer,
        product_id=row.product_id,
        description=row.description,
        quantity=row.quantity,
        mis_id=row.mis_id,
        mis_number=row.mis_number,
        changed_at=from_seconds(row.updated_at),
    )


def story_answer(story: OrderStory) -> StoryAnswer:
    webhooks = [
        WebhookAnswer(
            event=one.event,
            received_at=from_seconds(one.received_at),
            body=one.body.decode("utf-8", "replace"),
        )
        for one in story.webhooks
    ]
    history = [
        StepAnswer(
            line=row.line,
            at=from_seconds(row.at),
            from_state=row.from_state,
            to_state=row.to_state,
            cause=row.cause,
            actor=row.actor,
        )
        for row in story.history
    ]
    return StoryAnswer(
        order=story.order,
        lines=tuple(map(line_answer, story.lines)),
        sent=tuple(map(_sent_answer, story.sent)),
        webhooks=tuple(webhooks),
        history=tuple(history),
        errors=story.errors,
    )


def _sent_answer(sent: SentOrder) -> SentAnswer:
    one = sent.submission
    return SentAnswer(
        key=one.key,
        state=one.state,
        environment=one.environment,
        mis_id=one.mis_id,
        mis_number=one.mis_number,
        marked=one.marked,
        attempts=tuple(
            AttemptAnswer(
                sent_at=from_seconds(try_.sent_at),
                outcome=try_.outcome,
                payload=_payload(try_.payload),
                answer=_payload(try_.answer),
            )
            for try_ in sent.attempts
        ),
        files=tuple(
            FileAnswer(
                line=file.line,
                name=file.name,
                url=file.url,
                state=file.state,
                error=file.error,
                size=file.size,
            )
            for file in sent.files
        ),
        progress=tuple(map(_progress, sent.progress)),
        shipments=tuple(map(_shipment, sent.shipments)),
    )


def _progress(one: LineProgress) -> ProgressAnswer:
    return ProgressAnswer(
        line=one.line, status=one.status, stage=one.stage, notice=one.notice, finished=one.finished
    )


def _shipment(one: ShipmentRow) -> ShipmentAnswer:
    return ShipmentAnswer(
        tracking=one.tracking,
        carrier=one.carrier,
        shipped_at=moment_or_none(one.shipped_at),
        state=one.state,
        error=one.error,
    )


def preview_answer(one: Preview) -> PreviewAnswer:
    return PreviewAnswer(key=one.key, lines=one.lines, reason=one.reason, payload=_payload(one.payload))


def _payload(payload: bytes) -> Any:
    """As JSON, or as text if a connector sends something else; null if nothing would be sent."""
    return as_data(payload) if payload else None
