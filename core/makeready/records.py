"""What the store keeps, as Structs. Moments are seconds since 1970 in UTC, as floats."""

from enum import IntEnum
from itertools import groupby
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from makeready.stock_records import StockRules

Environment = Literal["test", "live"]
Grouping = Literal["line", "order"]


class OrderRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an order line goes to the MIS."""

    trigger_stage: str = "Order Received"
    """Name of the shop's workflow stage, as the printer sees it, at which an approved line is sent."""
    site_trigger_stages: dict[str, str] = {}
    """Another stage for a site, by its domain."""

    grouping: Grouping = "line"
    """``line``: each line is an MIS order of its own (``6994-1``). ``order``: all lines of a shop's order
    together (``6994``), once every one of them is decided and at the stage; what comes later follows as a
    supplement (``6994-S2``)."""
    site_groupings: dict[str, Grouping] = {}
    """Another grouping for a site, by its domain."""
    file_hosts: tuple[str, ...] = ()
    """The only hosts at which artwork is looked at and fetched; empty for any."""
    private_files: bool = False
    """Artwork may lie at addresses of a private network: only for a shop in your own."""
    reconcile_every_s: Annotated[float, Meta(ge=10)] = 300.0
    """Seconds between two looks for what webhooks missed."""
    reconcile_days: Annotated[float, Meta(gt=0, le=90)] = 3.0
    """How far back such a look goes. Lines that wait are looked at whatever their age."""
    quiet_margin_s: Annotated[float, Meta(ge=0)] = 30.0
    """Seconds beyond the deadline of a submission without an answer, before the MIS is asked about it."""

    def stage_for(self, site: str) -> str:
        return self.site_trigger_stages.get(site, self.trigger_stage)

    def grouping_for(self, site: str) -> Grouping:
        return self.site_groupings.get(site, self.grouping)


class Channel(IntEnum):
    """A way to tell people, as a bit: what was told is kept for each."""

    MAIL = 1
    WEBHOOK = 2


class AlertRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told when an order needs a person, when orders wait, and when none come."""

    email_to: tuple[str, ...] = ()
    webhook_url: str = ""
    webhook_secret: str = ""
    """Sealed, or a reference. Signs what goes to the webhook."""
    gather_s: Annotated[float, Meta(ge=0, le=86_400)] = 60.0
    """Seconds in which more of the same goes into one message."""
    digest_at: str = "07:00"
    """Time of the day in UTC at which it is told what is being tried again; empty for never."""
    outage_after_s: Annotated[float, Meta(ge=60, le=604_800)] = 900.0
    """Seconds after which it is told that the MIS takes no orders, that the shop cannot be read, or that
    orders come in without a webhook."""
    silence_h: Annotated[float, Meta(ge=0, le=1000)] = 0.0
    """Working hours without an order after which it is told; 0 for never."""
    working_hours: str = "08:00-18:00"
    working_days: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    """Monday is 1."""
    time_zone: str = "UTC"
    """Of the working hours, such as Europe/London."""


class StatusRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of an order's progress in the MIS is written in the shop."""

    enabled: bool = False
    stages: dict[str, str] = {}
    """Stage of the shop's workflow for a status of the MIS, in the order in which an item passes the stages:
    it is never moved back. A status that is not here moves nothing."""
    ship: bool = True
    """Shipments with a tracking number are written on the shop's items."""
    poll_every_s: Annotated[float, Meta(ge=10)] = 900.0
    """Seconds between two looks into the MIS. Events of the MIS bring an order forward."""
    watch_days: Annotated[float, Meta(gt=0, le=365)] = 30.0
    """How long after its acceptance an order is watched, unless it is finished before."""

    def __post_init__(self) -> None:
        if self.enabled and not self.stages and not self.ship:
            raise ValueError("status is enabled, and has nothing to write: give stages, or set ship = true")
        if not all(name.strip() for pair in self.stages.items() for name in pair):
            raise ValueError('a name in status.stages is empty: write "status of the MIS" = "stage"')
        if len({status.casefold() for status in self.stages}) < len(self.stages):
            raise ValueError("a status stands twice in status.stages; small and capital letters are the same")
        passed = [stage for stage, _ in groupby(self.stages.values(), key=str.casefold)]
        if len(set(passed)) < len(passed):
            raise ValueError(
                "status.stages comes back to a stage: put the lines of one stage together, earlier stages first"
            )

    @property
    def way(self) -> tuple[str, ...]:
        """The stages, each once, in the order in which an item passes them."""
        return tuple({stage.casefold(): stage for stage in self.stages.values()}.values())

    def stage_for(self, status: str) -> str:
        """The stage of a status; "" if it moves nothing."""
        by_status = {name.casefold(): stage for name, stage in self.stages.items()}
        return by_status.get(status.strip().casefold(), "")


