"""Which lines of orders a list is of, and where a page of it begins."""

from typing import NamedTuple

from msgspec import Struct


class LineFilter(Struct, frozen=True, kw_only=True):
    """Which lines; without anything all."""

    state: str = ""
    start: float | None = None
    """Changed at this moment or later."""
    end: float | None = None
    """Changed before this moment."""
    query: str = ""
    """The whole number of an order, a submission's key, or the MIS's number or id."""
    customer: str = ""
    """Beginnings of words of the customer's name, company or e-mail address, all of them."""
    product: str = ""
    """The same of the product's description, part number, and number in the MIS."""
    anything: str = ""
    """The same of all of these, of the purchase order number, and of where it goes."""
    reason: str = ""
    """Text that the reason holds, in upper or lower case. Give a state with it: all its lines are read."""


class LinePosition(NamedTuple):
    """Where a page ended."""

    updated_at: float
    order_number: str
    line: int
