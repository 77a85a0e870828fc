"""Prices that the MIS gave."""

from makeready_hooks.model.price import Quote
from msgspec import Struct


class KnownPrice(Struct, frozen=True, kw_only=True):
    """A price as the MIS gave it."""

    quote: Quote
    at: float
    """When it was asked for."""


class LastPrice(Struct, frozen=True, kw_only=True):
    """The last price of a product, with the quantity that was asked."""

    quantity: int
    quote: Quote
    at: float


class EstimateRow(Struct, frozen=True, kw_only=True):
    """An estimate of the MIS, and what it was made for."""

    reference: str
    customer: str
    options: tuple[tuple[str, str], ...]
    at: float
