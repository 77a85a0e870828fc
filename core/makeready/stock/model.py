"""Stock as Structs, and the rules a subscriber sets. Times are seconds since 1970 in UTC, as floats."""

from decimal import Decimal
from typing import Annotated, Literal

from makeready_hooks import ListKind, asked, listed
from msgspec import Meta, Struct

STOCK = "stock"
"""Read stock in the MIS and mirror it into the shop. Key: the MIS's product; "" for all, again and again."""

TEXTS = {
    "out": "Sold out",
    "few": "A few left",
    "left": "So many left",
    "short": "Not enough for a quantity",
    "short_left": "Not enough, and how many there are",
    "back": "When more is expected",
    "blocked": "What to do where it cannot be ordered",
    "most": "How many can be ordered at most",
    "fewer": "That it has to be fewer",
    "rest": "So many left, and the rest ships later",
    "later": "What is missing ships later",
    "longer": "It may take longer",
}
"""Names of the texts that a buyer may read, and what each is about."""

Share = Literal["bands", "few", "exact"]


class StockRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the MIS's stock is read, kept in step in the shop, and shown to buyers."""

    enabled: Annotated[bool, Meta(title="Read stock from the MIS", extra_json_schema=asked(first=True))] = (
        True
    )
    poll_every_s: Annotated[
        float, Meta(title="Read all stock every", ge=10, extra_json_schema=asked(unit="s"))
    ] = 300.0
    fresh_s: Annotated[
        float,
        Meta(
            title="Refresh while a buyer is looking, if older than",
            description="0: do not.",
            ge=0,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 10.0
    stale_after_s: Annotated[
        float,
        Meta(
            title="Hide stock older than",
            description="When the MIS cannot be read.",
            gt=0,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 21_600.0
    mirror: Annotated[
        bool,
        Meta(
            title="Update the shop's own stock levels",
            description="Where the account allows it.",
            extra_json_schema=asked(first=True),
        ),
    ] = True
    settle_s: Annotated[
        float,
        Meta(
            title="Wait before raising a level that just fell",
            description=(
                "Prevents selling twice what an order that is not known yet has taken. Longer than the "
                "check for missed orders (Orders)."
            ),
            ge=0,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 330.0

    warn: Annotated[bool, Meta(title="Warn buyers on product pages", extra_json_schema=asked(first=True))] = (
        True
    )
    levels: Annotated[
        Share,
        Meta(
            title="What buyers see",
            description="Whether a quantity is there is always told.",
            extra_json_schema=asked(
                first=True,
                labels={
                    "bands": "In stock, few left, out: no figures",
                    "few": "The figure only when few are left",
                    "exact": "Always the figure",
                },
            ),
        ),
    ] = "bands"
    few: Annotated[
        int,
        Meta(
            title="Few left from",
            description="This quantity or less counts as few.",
            ge=0,
            extra_json_schema=asked(unit="pieces", first=True),
        ),
    ] = 10
    block: Annotated[
        bool,
        Meta(
            title="Stop buyers ordering more than is in stock",
            description="Disables the cart button.",
            extra_json_schema=asked(first=True),
        ),
    ] = False
    back_orders: Annotated[
        bool,
        Meta(
            title="What is missing ships later",
            description="Where buyers may order more than is in stock: pages say that the rest follows.",
        ),
    ] = False
    badges: Annotated[bool, Meta(title="Show stock in product lists")] = True
    refresh_s: Annotated[
        float, Meta(title="Open pages check again every", ge=5, extra_json_schema=asked(unit="s"))
    ] = 15.0
    calls_per_minute: Annotated[
        int,
        Meta(
            title="Limit per visitor address",
            description="A whole office may share one address.",
            ge=10,
            extra_json_schema=asked(unit="requests a minute"),
        ),
    ] = 600
    language: Annotated[
        str, Meta(title="Language of the warnings", description="Such as fr. Empty: the page's own.")
    ] = ""
    texts: Annotated[
        dict[str, dict[str, str]],
        Meta(
            title="Own wording",
            description="{left}, {quantity} and {date} are replaced.",
            extra_json_schema=asked(texts=TEXTS),
        ),
    ] = {}
    domains: Annotated[
        dict[str, str],
        Meta(
            title="Other addresses of a site",
            description="www.shop.example for the site shop.example.",
            extra_json_schema=listed(ListKind.SITES),
        ),
    ] = {}

    def __post_init__(self) -> None:
        unknown = [name for texts in self.texts.values() for name in texts if name not in TEXTS]
        if unknown:
            raise ValueError(f"stock.texts has no text {unknown[0]}; there are: {', '.join(TEXTS)}")


class LinkedProduct(Struct, frozen=True, kw_only=True):
    """A product of the MIS that is in a site of a shop through us."""

    site: str
    product_id: str
    part_number: str
    """Also the name of its stock item in the shop."""
    url_name: str
    name: str


class LevelRow(Struct, frozen=True, kw_only=True):
    """What the MIS said of a product's stock."""

    product_id: str
    on_hand: Decimal
    allocated: Decimal
    expected_on: str = ""
    """A day, ``2026-04-02``; empty if none is known."""
    read_at: float
    """When it was asked for."""
    changed_at: float

    @property
    def free(self) -> Decimal:
        return self.on_hand - self.allocated


class HistoryPoint(Struct, frozen=True, kw_only=True):
    """From then on so many were free."""

    at: float
    free: Decimal


class MirrorRow(Struct, frozen=True, kw_only=True):
    """A stock item of a shop that follows the MIS."""

    site: str
    product_id: str
    level: int
    """As it was seen last, or as it will be after our own call."""
    first_seen_at: float
    recent_drop: int = 0
    """How much it has fallen lately, not by our doing."""
    dropped_at: float = 0.0
    change: int = 0
    """The last one that we made."""
    quiet_until: float = 0.0
    """Before this, a change without an answer may still take effect."""
    version: int = 0
    """Rises with every step of a change: who has read a level before one does not change it after."""
    error: str = ""
    said_level: int | None = None
    """What the shop's last event about it said."""
    said_at: float = 0.0


class MirrorTrial(Struct, frozen=True, kw_only=True):
    """Whether the shop's account lets us move stock levels: found out by the first change."""

    state: Literal["", "trying", "works", "refused"] = ""
    version: int = 0
    """Of the subscriber's settings: when they change, it is tried again."""
    site: str = ""
    product_id: str = ""
    level: int = 0
    """Before the change."""
    change: int = 0
    at: float = 0.0
    reason: str = ""


class StockAges(Struct, frozen=True, kw_only=True):
    """When the MIS was asked about the products that are in shops through us."""

    products: int
    unread: int
    """Of these nothing is known yet."""
    last_at: float
    """The newest reading; 0 if there is none."""
    oldest_at: float
    """The oldest of what is known now; 0 if nothing is."""