class ConnectorRecord(Struct, frozen=True, kw_only=True):
    """One connector of a subscriber: settings as they are kept, secrets sealed or referred to."""

    shared: dict[str, Any] = {}
    """Settings for both environments."""
    test: dict[str, Any] = {}
    live: dict[str, Any] = {}
    signing_key: str = ""
    """Sealed. Made when the connector is first added, kept for good."""


class Subscriber(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    external_user_id: int
    environment: Environment
    """Which of the two sets of settings is in use."""
    orders: OrderRules = OrderRules()
    alerts: AlertRules = AlertRules()
    status: StatusRules = StatusRules()
    stock: StockRules = StockRules()
    path_segment: str = ""
    """The unguessable part of this subscriber's addresses."""
    version: int = 0
    connectors: dict[str, ConnectorRecord] = {}


class InstalledRow(Struct, frozen=True, kw_only=True):
    """Something made in a vendor's account, or left to be made by hand."""

    connector: str
    kind: str
    state: str
    title: str
    id: str = ""
    by_hand: tuple[str, ...] = ()


class LearnedRow(Struct, frozen=True, kw_only=True):
    """Something that a probe found out about a vendor's site, and when."""

    connector: str
    about: str
    finding: str
    value: str
    at: float


class Delivery(Struct, frozen=True, kw_only=True):
    """A webhook as it came in."""

    key: str
    body: bytes
    event: str
    order_number: str
    received_at: float = 0.0


class Work(Struct, frozen=True, kw_only=True):
    """One thing to be done, claimed for a while."""

    id: int
    subscriber: str
    kind: str
    key: str
    wanted: int
    attempts: int
    hint: str = ""


class FailingWork(Struct, frozen=True, kw_only=True):
    """Work that went wrong and is tried again."""

    kind: str
    key: str
    failing_since: float
    error: str
    """What went wrong last time."""
    due_at: float
    needs_person: bool
    """It will go wrong until somebody changes something."""


class LineRow(Struct, frozen=True, kw_only=True):
    """An order line in the ledger."""

    subscriber: str
    order_number: str
    line: int
    site: str
    product_id: str
    description: str
    quantity: int
    state: str
    reason: str
    submission: str
    updated_at: float
    notice: str = ""
    """What changed in the shop after the line was sent; the MIS does not know it."""
    held: bool = False
    """A person has decided; a look does not change it."""
    mis_id: str = ""
    mis_number: str = ""


class Submission(Struct, frozen=True, kw_only=True):
    """One order of the MIS, before and after it is sent."""

    subscriber: str
    key: str
    order_number: str
    environment: str = ""
    payload: bytes = b""
    payload_hash: str = ""
    attempts: int = 0
    sent_at: float = 0.0
    """When the last attempt left; 0 if none did."""
    quiet_until: float = 0.0
    """Before this, an attempt without an answer may still take effect."""
    mis_id: str = ""
    mis_number: str = ""
    marked: bool = False
    lines: tuple[int, ...] = ()
    state: str = ""
    """The state of its lines: they move together."""
    placed_at: float = 0.0
    """When the order was placed; 0 if that is not known."""


class Attempt(Struct, frozen=True, kw_only=True):
    """One time that a submission left."""

    payload: bytes
    sent_at: float
    outcome: str
    """What came of it, in the other side's words; empty if nobody knows yet."""


class FileRow(Struct, frozen=True, kw_only=True):
    """A file of a submission."""

    line: int
    name: str
    url: str
    state: str
    error: str = ""
    size: int | None = None
    """In bytes, if it is known."""
    content_type: str = ""
    attempts: int = 0


class LineProgress(Struct, frozen=True, kw_only=True):
    """What is known of a line's progress in the MIS, and what the shop was told of it."""

    line: int
    status: str = ""
    """The MIS's, as it was read last."""
    stage: str = ""
    """The stage that the shop's item has reached, by our doing or a person's; empty if we did nothing yet."""
    moving_to: str = ""
    """The stage of a move that may have happened; empty if no move is open."""
    quiet_until: float = 0.0
    """Before this, an open move may still take effect."""
    refused: str = ""
    """The stage that cannot be reached; ``notice`` says why."""
    notice: str = ""
    finished: bool = False
    """It is not looked at on schedule any more."""


class ShipmentRow(Struct, frozen=True, kw_only=True):
    """A parcel of an order of the MIS, and how writing it in the shop fares."""

    submission: str
    tracking: str
    carrier: str
    shipped_at: float
    state: str
    error: str = ""
    quiet_until: float = 0.0
    """While it is being written: before this, the call may still take effect."""


class WatchedOrder(Struct, frozen=True, kw_only=True):
    """An order of the MIS whose progress is followed, with its lines."""

    subscriber: str
    key: str
    environment: str
    """Which of the two it was sent to; empty if a person entered it."""
    order_number: str
    placed_at: float
    mis_id: str
    mis_number: str
    lines: tuple[LineProgress, ...]


class BadFile(Struct, frozen=True, kw_only=True):
    """A file that a person has to look after."""

    subscriber: str
    submission: str
    line: int
    name: str
    url: str
    state: str
    error: str
    updated_at: float


class Telling(Struct, frozen=True, kw_only=True):
    """What people were told through one channel, and take to be so until they are told that it is over."""

    topic: str
    title: str
    since: float
    told_at: float


class Token(Struct, frozen=True, kw_only=True):
    """Who may use the JSON API, and for what. The token itself is not kept."""

    name: str
    hash: str
    """SHA-256 of the token, as hexadecimal digits."""
    subscriber: str
    """Empty for all of them."""
    read_only: bool
    created_at: float
    expires_at: float
    """0 for never."""


class EarlierAnswer(Struct, frozen=True, kw_only=True):
    """What a call with the same idempotency key was answered."""

    fingerprint: str
    """Of the call."""
    status: int
    """0 while it is under way."""
    content_type: str
    body: bytes


class HistoryRow(Struct, frozen=True, kw_only=True):
    line: int
    at: float
    from_state: str
    to_state: str
    cause: str
    actor: str


class ImportChoices(Struct, frozen=True, kw_only=True):
    """What is chosen once for all products of an import."""

    site: str
    markup_percent: str = "0"
    """A decimal number."""
    groups: tuple[tuple[str, str], ...] = ()
    """Id and name."""
    categories: tuple[tuple[str, str], ...] = ()
    workflow_id: str = ""
    workflow: str = ""
    upload_required: bool = False
    engine_id: str = ""


class ImportItem(Struct, frozen=True, kw_only=True):
    subscriber: str
    site: str
    product_id: str
    job: int
    name: str
    state: str
    reason: str = ""
    shop_product_id: str = ""
    part_number: str = ""
    url_name: str = ""
    by_hand: tuple[str, ...] = field(default_factory=tuple)
    tried_at: float = 0.0
    updated_at: float = 0.0
