"""The rules that a subscriber sets for its orders."""

from typing import Annotated, Literal

from makeready_hooks import ListKind, listed
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
            description=(
                "When our time begins, such as 2026-03-02T09:15:00Z: an order placed before it is never sent by "
                "itself, since another system may have sent it. Without it, the moment at which shop and MIS were "
                "connected; it is set again when the environment or the MIS changes."
            )
        ),
    ] = ""
    trigger_stage: Annotated[
        str,
        Meta(
            extra_json_schema=listed(ListKind.STAGES),
            description=(
                "Name of the shop's workflow stage, as the printer sees it, at which an approved line is "
                "sent."
            ),
        ),
    ] = "Order Received"
    site_trigger_stages: Annotated[
        dict[str, str],
        Meta(
            extra_json_schema=listed(ListKind.STAGES, names=ListKind.SITES),
            description="Another stage for a site, by its domain.",
        ),
    ] = {}

    test_sites: Annotated[
        tuple[str, ...],
        Meta(
            extra_json_schema=listed(ListKind.SITES),
            description=(
                "Domains of the sites whose orders are tests. In the environment *test* nothing of any other site is sent; "
                "empty for all. For a shop account that tests and *live* share."
            ),
        ),
    ] = ()
    grouping: Annotated[
        Grouping,
        Meta(
            description=(
                "``line``: each line is an MIS order of its own (``6994-1``). ``order``: all lines of a "
                "shop's order together (``6994``), once every one of them is decided and at the stage; what "
                "comes later follows as a supplement (``6994-S2``)."
            )
        ),
    ] = "line"
    reference_prefix: Annotated[
        str,
        Meta(
            pattern=r"^([A-Za-z0-9._-]{0,9}[A-Za-z._-])?$",
            description=(
                "Begins the references by which the MIS knows our orders: ``W-`` makes ``W-6994-1`` of ``6994-1``. For "
                "two companies whose shops' orders go to the same account of an MIS."
            ),
        ),
    ] = ""
    site_groupings: Annotated[
        dict[str, Grouping],
        Meta(
            extra_json_schema=listed(names=ListKind.SITES),
            description="Another grouping for a site, by its domain.",
        ),
    ] = {}
    counted_in: Annotated[
        Unit,
        Meta(
            description="What the MIS counts where the shop sells packs: two packs of 250 are 500 pieces, or 2 packs."
        ),
    ] = "pieces"
    product_counted_in: Annotated[
        dict[str, Unit], Meta(description="Another unit for a product, by its id in the MIS.")
    ] = {}
    discounts: Annotated[
        Literal["share", "line", "note", "leave"],
        Meta(
            description=(
                "What becomes of a discount that the shop gave. ``share``: the lines' prices in the MIS are lower, to "
                "the cent. ``line``: a line of its own, below zero. ``note``: told to the MIS in a note. ``leave``: the "
                "MIS gets the prices before it; the order's page says so."
            )
        ),
    ] = "share"
    discount_product_id: Annotated[
        str, Meta(description="The MIS's product that stands for a discount, for discounts as ``line``.")
    ] = ""
    too_long: Annotated[
        TooLong,
        Meta(
            description=(
                "What becomes of a text that the MIS cannot hold, such as a line of an address that is too long for it. "
                "``wait``: the order waits for a person. ``shorten``: it is shortened, and the order's page says so. "
                "``note``: it is shortened, and the MIS gets the whole text in a note."
            )
        ),
    ] = "wait"
    mis_too_long: Annotated[
        dict[str, TooLong], Meta(description="Another rule for an MIS, by the name of its connector.")
    ] = {}
    free_products: Annotated[
        tuple[str, ...],
        Meta(
            description="Part numbers, or product ids of the MIS, that may cost 0: samples. Others wait for a person."
        ),
    ] = ()
    free_sites: Annotated[
        tuple[str, ...],
        Meta(
            extra_json_schema=listed(ListKind.SITES),
            description="Domains of sites where every product may cost 0.",
        ),
    ] = ()
    short_stock: Annotated[
        Literal["send", "wait"],
        Meta(
            description=(
                "What becomes of an order of more than the MIS has free. ``send``: the MIS is not asked. ``wait``: it is "
                "asked before an order leaves, and what is short waits for a person. What is not known holds nothing."
            )
        ),
    ] = "send"
    file_hosts: Annotated[
        tuple[str, ...],
        Meta(description="The only hosts at which artwork is looked at and fetched; empty for any."),
    ] = ()
    private_files: Annotated[
        bool,
        Meta(description="Artwork may lie at addresses of a private network: only for a shop in your own."),
    ] = False
    reconcile_every_s: Annotated[
        float, Meta(ge=10, description="Seconds between two looks for what webhooks missed.")
    ] = 300.0
    reconcile_days: Annotated[
        float,
        Meta(
            gt=0,
            le=90,
            description="How far back such a look goes. Lines that wait are looked at whatever their age.",
        ),
    ] = 3.0
    older_every_s: Annotated[
        float,
        Meta(
            ge=3600,
            description="Seconds between two looks for older orders that nobody told of and that would go now.",
        ),
    ] = 86_400.0
    older_days: Annotated[
        float,
        Meta(ge=0, le=400, description="How far back such a look goes; 0 for never. A few calls each time."),
    ] = 60.0
    waiting_days: Annotated[
        float,
        Meta(
            ge=0,
            description="Days after which a line that still waits for an approval or a stage is told of; 0: never.",
        ),
    ] = 5.0
    quiet_margin_s: Annotated[
        float,
        Meta(
            ge=0,
            description=(
                "Seconds beyond the deadline of a submission without an answer, before the MIS is asked about"
                " it."
            ),
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
            extra_json_schema=listed(ListKind.CARRIERS, names=ListKind.SHIPPING_METHODS),
            description="The MIS's carrier, or carrier / service, for a shipping method of the shop.",
        ),
    ] = {}
    site_methods: Annotated[
        dict[str, dict[str, str]],
        Meta(
            extra_json_schema=listed(names=ListKind.SITES),
            description='Other rows for a site, by its domain: "samples.example" = { Express = "Bike" }.',
        ),
    ] = {}
    other_methods: Annotated[
        Literal["leave", "note", "wait"],
        Meta(
            description=(
                "What becomes of a line whose method no row names, or whose MIS takes no carriers. ``leave``: the MIS "
                "decides. ``note``: it decides, and is told the method in a note. ``wait``: the line waits for a person."
            )
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
