"""What goes into the API and what comes out. The OpenAPI document is made from these."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from makeready.orders.fulfilment.model import PartShipped
from makeready.orders.model import LineState
from makeready.orders.reconcile import Drift
from makeready.orders.settings import ShippingChoice
from makeready.orders.views.history import OrderStory
from makeready.orders.views.search import STATES
from makeready.web.api.answers import answer_from
from makeready.web.api.shapes import Cursor, Day, Limit, Moment, Text
from makeready_hooks.model.progress import ShippedLine
from makeready_hooks.model.submission import MisOrder, OrderContents, ResolvedId
from msgspec import Meta, Struct, field


class OrdersQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: Annotated[str, Meta(extra_json_schema={"enum": [*STATES]})] = ""
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
    confirmed: Annotated[bool, Meta(description="You have seen what the MIS shows under it.")] = False
    unseen: Annotated[bool, Meta(description="It is there although the MIS does not show it.")] = False


class InMisQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    mis_number: Annotated[str, Meta(description="The order's number in the MIS.")] = ""


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
    order_number: str = field(name="order")
    line: int
    submission: Annotated[str, Meta(description="Of its submission; empty before it was ready.")] = field(
        name="key"
    )
    state: LineState
    rejected_later: Annotated[
        bool,
        Meta(
            description="Refused, or cancelled, by the MIS after it had taken it: sent again it is a new order."
        ),
    ]
    reason: str
    notice: Annotated[str, Meta(description="What changed in the shop after it was sent.")]
    site: str
    customer: Annotated[
        str, Meta(description="Who ordered: a name, with the company; empty if the shop did not say.")
    ]
    product_id: str
    description: str
    quantity: int
    net: Annotated[Decimal | None, Meta(description="Price without tax; null if the shop tells none.")]
    currency: Annotated[str, Meta(description="ISO 4217; empty if the shop does not say.")]
    required_on: Annotated[date | None, Meta(description="The date for which the buyer asks.")]
    mis: Annotated[str, Meta(description="The connector of the MIS for which it left; empty before.")]
    mis_id: str
    mis_number: str
    updated_at: Moment = field(name="changed_at")


class UnreadableAnswer(Struct, frozen=True, kw_only=True):
    """An order of which the shop tells what cannot be understood; no lines are known of it."""

    order_number: str = field(name="order")
    site: str
    problem: str
    document: Annotated[str, Meta(description="What the shop told, as it came, at most 64 kB of it.")]
    since: Moment
    looked_at: Moment


class LinesAnswer(Struct, frozen=True, kw_only=True):
    lines: Annotated[
        tuple[LineAnswer, ...], Meta(description="The most recently changed first; by words, the newest.")
    ]
    unreadable: Annotated[
        tuple[UnreadableAnswer, ...],
        Meta(description="Orders that cannot be read, the oldest first; with the first page only."),
    ]
    next_cursor: Annotated[str | None, Meta(description="For the next page; null at the end.")]


class AttemptAnswer(Struct, frozen=True, kw_only=True):
    sent_at: Moment
    outcome: str
    payload: Any
    answer: Annotated[Any, Meta(description="As it came; null if no answer came.")]


class FileAnswer(Struct, frozen=True, kw_only=True):
    line: int
    file_name: str = field(name="name")
    url: str
    role: Annotated[str, Meta(description="What it is for: artwork, proof, instruction, delivery note.")]
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
    id: Annotated[str, Meta(description="The MIS's own, where it has one.")]
    carrier: str
    service: str
    lines: Annotated[tuple[ShippedLine, ...], Meta(description="What is in it; empty: not told.")]
    shipped_at: Moment | None
    state: str
    error: str


class SentAnswer(Struct, frozen=True, kw_only=True):
    key: str
    state: str
    environment: str
    connector: Annotated[str, Meta(description="Of the MIS for which the last attempt left.")]
    mis_id: str
    mis_number: str
    by_hand: Annotated[bool, Meta(description="A person has said so, and can take it back.")]
    marked: bool
    attempts: tuple[AttemptAnswer, ...]
    files: tuple[FileAnswer, ...]
    progress: tuple[ProgressAnswer, ...]
    shipments: tuple[ShipmentAnswer, ...]
    part_shipped: Annotated[tuple[PartShipped, ...], Meta(description="Lines that have left in part.")]
    differences: Annotated[
        tuple[str, ...],
        Meta(
            description="What was shortened; what the buyer saw, the shop's lines and what the MIS got did not agree on."
        ),
    ]
    shipping: Annotated[tuple[ShippingChoice, ...], Meta(description="What was made of shipping methods.")]
    resolved: Annotated[
        tuple[ResolvedId, ...],
        Meta(description="What it carries under the MIS's own ids, and how each was found."),
    ]


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
    shop: Annotated[str, Meta(description="The connector of the shop that has it, where there are several.")]
    lines: tuple[LineAnswer, ...]
    unreadable: Annotated[
        tuple[UnreadableAnswer, ...], Meta(description="What the shop tells of it, if that cannot be read.")
    ]
    sent: tuple[SentAnswer, ...]
    webhooks: tuple[WebhookAnswer, ...]
    history: tuple[StepAnswer, ...]
    errors: Annotated[
        tuple[str, ...], Meta(description="What went wrong last time with work that will be tried again.")
    ]


class PreviewAnswer(Struct, frozen=True, kw_only=True):
    key: str
    mis: Annotated[str, Meta(description="The connector of the MIS that would get it.")]
    shop: Annotated[str, Meta(description="The connector of the shop that has it, where there are several.")]
    lines: tuple[int, ...]
    shipping: Annotated[tuple[ShippingChoice, ...], Meta(description="What is made of shipping methods.")]
    reason: Annotated[str, Meta(description="Why it would not be sent; empty if it would.")]
    payload: Any
    differences: Annotated[
        tuple[str, ...],
        Meta(
            description="What is shortened; what the buyer saw, the shop's lines and what the MIS would get do not agree on."
        ),
    ]


class PreviewsAnswer(Struct, frozen=True, kw_only=True):
    previews: tuple[PreviewAnswer, ...]


class InMisAnswer(Struct, frozen=True, kw_only=True):
    number: str
    asked: Annotated[bool, Meta(description="False: the MIS cannot be asked, and nobody can check it.")]
    found: Annotated[MisOrder | None, Meta(description="As the MIS shows it; null if it shows none.")]
    alike: Annotated[
        str, Meta(description="A number that it shows, which differs in small and capital letters only.")
    ]
    ours: OrderContents
    differences: tuple[str, ...]


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


def story_answer(story: OrderStory, shop: str) -> StoryAnswer:
    sent = [answer_from(SentAnswer, one, one.submission) for one in story.sent]
    return answer_from(StoryAnswer, story, sent=tuple(sent), shop=shop)


class CorrectionBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that goes to the MIS otherwise than the shop shows it."""

    line: Annotated[int, Meta(ge=0, description="0 for what belongs to the whole order.")] = 0
    member: Annotated[Text, Meta(description="As showCorrectable names it.")]
    mis: Annotated[
        str, Meta(description="Of a customer's code: the MIS whose customer it is.", max_length=100)
    ] = ""
    was: Annotated[str, Meta(description="What you have seen that the shop shows.", max_length=10_000)] = ""
    value: Annotated[str, Meta(max_length=1000)]


class CorrectBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    values: Annotated[tuple[CorrectionBody, ...], Meta(min_length=1, max_length=200)]


class CorrectableValue(Struct, frozen=True, kw_only=True):
    line: int
    member: str
    mis: str
    label: Annotated[str, Meta(description="As people call it.")]
    was: Annotated[str, Meta(description="What the shop shows.")]
    value: Annotated[str, Meta(description="What would be sent now.")]


class CorrectableAnswer(Struct, frozen=True, kw_only=True):
    values: tuple[CorrectableValue, ...]
