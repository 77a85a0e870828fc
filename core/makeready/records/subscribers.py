"""Subscribers, their rules, and what is kept of their connectors."""

from itertools import groupby
from typing import Annotated, Any, Literal

from makeready_hooks import ListKind, listed
from msgspec import Meta, Struct

from makeready.prices.rules import PriceRules
from makeready.records.calls import CallRules
from makeready.stock_records import StockRules

Environment = Literal["test", "live"]
Grouping = Literal["line", "order"]
Title = Annotated[str, Meta(max_length=200)]
ExternalUserId = Annotated[int, Meta(ge=0, le=999_999_999)]


class OrderRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an order line goes to the MIS."""

    trigger_stage: Annotated[str, Meta(extra_json_schema=listed(ListKind.STAGES))] = "Order Received"
    """Name of the shop's workflow stage, as the printer sees it, at which an approved line is sent."""
    site_trigger_stages: Annotated[
        dict[str, str], Meta(extra_json_schema=listed(ListKind.STAGES, names=ListKind.SITES))
    ] = {}
    """Another stage for a site, by its domain."""

    grouping: Grouping = "line"
    """``line``: each line is an MIS order of its own (``6994-1``). ``order``: all lines of a shop's order
    together (``6994``), once every one of them is decided and at the stage; what comes later follows as a
    supplement (``6994-S2``)."""
    site_groupings: Annotated[dict[str, Grouping], Meta(extra_json_schema=listed(names=ListKind.SITES))] = {}
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


class ImportRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How products are looked for and imported."""

    page_size: Annotated[int, Meta(ge=1, le=500)] = 50
    """Products on a page of a search; an import takes any number."""


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
    stages: Annotated[
        dict[str, str], Meta(extra_json_schema=listed(ListKind.STAGES, names=ListKind.STATUSES))
    ] = {}
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


RULES: dict[str, type[Struct]] = {
    "orders": OrderRules,
    "alerts": AlertRules,
    "status": StatusRules,
    "imports": ImportRules,
    "stock": StockRules,
    "prices": PriceRules,
    "calls": CallRules,
}
"""A subscriber's rules, by the name of their table in a settings file."""


class Subscriber(Struct, frozen=True, kw_only=True):
    name: str
    title: Title
    external_user_id: ExternalUserId
    environment: Environment
    """Which of the two sets of settings is in use."""
    orders: OrderRules = OrderRules()
    alerts: AlertRules = AlertRules()
    status: StatusRules = StatusRules()
    imports: ImportRules = ImportRules()
    prices: PriceRules = PriceRules()
    stock: StockRules = StockRules()
    calls: CallRules = CallRules()
    path_segment: str = ""
    """The unguessable part of this subscriber's addresses."""
    version: int = 0
    connectors: dict[str, ConnectorRecord] = {}


class SettingsChange(Struct, frozen=True, kw_only=True):
    """A change of a subscriber's settings that was applied."""

    id: int = 0
    subscriber: str
    at: float
    actor: str
    changes: tuple[str, ...]
    """A line each, for a person."""
    before: dict[str, Any] | None
    """As they are exported: secrets only as references, or as stored ones. None for a new subscriber."""
    after: dict[str, Any]


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
