"""What a call of the pricing engine asks, in whatever form it comes: the words that the forms share. Pure."""

from typing import Any

from makeready_hooks.errors import CallRejected
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.price import OptionsQuestion, PriceQuestion
from makeready_hooks.outside import Unreadable, read_json
from msgspec import Struct

from makeready_pressero import wire


class Asked(Struct, frozen=True, kw_only=True):
    """A question, and as whom the shop asks it."""

    question: PriceQuestion | OptionsQuestion
    user: str = ""
    token: str = ""
    """Both empty where the call does not carry them."""


def json_object(body: bytes) -> dict[str, Any]:
    """Raises CallRejected for anything but a JSON object."""
    try:
        value = read_json(body)
    except Unreadable:
        raise CallRejected("The body is not valid JSON.", fix="Send a JSON object.") from None
    if not isinstance(value, dict):
        raise CallRejected("The body is JSON, but not an object.", fix="Send a JSON object.")
    return value


def product_of(value: Any) -> str:
    """The MIS Product ID. Raises CallRejected if there is none."""
    product = wire.text(value).strip()
    if not product:
        raise CallRejected(
            "The call names no product.", fix="Enter the MIS Product ID in the product's Pricing tab."
        )
    return product


def option_key(key: str) -> str:
    """A key may have a prefix, ``engine:paper`` (seen)."""
    return key.rpartition(":")[2]


def quantity_of(value: Any) -> int:
    """A number, or a text; 0 if there is none. Raises CallRejected for anything else."""
    try:
        return wire.number(value)
    except ValueError:
        raise CallRejected(f"quantity {value!r} is not a number.", fix="Send a whole number.") from None


def buyer_of(value: Any, external_id: str) -> Buyer:
    """Who asks. What ``customer`` holds is unknown: nothing, a text, or an object of the shop's user.

    A text is the user's id, or an e-mail. ``external_id``: the member of a user with the id for bridges.
    """
    if not isinstance(value, dict):
        text = wire.text(value).strip()
        return Buyer(email=text) if "@" in text else Buyer(id=text)
    lower = {str(name).lower(): wire.text(inner) for name, inner in value.items()}
    return Buyer(
        id=_first(lower, "userid", "id"),
        email=_first(lower, "email", "login"),
        department=_first(lower, "department"),
        external_id=_first(lower, external_id.lower()),
        groups=_groups(value),
    )


def _first(members: dict[str, str], *names: str) -> str:
    return next((members[name] for name in names if members.get(name)), "")


def _groups(value: dict[str, Any]) -> tuple[str, ...] | None:
    """As a user's details show them."""
    found = value.get("Groups")
    if not isinstance(found, list):
        return None
    names = (wire.text(one.get("GroupName")) for one in found if isinstance(one, dict))
    return tuple(name for name in names if name)
