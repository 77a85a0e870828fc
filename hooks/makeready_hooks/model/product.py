"""Products on both sides, and the choices of an import. Weights are kilograms, prices are net."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from makeready_hooks.model.ids import ShopId


class ProductKind(StrEnum):
    STOCK = "stock"
    """Sold from the shelf, at a price from a list."""
    MADE_TO_ORDER = "made-to-order"
    """Priced by an estimate."""
    BLUEPRINT = "blueprint"
    """Made in variants, such as sizes and colours: each is a product of its own, and for sale; this is not."""
    OTHER = "other"
    """A part or a process: not for sale by itself."""


Count = int | Decimal
"""How many: whole ones are an int; parts of one, such as square metres, a Decimal."""


class LeadTime(Struct, frozen=True, kw_only=True):
    """How long it takes until it leaves."""

    days: int
    """How many, of the kind that ``working`` says."""
    working: bool = True
    """Working days; False: calendar days."""

    @property
    def text(self) -> str:
        return f"{self.days} {'working' if self.working else 'calendar'} day{'s' if self.days != 1 else ''}"


class PriceBreak(Struct, frozen=True, kw_only=True):
    """A unit price, and from which quantity on it holds."""

    from_quantity: Count
    """As the MIS counts."""
    unit_price: Decimal
    """Net, of one."""


class MisProduct(Struct, frozen=True, kw_only=True):
    """A product as it is in the MIS."""

    id: Annotated[str, Meta(description="The MIS's record id, part of the shop's part number.")]
    code: str = ""
    """What people at the MIS know it by; empty if there is none."""
    name: str = ""
    kind: ProductKind = ProductKind.STOCK
    type_id: Annotated[str, Meta(description="What an estimate is asked for; empty for stock products.")] = ""
    price_breaks: Annotated[
        tuple[PriceBreak, ...],
        Meta(description="By rising quantity; empty if the MIS gives no static price."),
    ] = ()
    stock: Annotated[
        Decimal | None, Meta(description="Free to sell: on hand less allocated. None if unknown.")
    ] = None
    weight_kg: Annotated[Decimal | None, Meta(description="Of one piece; None if unknown.")] = None
    variants: Annotated[
        tuple[str, ...],
        Meta(description="Of a blueprint: the ids of its variants, each a product of its own."),
    ] = ()
    options: Annotated[
        tuple[tuple[str, str], ...],
        Meta(description="Of a variant: what tells it apart, as option and value."),
    ] = ()
    lead_time: Annotated[LeadTime | None, Meta(description="None if the MIS does not tell.")] = None

    @property
    def title(self) -> str:
        """The name; of a variant with its values: ``T-shirt (red, M)``. Two variants never have the same."""
        values = ", ".join(value for _, value in self.options)
        name = self.name or self.code
        return f"{name} ({values})" if values else name

    @property
    def price(self) -> Decimal | None:
        """Unit price of the smallest quantity."""
        return self.price_breaks[0].unit_price if self.price_breaks else None


class ProductSearch(Struct, frozen=True, kw_only=True):
    """Which products are looked for, and which page of them."""

    text: str = ""
    """Part of a code or a name; empty for all."""
    cursor: str = ""
    """`ProductPage.next` of the page before; empty for the first."""
    page_size: int = 50
    """At most so many are wanted; an MIS may give fewer a page."""


class ProductPage(Struct, frozen=True, kw_only=True):
    """Some products that match, in the MIS's order."""

    products: tuple[MisProduct, ...]
    next: str = ""
    """What asks for the page after it, in whatever form the connector likes: it is part of addresses, and not looked into.
    Empty: this is the last."""
    total: int | None = None
    """Of all pages; None if the MIS does not tell."""


class Site(Struct, frozen=True, kw_only=True):
    """One storefront, known by its domain."""

    domain: ShopId
    """As its pages have it, without a scheme: ``shop.example``."""
    id: ShopId = ""
    """The storefront's; empty if there is none."""
    name: str = ""


class Choice(Struct, frozen=True, kw_only=True):
    """Something to choose in a shop: a user group, a category, a workflow."""

    id: ShopId
    """The storefront's, as an import gives it back."""
    name: str


