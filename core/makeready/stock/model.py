"""Stock as Structs, and the rules a subscriber sets. Times are seconds since 1970 in UTC, as floats."""

from decimal import Decimal
from typing import Annotated, Literal

from makeready_hooks import ListKind, listed
from msgspec import Meta, Struct

STOCK = "stock"
"""Read stock in the MIS and mirror it into the shop. Key: the MIS's product; "" for all, again and again."""

TEXTS = (
    "out", "few", "left", "short", "short_left", "back", "blocked", "most", "fewer", "rest", "later", "longer",
)  # fmt: skip
"""Names of the texts that a buyer may read: sold out; a few left; so many left; not enough for a quantity, without and with
how many there are; when more is expected. Where it is stopped: what to do; how many can be ordered; that it has to be fewer.
Else: so many left and the rest later; that what is missing comes later; that it may take longer."""

Share = Literal["bands", "few", "exact"]


class StockRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the MIS's stock is read, kept in step in the shop, and shown to buyers."""

    enabled: bool = True
    poll_every_s: Annotated[
        float, Meta(ge=10, description="Seconds between two readings of all products.")
    ] = 300.0
    fresh_s: Annotated[
        float,
        Meta(
            ge=0,
            description="A level older than this is read again while a buyer looks at its product page; 0 for never.",
        ),
    ] = 10.0
    stale_after_s: Annotated[
        float,
        Meta(gt=0, description="A level that could not be read for so long is not shown to buyers any more."),
    ] = 21_600.0
    mirror: Annotated[
        bool, Meta(description="The shop's own stock levels follow, where the account has a call for it.")
    ] = True
    settle_s: Annotated[
        float,
        Meta(
            ge=0,
            description=(
                "A level that has just fallen in the shop is not raised by what fell, so that an order that "
                "is not known here yet is not undone. Longer than ``orders.reconcile_every_s``."
            ),
        ),
    ] = 330.0

    warn: Annotated[bool, Meta(description="Buyers are warned on the shop's pages.")] = True
    levels: Annotated[
        Share,
        Meta(
            description=(
                "What the pages are told: in stock, few left, out (``bands``); also how many, if they are few"
                " (``few``); or always (``exact``). Whether a quantity is there is always told."
            )
        ),
    ] = "bands"
    few: Annotated[int, Meta(ge=0, description="So many or fewer are few.")] = 10
    block: Annotated[bool, Meta(description="What is not there cannot be put into the cart.")] = False
    back_orders: Annotated[
        bool, Meta(description="What is ordered beyond the stock ships later, and buyers are told so.")
    ] = False
    badges: Annotated[bool, Meta(description="Lists of products show what is out or few.")] = True
    refresh_s: Annotated[float, Meta(ge=5, description="Seconds after which an open page asks again.")] = 15.0
    calls_per_minute: Annotated[
        int, Meta(ge=10, description="For one address: a whole company may be behind it.")
    ] = 600
    language: Annotated[str, Meta(description="Of the texts, such as ``fr``; empty for the page's own.")] = ""
    texts: Annotated[
        dict[str, dict[str, str]],
        Meta(
            description=(
                'Other texts for a language: ``{"en": {"out": "Sold out."}}``. ``{left}``, ``{quantity}`` and'
                " ``{date}`` are replaced."
            )
        ),
    ] = {}
    domains: Annotated[
        dict[str, str],
        Meta(
            extra_json_schema=listed(ListKind.SITES),
            description='Other domains under which buyers reach a site: ``{"www.shop.example": "shop.example"}``.',
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
