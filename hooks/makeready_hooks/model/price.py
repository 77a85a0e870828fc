"""Questions that a shop asks while a buyer waits, and their answers."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from makeready_hooks.model.ids import ShopId
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.product import Count, PriceBreak

Options = tuple[tuple[str, str], ...]
"""Option id and chosen value, each option once."""


class PriceQuestion(Struct, frozen=True, kw_only=True):
    """The shop asks: what does this product cost, in this quantity, with these options?"""

    product: str
    """The engine's product id as the shop holds it: ``117-2284-shop.example``."""
    quantity: int
    """As the buyer counts: pieces, or packs."""
    options: Options = ()
    """What the buyer has chosen so far."""
    buyer: Buyer = Buyer()
    """Who asks, as far as the shop tells: often nothing."""
    form: str = ""
    """How the shop asked, in the connector's own words, so that it answers in the same way. Nobody else reads it."""


class OptionsQuestion(Struct, frozen=True, kw_only=True):
    """The shop asks: what can a buyer choose for this product?"""

    product: str
    """As of `PriceQuestion`."""
    options: Options = ()
    """What was chosen already, where one choice decides on the next."""
    form: str = ""
    """As of `PriceQuestion`."""


class PriceQuery(Struct, frozen=True, kw_only=True):
    """The question as an MIS gets it."""

    product_id: str
    """The MIS's."""
    quantity: int
    """As of `PriceQuestion`."""
    site: ShopId = ""
    """Domain of the storefront; empty if nobody's shop asks."""
    options: Options = ()
    """What the buyer has chosen."""
    customer: str = ""
    """Whose prices hold, as `customer_code` said; empty for everybody's."""


class Quote(Struct, frozen=True, kw_only=True):
    """What a product costs, net, in this quantity."""

    total: Decimal
    """Net, for the whole quantity, before the shop's mark-up. Above zero."""
    weight_kg: Decimal = Decimal(0)
    """For the whole quantity."""
    reference: str = ""
    """The MIS's id of an estimate, if one was made; an order can refer to it."""
    source: str = ""
    """Where the price comes from, in a few words: ``price list``, ``estimate E0088001``."""
    unit_price: Decimal | None = None
    """From a price list: what one piece costs in this quantity; None for another source."""
    from_quantity: Count = 0
    """From a price list: the quantity from which that price holds; 0 if there are no breaks."""
    breaks: tuple[PriceBreak, ...] = ()
    """From a price list: all of it, rising. The price of another quantity is worked out from it for as long as it is
    fresh, and the MIS is not asked; leave it out where a price is more than one piece's times the quantity."""
    customer: str = ""
    """Whose price list or estimate it is; empty for everybody's."""
    options: Options = ()
    """Those that made a difference, with defaults filled in; see `chosen_values`."""


class NoPriceCause(StrEnum):
    """Why there is no price; the core has a text for each in the shop's language."""

    UNAVAILABLE = "unavailable"
    """The MIS cannot be asked just now."""
    UNKNOWN_PRODUCT = "unknown-product"
    NO_PRICE = "no-price"
    """The MIS has none for this product."""
    QUANTITY = "quantity"
    """Not in this quantity."""
    CHOICE = "choice"
    """Not with these options."""
    ON_REQUEST = "on-request"
    """A person has to be asked."""


class NoPrice(Struct, frozen=True, kw_only=True):
    """There is no price; the buyer sees ``reason``."""

    reason: str
    """In the shop's language."""


class OptionValue(Struct, frozen=True, kw_only=True):
    """One of the values to choose from."""

    value: str
    """As orders and price questions hold it."""
    label: str
    """What a buyer reads."""


class PriceOption(Struct, frozen=True, kw_only=True):
    """Something that a buyer chooses."""

    id: str
    """As orders and price questions hold it."""
    label: str
    """What a buyer reads."""
    values: tuple[OptionValue, ...] = ()
    """Empty for free text."""
    default: str = ""
    """What holds until the buyer chooses; one of the values, if there are any."""


def chosen_values(offered: Iterable[PriceOption], given: Iterable[tuple[str, str]]) -> Options:
    """A value for each option that is offered, and for no other: the given one, else its default."""
    values = dict(given)
    return tuple((one.id, values.get(one.id, one.default)) for one in offered)
