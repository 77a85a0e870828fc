"""Questions that a shop asks while a buyer waits, and their answers."""

from decimal import Decimal

from msgspec import Struct


class PriceQuestion(Struct, frozen=True, kw_only=True):
    """The shop asks: what does this product cost, in this quantity, with these options?"""

    product: str
    """The engine's product id as the shop holds it: ``117-2284-shop.example``."""
    quantity: int
    options: tuple[tuple[str, str], ...] = ()
    """Option id and chosen value."""
    customer: str = ""


class OptionsQuestion(Struct, frozen=True, kw_only=True):
    """The shop asks: what can a buyer choose for this product?"""

    product: str
    options: tuple[tuple[str, str], ...] = ()


class PriceQuery(Struct, frozen=True, kw_only=True):
    """The question as an MIS gets it."""

    product_id: str
    quantity: int
    site: str = ""
    options: tuple[tuple[str, str], ...] = ()
    customer: str = ""


class Quote(Struct, frozen=True, kw_only=True):
    total: Decimal
    """Net, for the whole quantity, before the shop's mark-up. Above zero."""
    weight_kg: Decimal = Decimal(0)
    """For the whole quantity."""
    reference: str = ""
    """The MIS's id of an estimate, if one was made; an order can refer to it."""
    source: str = ""
    """Where the price comes from, in a few words: ``price list, from 100``."""


class NoPrice(Struct, frozen=True, kw_only=True):
    """There is no price; the buyer sees ``reason``."""

    reason: str


class OptionValue(Struct, frozen=True, kw_only=True):
    value: str
    label: str


class PriceOption(Struct, frozen=True, kw_only=True):
    id: str
    label: str
    values: tuple[OptionValue, ...] = ()
    """Empty for free text."""
