"""A corrected value."""

from msgspec import Struct

CUSTOMER = "customer"
"""Beside the members of an order: the code of the customer in an MIS."""


class Correction(Struct, frozen=True, kw_only=True):
    """One value of an order that goes to the MIS otherwise than the shop shows it."""

    line: int = 0
    """Of the shop's item; 0 for what belongs to the whole order."""
    member: str
    """Of `makeready_hooks.model.limits.ORDER_MEMBERS` or, with a line, `LINE_MEMBERS`; or `CUSTOMER`."""
    mis: str = ""
    """The connector of the MIS whose customer it is; else empty."""
    was: str = ""
    """What the shop showed when it was corrected. Once the shop shows something else, the correction does not hold."""
    value: str
    actor: str = ""
    at: float = 0.0