class SiteChoices(Struct, frozen=True, kw_only=True):
    """What an import into one site can be given. A list that could not be read is None."""

    groups: tuple[Choice, ...] | None = None
    categories: tuple[Choice, ...] | None = None
    workflows: tuple[Choice, ...] | None = None


class ProductDraft(Struct, frozen=True, kw_only=True):
    """A product to be made in a shop."""

    site: ShopId
    """Domain of the storefront."""
    name: str
    part_number: str
    """With the company's number and the MIS's id: ``117-2284``. Orders come back with it."""
    public_part_number: str
    """What buyers see; empty for none."""
    url_name: str
    """Derived from the MIS's id and so unique in the site: a lost answer is found again by it."""
    engine_product_id: str
    """What the pricing engine is asked with: ``117-2284-shop.example``."""
    engine_id: ShopId
    """The pricing engine, as `makeready_hooks.specs.install` made it."""
    markup_percent: Decimal = Decimal(0)
    """What the shop adds to our price; 0 where we add it, or nobody does."""
    groups: tuple[Choice, ...] = ()
    categories: tuple[Choice, ...] = ()
    workflow_id: ShopId = ""
    """The storefront's id; empty for the shop's own choice."""
    upload_required: bool = False
    """Whether a buyer has to give artwork."""
    stock: Decimal | None = None
    """To begin with; None if the shop is to keep none."""
    weight_kg: Decimal | None = None
    """Of one piece; None if the MIS does not tell."""
    may_exist: bool = False
    """True on a repetition: parts of it, such as its stock item, may have been made already."""


class ShopProduct(Struct, frozen=True, kw_only=True):
    """A product as it is in the shop."""

    id: ShopId
    """The storefront's."""
    name: str = ""
    part_number: str = ""
    """The printer's."""
    public_part_number: str = ""
    """What buyers see."""
    url_name: str = ""
    """Last part of the address of its page."""
    by_hand: Annotated[
        tuple[str, ...],
        Meta(
            description="After a create: what the shop's API could not set, each a sentence for a person to follow."
        ),
    ] = ()


class Pairing(Struct, frozen=True, kw_only=True):
    """Which pricing engine prices a product for a user group."""

    group_id: ShopId
    """The storefront's id of the user group."""
    engine_id: ShopId
    """The storefront's id of the pricing engine."""
    configuration: Any = None
    """What the engine is told: a text for ours, whatever the shop keeps for another's."""


class ProductBinding(Struct, frozen=True, kw_only=True):
    """All that ties a shop's product to an MIS: nothing else changes when one is linked."""

    part_number: str
    """The printer's: it says which product of the MIS it is."""
    mis_product_id: str = ""
    """The product's general integration id."""
    pairings: tuple[Pairing, ...] = ()
    """In the order of their priority, the first one first."""


class ShopMarkup(Struct, frozen=True, kw_only=True):
    """What a shop adds to the pricing engine's price of a product."""

    percent: Decimal | None
    """Of any quantity; 0 where it adds nothing. None: it depends on the quantity."""


class ImportFile(Struct, frozen=True, kw_only=True):
    """A file that a person uploads in the shop's admin."""

    name: str
    """With its extension."""
    content: bytes
    """Its bytes."""


class Unfinished(Struct, frozen=True, kw_only=True):
    """A product in the shop, and what ties it to the MIS, for the shop's own import file."""

    shop_product_id: ShopId
    """The storefront's."""
    engine_product_id: str
    """As of `ProductDraft`."""
    part_number: str
    """As of `ProductDraft`."""
    groups: tuple[Choice, ...] = ()


class StockLevel(Struct, frozen=True, kw_only=True):
    """What the MIS has of a product, as it counts."""

    product_id: str
    """The MIS's."""
    on_hand: Decimal
    """What is on the shelf, promised or not."""
    allocated: Decimal = Decimal(0)
    """How much of that is promised to orders."""
    expected_on: date | None = None
    """When more is expected, if the MIS knows, else None."""
    as_of: datetime | None = None
    """When it was so; None if the MIS does not say."""

    @property
    def free(self) -> Decimal:
        return self.on_hand - self.allocated


class ShopStock(Struct, frozen=True, kw_only=True):
    """A stock item as it is in the shop."""

    name: str
    """The part number of the product that it was made for."""
    id: ShopId
    """The storefront's of the stock item."""
    level: int
    """What buyers can order. Below 0 where the shop takes orders for more than it has."""
