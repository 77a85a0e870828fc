"""Products, imports and links as Structs, and their states."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple

from makeready_hooks import asked
from makeready_hooks.model.product import PriceBreak
from msgspec import Meta, Struct, field


class ImportChoices(Struct, frozen=True, kw_only=True):
    """What is chosen once for all products of an import, with the shop's ids."""

    site: str
    mis: str = ""
    """The connector of the MIS whose products they are."""
    markup_percent: str = "0"
    """A decimal number."""
    groups: tuple[tuple[str, str], ...] = ()
    """Id and name."""
    categories: tuple[tuple[str, str], ...] = ()
    workflow_id: str = ""
    workflow: str = ""
    upload_required: bool = False
    engine_id: str = ""
    changes_markup: bool = False
    """It changes the mark-up of products that are in the site, and makes none."""
    warning: str = ""
    """What will be wrong with the products' orders, for people."""


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


class Figures(Struct, frozen=True, kw_only=True):
    """What was known of a product when it was planned."""

    price_breaks: Annotated[tuple[PriceBreak, ...], Meta(description="The MIS's, before any mark-up.")] = ()
    stock: Annotated[Decimal | None, Meta(description="Free to sell in the MIS; None if unknown.")] = None
    markup_percent: Annotated[
        str, Meta(description="What the shop added to its price then; empty if nobody knew.")
    ] = ""


class ImportItem(Struct, frozen=True, kw_only=True):
    """A product of an import: what was decided about it and why, and what became of it."""

    product_id: str
    name: str
    action: str
    state: str
    job: int = 0
    reason: str = ""
    changes: Annotated[
        tuple[str, ...], Meta(description="What changes in a product that is linked, a sentence each.")
    ] = ()
    part_number: str = ""
    public_part_number: str = ""
    url_name: str = ""
    shop_product_id: str = ""
    by_hand: tuple[str, ...] = field(default_factory=tuple)
    figures: Figures = Figures()
    updated_at: float = 0.0


class LinkRow(Struct, frozen=True, kw_only=True):
    """A product of the MIS in a site, or about to be: one row, whatever is repeated."""

    subscriber: str
    site: str
    product_id: str
    job: Annotated[int, Meta(description="The import that makes it, or made it.")]
    part_number: str
    url_name: str
    mis: Annotated[str, Meta(description="The connector of the MIS that makes it.")] = ""
    shop_product_id: str = ""
    before: Annotated[
        str,
        Meta(
            description="JSON: what tied a linked product to its engine before; empty for one that we made."
        ),
    ] = ""
    tried_at: Annotated[
        float,
        Meta(
            description="When the last attempt began; 0 if none did. One that began may have had an effect."
        ),
    ] = 0.0
    linked_at: Annotated[float, Meta(description="When it was known to be in the shop; 0 before.")] = 0.0


class SoldUnlinked(Struct, frozen=True, kw_only=True):
    """A product that a shop sells at the MIS's price and that is not linked: converted by hand, or from before us."""

    product_id: str
    at: Annotated[float, Meta(description="When the MIS last named its price.")]


class ImportRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How products are looked for and imported."""

    page_size: Annotated[
        int,
        Meta(
            title="Products per page",
            description="Products on a page of a search; an import takes any number.",
            ge=1,
            le=500,
            extra_json_schema=asked(unit="products"),
        ),
    ] = 50


class ItemAction(StrEnum):
    """What the plan of an import says of a product."""

    CREATE = "create"
    LINK = "link"
    """Bind a product that the shop has."""
    MARKUP = "markup"
    """Change the mark-up of a product that is linked."""
    SKIP = "skip"


class ItemState(StrEnum):
    """The states of a product in an import."""

    PLANNED = "planned"
    CREATING = "creating"
    """A call may be under way."""
    IN_DOUBT = "in_doubt"
    """A create left and no answer came; the shop is asked before anything is made again."""
    CREATED = "created"
    LINKED = "linked"
    CHANGED = "changed"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobState(StrEnum):
    """The states of an import."""

    PLANNED = "planned"
    """Does nothing until it is run."""
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class Task(NamedTuple):
    """A product that is to be made or linked, with the import that wants it."""

    job: ImportJob
    item: ImportItem
    link: LinkRow


UNSETTLED = (ItemState.PLANNED, ItemState.CREATING, ItemState.IN_DOUBT)
