"""The rules that a subscriber sets for its orders."""

from typing import Annotated, Literal

from makeready_hooks import ListKind, asked, listed
from makeready_hooks.names import by_name, same_name
from msgspec import Meta, Struct

from makeready.times import parse_time

Grouping = Literal["line", "order"]
Unit = Literal["pieces", "packs"]
TooLong = Literal["wait", "shorten", "note"]


class OrderRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an order line goes to the MIS."""

    starts_at: Annotated[
        str,
        Meta(
            title="Orders begin at",
            description=(
                "An order placed before this moment (UTC, such as 2026-03-02T09:15:00Z) is never sent by "
                "itself: another system may have sent it. Set by itself when shop and MIS are connected, "
                "and again when the environment or the MIS changes."
            ),
        ),
    ] = ""
    trigger_stage: Annotated[
        str,
        Meta(
            title="Send orders at stage",
            description="An approved line goes to the MIS when it reaches this workflow stage in the shop.",
            extra_json_schema=listed(ListKind.STAGES) | asked(first=True),
        ),
    ] = "Order Received"
    site_trigger_stages: Annotated[
        dict[str, str],
        Meta(
            title="Other stage for a site",
            description="Only where a site uses another stage.",
            extra_json_schema=listed(ListKind.STAGES, names=ListKind.SITES),
        ),
    ] = {}

    test_sites: Annotated[
        tuple[str, ...],
        Meta(
            title="Test sites",
            description=(
                "Sites whose orders are tests: in the test environment nothing of any other site is sent."
                " None: all sites. For a shop account that test and live share."
            ),
            extra_json_schema=listed(ListKind.SITES),
        ),
    ] = ()
    grouping: Annotated[
        Grouping,
        Meta(
            title="MIS orders",
            description=(
                "With one per shop order, all its lines must be approved and at the stage first; late "
                "lines follow as a supplement (6994-S2)."
            ),
            extra_json_schema=asked(
                first=True, labels={"line": "One MIS order per line", "order": "One MIS order per shop order"}
            ),
        ),
    ] = "line"
    reference_prefix: Annotated[
        str,
        Meta(
            title="Reference prefix",
            description=(
                "Begins the references by which the MIS knows these orders: W- makes W-6994-1 of 6994-1. "
                "For two companies whose orders go to the same account of an MIS."
            ),
            pattern="^([A-Za-z0-9._-]{0,9}[A-Za-z._-])?$",
        ),
    ] = ""
    site_groupings: Annotated[
        dict[str, Grouping],
        Meta(
            title="Other grouping for a site",
            description="As above, for one site.",
            extra_json_schema=listed(names=ListKind.SITES)
            | asked(labels={"line": "One MIS order per line", "order": "One MIS order per shop order"}),
        ),
    ] = {}
    counted_in: Annotated[
        Unit,
        Meta(
            title="Packs are sent as",
            description="Where the shop sells packs: two packs of 250 are 500 pieces, or 2 packs.",
            extra_json_schema=asked(labels={"pieces": "Pieces", "packs": "Packs"}),
        ),
    ] = "pieces"
    product_counted_in: Annotated[
        dict[str, Unit],
        Meta(
            title="Other unit for a product",
            description="By the product's id in the MIS.",
            extra_json_schema=asked(labels={"pieces": "Pieces", "packs": "Packs"}),
        ),
    ] = {}
    discounts: Annotated[
        Literal["share", "line", "note", "leave"],
        Meta(
            title="Discounts of the shop",
            description="How the MIS learns of a discount that the shop gave.",
            extra_json_schema=asked(
                labels={
                    "share": "Lower the lines' prices, to the cent",
                    "line": "A line of its own, below zero",
                    "note": "Told in a note",
                    "leave": "Not told: prices before the discount",
                }
            ),
        ),
    ] = "share"
    discount_product_id: Annotated[
        str,
        Meta(
            title="Product of discount lines",
            description=(
                "Id of the MIS's product that stands for a discount; for discounts as a line of their own."
            ),
        ),
    ] = ""
    too_long: Annotated[
        TooLong,
        Meta(
            title="A text the MIS cannot hold",
            description="Such as a line of an address that is too long for it.",
            extra_json_schema=asked(
                labels={
                    "wait": "Hold the order for a person",
                    "shorten": "Shorten it",
                    "note": "Shorten it, and put all of it in a note",
                }
            ),
        ),
    ] = "wait"
    mis_too_long: Annotated[
        dict[str, TooLong],
        Meta(
            title="Other rule for an MIS",
            description="By the name of its connector.",
            extra_json_schema=asked(
                labels={
                    "wait": "Hold the order for a person",
                    "shorten": "Shorten it",
                    "note": "Shorten it, and put all of it in a note",
                }
            ),
        ),
    ] = {}
    free_products: Annotated[
        tuple[str, ...],
        Meta(
            title="Products that may cost 0",
            description=(
                "Part numbers, or product ids of the MIS: samples. Other lines without a price wait for a"
                " person."
            ),
        ),
    ] = ()
    free_sites: Annotated[
        tuple[str, ...],
        Meta(
            title="Sites where all may cost 0",
            description="By their domains.",
            extra_json_schema=listed(ListKind.SITES),
        ),
    ] = ()
    short_stock: Annotated[
        Literal["send", "wait"],
        Meta(
            title="More than is in stock",
            description=(
                "What becomes of an order of more than the MIS has free. What is not known holds nothing."
            ),
            extra_json_schema=asked(
                labels={
                    "send": "Send it, the MIS is not asked",
                    "wait": "Ask before it leaves, hold what is short",
                }
            ),
        ),
    ] = "send"
    file_hosts: Annotated[
        tuple[str, ...],
        Meta(
            title="Allowed artwork hosts",
            description="Fetch artwork only from these host names. Empty: any public host.",
        ),
    ] = ()
    private_files: Annotated[
        bool,
        Meta(
            title="Allow artwork on private addresses",
            description="Only if the shop runs in your own network.",
        ),
    ] = False
    reconcile_every_s: Annotated[
        float,
        Meta(
            title="Check the shop for missed orders every",
            description="Finds orders whose webhook did not arrive.",
            ge=10,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 300.0
    reconcile_days: Annotated[
        float,
        Meta(
            title="Look back",
            description=(
                "How many days of orders each check covers. Lines that wait are looked at whatever their age."
            ),
            gt=0,
            le=90,
            extra_json_schema=asked(unit="days"),
        ),
    ] = 3.0
    older_every_s: Annotated[
        float,
        Meta(
            title="Look for older orders every",
            description="Finds orders that nobody told of and that would go now.",
            ge=3600,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 86_400.0
    older_days: Annotated[
        float,
        Meta(
            title="Look back for older orders",
            description="0: never. A few calls each time.",
            ge=0,
            le=400,
            extra_json_schema=asked(unit="days"),
        ),
    ] = 60.0
    waiting_days: Annotated[
        float,
        Meta(
            title="Report a waiting line after",
            description="A line that still waits for its approval or stage. 0: never.",
            ge=0,
            extra_json_schema=asked(unit="days"),
        ),
    ] = 5.0
    quiet_margin_s: Annotated[
        float,
        Meta(
            title="Wait before asking about an unanswered order",
            description=(
                "After a send without an answer, wait this long beyond the time limit before asking the "
                "MIS whether it has the order."
            ),
            ge=0,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 30.0

    @property
    def start(self) -> float:
        """When our time begins, in seconds since 1970; 0 if it has not begun yet."""
        return parse_time(self.starts_at, field="orders.starts_at") or 0.0

    def __post_init__(self) -> None:
        if self.discounts == "line" and not self.discount_product_id.strip():
            raise ValueError("discounts as a line need the MIS's product for them: set discount_product_id")

    def unit_of(self, product_id: str) -> Unit:
        return self.product_counted_in.get(product_id, self.counted_in)

    def too_long_for(self, mis: str) -> TooLong:
        return self.mis_too_long.get(mis, self.too_long)

    def may_be_free(self, site: str, part_number: str, product_id: str) -> bool:
        free = {one.strip() for one in self.free_products}
        return any(same_name(site, one) for one in self.free_sites) or not free.isdisjoint(
            (part_number.strip(), product_id)
        )

    def reference(self, number: str) -> str:
        """Begins the keys of an order of this number."""
        return f"{self.reference_prefix}{number}"

    def stage_for(self, site: str) -> str:
        return by_name(self.site_trigger_stages, site) or self.trigger_stage

    def grouping_for(self, site: str) -> Grouping:
        return by_name(self.site_groupings, site) or self.grouping


class ShippingRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the MIS sends what a buyer wants sent by a shipping method of the shop."""

    methods: Annotated[
        dict[str, str],
        Meta(
            title="Carrier for each shipping method",
            description="The MIS's carrier, or carrier / service, for a shipping method of the shop.",
            extra_json_schema=listed(ListKind.CARRIERS, names=ListKind.SHIPPING_METHODS),
        ),
    ] = {}
    site_methods: Annotated[
        dict[str, dict[str, str]],
        Meta(
            title="Other carrier on a site",
            description="Site, shipping method of the shop, and the MIS's carrier.",
            extra_json_schema=listed(names=ListKind.SITES),
        ),
    ] = {}
    other_methods: Annotated[
        Literal["leave", "note", "wait"],
        Meta(
            title="Methods without a row",
            description="Also where the MIS takes no carriers.",
            extra_json_schema=asked(
                labels={
                    "leave": "The MIS decides",
                    "note": "The MIS decides, and is told the method in a note",
                    "wait": "Hold the line for a person",
                }
            ),
        ),
    ] = "leave"


