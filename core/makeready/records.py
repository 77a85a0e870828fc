"""What the store keeps, as Structs. Moments are seconds since 1970 in UTC, as floats."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

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
    together (``6994``), once every one of them is decided and at the stage."""
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


class ImportRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How products are looked for and imported."""

    page_size: Annotated[int, Meta(ge=1, le=500)] = 50
    """Products on a page of a search; an import takes any number."""


class AlertRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told when an order needs a person."""

    email_to: tuple[str, ...] = ()
    webhook_url: str = ""
    webhook_secret: str = ""
    """Sealed, or a reference. Signs what goes to the webhook."""
    gather_s: Annotated[float, Meta(ge=0, le=86_400)] = 60.0
    """Seconds in which more of the same goes into one message."""


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
    imports: ImportRules = ImportRules()
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
    environment: str
    payload: bytes
    payload_hash: str
    attempts: int
    sent_at: float
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


class HistoryRow(Struct, frozen=True, kw_only=True):
    line: int
    at: float
    from_state: str
    to_state: str
    cause: str
    actor: str


class ImportChoices(Struct, frozen=True, kw_only=True):
    """What is chosen once for all products of an import, with the shop's ids."""

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


class ImportJob(Struct, frozen=True, kw_only=True):
    """An import: its choices, and how far it is. Its products are `ImportItem`."""

    id: int
    subscriber: str
    site: str
    state: str
    choices: ImportChoices
    created_at: float = 0.0
    started_at: float = 0.0
    """When it ran first; 0 if it did not."""


class ImportItem(Struct, frozen=True, kw_only=True):
    """A product of an import: what was decided about it and why, and what became of it."""

    product_id: str
    name: str
    action: str
    state: str
    job: int = 0
    reason: str = ""
    changes: tuple[str, ...] = ()
    """What changes in a product that is adopted, a sentence each."""
    part_number: str = ""
    public_part_number: str = ""
    url_name: str = ""
    shop_product_id: str = ""
    by_hand: tuple[str, ...] = field(default_factory=tuple)
    updated_at: float = 0.0


class LinkRow(Struct, frozen=True, kw_only=True):
    """A product of the MIS in a site, or about to be: one row, whatever is repeated."""

    subscriber: str
    site: str
    product_id: str
    job: int
    """The import that makes it, or made it."""
    part_number: str
    url_name: str
    shop_product_id: str = ""
    before: str = ""
    """JSON: what tied an adopted product to its engine before; empty for one that we made."""
    tried_at: float = 0.0
    """When the last attempt began; 0 if none did. One that began may have had an effect."""
    linked_at: float = 0.0
    """When it was known to be in the shop; 0 before."""
