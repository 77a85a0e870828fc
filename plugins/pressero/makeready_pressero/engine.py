"""The pricing engine's calls: how Pressero asks, and how it wants to be answered. Pure functions."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.price import NoPrice, OptionsQuestion, PriceOption, PriceQuestion, Quote

from makeready_pressero import wire


def read_call(call: IncomingCall) -> PriceQuestion | OptionsQuestion:
    """The question in a call. An options call has no quantity, or says so in ``operation`` (seen).

    Raises CallRejected, naming the member, for a body that is not such a call.
    """
    body = json_object(call.body)
    product = wire.text(body.get("product")).strip()
    if not product:
        raise CallRejected(
            "The call names no product.", fix="Enter the MIS Product ID in the product's Pricing tab."
        )
    options = _options(body.get("options"))
    operation = wire.text(body.get("operation")).lower()
    if "price" not in operation and ("option" in operation or body.get("quantity") is None):
        return OptionsQuestion(product=product, options=options)
    return PriceQuestion(
        product=product,
        quantity=_quantity(body.get("quantity")),
        options=options,
        customer=_customer(body.get("customer")),
    )


def json_object(body: bytes) -> dict[str, Any]:
    """Raises CallRejected for anything but a JSON object."""
    try:
        value = msgspec.json.decode(body)
    except wire.UNREADABLE:
        raise CallRejected("The body is not valid JSON.", fix="Send a JSON object.") from None
    if not isinstance(value, dict):
        raise CallRejected("The body is JSON, but not an object.", fix="Send a JSON object.")
    return value


def _quantity(value: Any) -> int:
    try:
        return wire.number(value)
    except ValueError:
        raise CallRejected(f"quantity {value!r} is not a number.", fix="Send a whole number.") from None


def _options(value: Any) -> tuple[tuple[str, str], ...]:
    """``[{"Key", "Value"}]``. A key may have a prefix, ``engine:paper``; a value may be a number (seen)."""
    chosen = value if isinstance(value, list) else []
    return tuple(
        (wire.text(one.get("Key")).rpartition(":")[2], wire.text(one.get("Value")))
        for one in chosen
        if isinstance(one, dict)
    )


def _customer(value: Any) -> str:
    """What it holds is unknown: a text is taken as it is, an object by its id or e-mail."""
    if isinstance(value, dict):
        lower = {str(name).lower(): inner for name, inner in value.items()}
        return next(
            (wire.text(lower[name]) for name in ("id", "userid", "email", "login") if lower.get(name)), ""
        )
    return wire.text(value)


def write_price(answer: Quote | NoPrice) -> CallAnswer:
    """All the names under which Pressero may look for the price; never zero without an error.

    ``Cost`` stays 0 beside a price: the shop showed the right price with exactly this set (seen).
    """
    if isinstance(answer, NoPrice) or answer.total <= 0:
        reason = answer.reason if isinstance(answer, NoPrice) else "There is no price for this product."
        return _json(_price_members(Decimal(0), Decimal(0), reason or "There is no price for this product."))
    return _json(_price_members(answer.total, answer.weight_kg, None))


def _price_members(total: Decimal, weight: Decimal, error: str | None) -> dict[str, Any]:
    price, kilograms = rounded(total), plain(weight)
    return {
        **dict.fromkeys(("Price", "TotalPrice", "price"), price),
        **dict.fromkeys(("Weight", "TotalWeight", "weight"), kilograms),
        **dict.fromkeys(("Cost", "TotalCost", "cost"), 0),
        "success": error is None,
        "Error": error,
        "Options": [],
    }


def write_options(options: tuple[PriceOption, ...]) -> CallAnswer:
    """``[{"ID", "Label", "Options": [{"Key": label, "Value"}]}]``; Key is the text shown (seen)."""
    return _json(
        [
            {
                "ID": option.id,
                "Label": option.label,
                "Options": [{"Key": value.label, "Value": value.value} for value in option.values],
            }
            for option in options
        ]
    )


def rounded(amount: Decimal) -> Decimal:
    """To the cent, halves up as on an invoice, and never a price down to zero."""
    cents = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return plain(cents if cents or not amount else Decimal("0.01"))


def plain(number: Decimal) -> Decimal:
    shortened = number.normalize()
    return shortened.quantize(Decimal(1)) if shortened == shortened.to_integral_value() else shortened


def _json(body: Any) -> CallAnswer:
    return CallAnswer(status=200, body=wire.encode(body))