class ShippingChoice(Struct, frozen=True, kw_only=True):
    """What is made of the shop's shipping method of a line: by which row or rule, and the MIS's carrier and service, empty
    where the MIS decides.
    """

    line: int
    method: str
    rule: str
    mis: str

    @property
    def text(self) -> str:
        return f"Line {self.line}: {self.method} → {self.rule} → {self.mis or 'the MIS decides'}"


class RecordRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long it is kept what came in and what left. An order, its history and what the MIS was sent stay for good."""

    compress_days: Annotated[
        float,
        Meta(
            title="Compress after",
            description="Webhooks, and what left and was answered, take a sixth of their room then. 0: never.",
            ge=0,
            le=3650,
            extra_json_schema=asked(unit="days"),
        ),
    ] = 1.0
    webhook_days: Annotated[
        float,
        Meta(
            title="Delete webhooks after",
            description="The orders that they told of stay. 0: never.",
            ge=0,
            le=36500,
            extra_json_schema=asked(unit="days"),
        ),
    ] = 90.0
    evidence_days: Annotated[
        float,
        Meta(
            title="Delete evidence of settled orders after",
            description="What the shop showed of an order, each attempt to send it, and what the MIS answered. What the "
            "MIS was sent last stays. 0: never.",
            ge=0,
            le=36500,
            extra_json_schema=asked(unit="days"),
        ),
    ] = 0.0
