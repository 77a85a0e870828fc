"""The pricing engine's calls: how Pressero asks, and how it wants to be answered. Pure functions.

The JSON form is here; the older one is in `makeready_pressero.pricing.soap`. A question carries its form, and is
answered in it.
"""

import base64
import binascii
from typing import Any

from makeready_hooks import same_secret
from makeready_hooks.errors import CallRejected
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.price import NoPrice, OptionsQuestion, PriceOption, PriceQuestion, Quote

from makeready_pressero import wire
from makeready_pressero.pricing import soap, wsdl
from makeready_pressero.pricing.answers import PriceAnswer, offered_first, price_answer
from makeready_pressero.pricing.questions import (
    Asked,
    buyer_of,
    json_object,
    option_key,
    product_of,
    quantity_of,
)
from makeready_pressero.settings import PresseroSettings


def read_call(
    call: IncomingCall, settings: PresseroSettings, url: str = ""
) -> PriceQuestion | OptionsQuestion | CallAnswer:
    """The question in a call; the description of the service for GET with ``?wsdl``. ``url``: our address.

    Raises CallRejected, naming the member, for what is no such call, or has the wrong user or token.
    """
    if call.method == "GET":
        if "wsdl" in {name.lower() for name in call.query}:
            return wsdl.description(url, settings.assumptions)
        raise CallRejected(
            "Prices are asked with POST.", status=405, fix="Add ?wsdl to read the description."
        )
    names = settings.assumptions
    asked = soap.read_call(call, names) if soap.is_soap(call) else _read_json(call, names.user_external_id)
    _check_sender(call, asked, settings)
    return asked.question


def _read_json(call: IncomingCall, external_id: str) -> Asked:
    """An options call has no quantity, or says so in ``operation`` (seen)."""
    body = json_object(call.body)
    product, options = product_of(body.get("product")), _options(body.get("options"))
    operation = wire.text(body.get("operation")).lower()
    if "price" not in operation and ("option" in operation or body.get("quantity") is None):
        question: PriceQuestion | OptionsQuestion = OptionsQuestion(product=product, options=options)
    else:
        question = PriceQuestion(
            product=product,
            quantity=quantity_of(body.get("quantity")),
            options=options,
            buyer=buyer_of(body.get("customer"), external_id),
        )
    user, token = wire.text(body.get("user")), wire.text(body.get("accessToken"))
    return Asked(question=question, user=user, token=token)


def _options(value: Any) -> tuple[tuple[str, str], ...]:
    """``[{"Key", "Value"}]``; a value may be a number (seen)."""
    chosen = value if isinstance(value, list) else []
    return tuple(
        (option_key(wire.text(one.get("Key"))), wire.text(one.get("Value")))
        for one in chosen
        if isinstance(one, dict)
    )


def _check_sender(call: IncomingCall, asked: Asked, settings: PresseroSettings) -> None:
    """User and token, where they are configured and the call carries them: how they travel is not known for
    JSON, so each place is looked at. Raises CallRejected.
    """
    wanted_user = settings.pricing_user
    wanted_token = settings.pricing_token.reveal() if settings.pricing_token else ""
    for user, token in ((asked.user, asked.token), _in_query(call), _in_header(call)):
        right = (not user or same_secret(user, wanted_user)) if wanted_user else True
        if not right or (wanted_token and token and not same_secret(token, wanted_token)):
            raise CallRejected(
                "The user or the access token of the pricing engine is wrong.",
                status=401,
                fix="Enter in Pressero what the connector's settings say: pricing_user and pricing_token.",
            )


def _in_query(call: IncomingCall) -> tuple[str, str]:
    lower = {name.lower(): value for name, value in call.query.items()}
    return lower.get("user", ""), lower.get("accesstoken", "")


def _in_header(call: IncomingCall) -> tuple[str, str]:
    """Basic with user and token, or a bare token after ``Bearer``."""
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return "", value.strip()
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, token = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return user, token


def write_price(question: PriceQuestion, answer: Quote | NoPrice, settings: PresseroSettings) -> CallAnswer:
    """In the question's form, never zero without an error."""
    made = price_answer(answer, settings.weight_unit)
    if question.form:
        return soap.write_price(question, made)
    return _json(_price_members(question, made, settings.assumptions.weight_unit_member))


def _price_members(question: PriceQuestion, answer: PriceAnswer, unit_member: str) -> dict[str, Any]:
    """All the names under which Pressero may look for the price.

    ``Cost`` stays 0 beside a price: the shop showed the right price with exactly this set (seen).
    """
    return {
        **dict.fromkeys(("Price", "TotalPrice", "price"), answer.price),
        **dict.fromkeys(("Weight", "TotalWeight", "weight"), answer.weight),
        **({unit_member: answer.weight_unit} if unit_member else {}),
        **dict.fromkeys(("Cost", "TotalCost", "cost"), 0),
        "Quantity": question.quantity,
        "success": not answer.error,
        "Error": answer.error or None,
        "Options": [],
    }


def write_options(question: OptionsQuestion, options: tuple[PriceOption, ...] | NoPrice) -> CallAnswer:
    """``[{"ID", "Label", "Options": [{"Key": label, "Value"}]}]``; Key is the text shown (seen).

    Where nobody knows the options, an error instead of an array: an empty one would let a buyer order
    without the choice.
    """
    if isinstance(options, NoPrice):
        if question.form:
            return soap.write_fault(question, options.reason)
        return _json({"Error": options.reason, "success": False, "Options": []})
    if question.form:
        return soap.write_options(question, options)
    return _json(
        [
            {
                "ID": option.id,
                "Label": option.label,
                "Options": [{"Key": one.label, "Value": one.value} for one in offered_first(option)],
            }
            for option in options
        ]
    )


def _json(body: Any) -> CallAnswer:
    return CallAnswer(status=200, body=wire.encode(body))
