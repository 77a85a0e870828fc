"""The calls to an external pricing engine: one URL, two operations. JSON was seen from live requests; the older
SOAP form by switch.
"""

import base64
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
from msgspec import Struct

from makeready_pressero_emulator.assumed import PRICE_FAILED
from makeready_pressero_emulator.shop import soap
from makeready_pressero_emulator.shop.outbound import NotDelivered, post_json
from makeready_pressero_emulator.state.records import Calculator, User
from makeready_pressero_emulator.wire.answers import encoded
from makeready_pressero_emulator.world import World

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_MOST = Decimal(10) ** 12


class PluginFailed(Exception):
    """No price; the text is what the buyer reads."""


class Said(Struct, frozen=True, kw_only=True):
    price: Decimal
    weight: Decimal


async def options(
    world: World, engine: Calculator, product: str, chosen: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Ask what can be chosen. Raises PluginFailed if the answer is not an array of parameters."""
    if _by_soap(world):
        root = await _ask_soap(world, engine, "GetOptionsForProduct", product, chosen)
        return [_parameter(one) for one in soap.options_of(root)]
    question = {"operation": "options", "product": product, "options": _as_sent(world, chosen)}
    answer = await _ask(world, engine, question)
    if isinstance(answer, dict) and answer.get("Error"):
        raise PluginFailed(str(answer["Error"]))
    if not isinstance(answer, list):
        raise PluginFailed(f"{PRICE_FAILED} The pricing engine answered options with no array.")
    return [_parameter(one) for one in answer]


async def price(
    world: World,
    engine: Calculator,
    product: str,
    chosen: list[dict[str, Any]],
    *,
    quantity: int,
    user: User | None,
) -> Said:
    """Ask for the price of a quantity. Raises PluginFailed with the engine's ``Error``, if it has one."""
    if _by_soap(world):
        root = await _ask_soap(world, engine, "GetPriceForProduct", product, chosen, quantity)
        return _said(world, soap.price_of(root))
    question = {
        "operation": world.switches.text("plugin-operation"),
        "product": product,
        "options": _as_sent(world, chosen),
        "quantity": quantity,
        "customer": _customer(world, user),
    }
    return _said(world, await _ask(world, engine, question))


def _said(world: World, answer: Any) -> Said:
    if not isinstance(answer, dict):
        raise PluginFailed(f"{PRICE_FAILED} The pricing engine answered a price with no object.")
    if answer.get("Error"):
        raise PluginFailed(str(answer["Error"]))
    return Said(
        price=_number(answer, world.switches.text("plugin-price-member")),
        weight=_number(answer, "Weight"),
    )


async def _ask(world: World, engine: Calculator, question: dict[str, Any]) -> Any:
    url, headers = _with_credentials(world, engine)
    timeout_s = world.switches.number("plugin-timeout-s")
    try:
        response = await post_json(url, encoded(question), headers=headers, timeout_s=timeout_s)
    except NotDelivered as failure:
        raise PluginFailed(f"{PRICE_FAILED} ({failure})") from failure
    return _content(response)


def _by_soap(world: World) -> bool:
    return world.switches.text("plugin-form") != "json"


async def _ask_soap(
    world: World,
    engine: Calculator,
    operation: str,
    product: str,
    chosen: list[dict[str, Any]],
    quantity: int | None = None,
) -> soap.Node:
    members = {
        "user": engine.user_name or "",
        "accessToken": engine.access_token or "",
        "productID": product,
    }
    given = _as_sent(world, chosen)
    if quantity is not None and world.switches.text("plugin-soap-quantity") == "parameter":
        members["quantity"] = str(quantity)
    elif quantity is not None:
        given = [*given, {"Key": "Quantity", "Value": str(quantity)}]
    body, headers = soap.request(operation, members, given, version=world.switches.text("plugin-form"))
    timeout_s = world.switches.number("plugin-timeout-s")
    try:
        response = await post_json(engine.url or "", body, headers=headers, timeout_s=timeout_s)
        root = soap.read(response.content)
    except NotDelivered as failure:
        raise PluginFailed(f"{PRICE_FAILED} ({failure})") from failure
    except soap.NotXml as error:
        raise PluginFailed(f"{PRICE_FAILED} The pricing engine's answer is not XML.") from error
    if fault := soap.fault_of(root):
        raise PluginFailed(fault)
    if response.status_code != 200:
        raise PluginFailed(f"{PRICE_FAILED} The pricing engine answered {response.status_code}.")
    return root


def _content(response: httpx.Response) -> Any:
    if response.status_code != 200:
        raise PluginFailed(f"{PRICE_FAILED} The pricing engine answered {response.status_code}.")
    try:
        return _decoder.decode(response.content)
    except msgspec.DecodeError as error:
        raise PluginFailed(f"{PRICE_FAILED} The pricing engine's answer is not JSON.") from error


def _with_credentials(world: World, engine: Calculator) -> tuple[str, dict[str, str]]:
    """How user and token travel in the JSON form is not known: by switch, not at all."""
    url, user, token = engine.url or "", engine.user_name or "", engine.access_token or ""
    match world.switches.text("plugin-credentials"):
        case "header":
            basic = base64.b64encode(f"{user}:{token}".encode()).decode()
            return url, {"Authorization": f"Basic {basic}"}
        case "query":
            joint = "&" if "?" in url else "?"
            return url + joint + urlencode({"user": user, "accessToken": token}), {}
    return url, {}


def _parameter(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or "ID" not in given:
        raise PluginFailed(f"{PRICE_FAILED} An option of the pricing engine has no ID.")
    values = [one for one in given.get("Options") or [] if isinstance(one, dict)]
    return {
        "ID": str(given["ID"]),
        "Label": str(given.get("Label") or given["ID"]),
        "Options": [{"Key": str(v.get("Key", "")), "Value": str(v.get("Value", ""))} for v in values],
    }


def _as_sent(world: World, chosen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    prefix = "option:" if world.switches.on("plugin-composite-keys") else ""
    numeric = world.switches.on("plugin-numeric-values")
    return [{"Key": prefix + str(c["Key"]), "Value": _value(c.get("Value"), numeric)} for c in chosen]


def _value(value: Any, numeric: bool) -> Any:
    text = "" if value is None else str(value)
    return int(text) if numeric and text.isdecimal() else text


def _customer(world: World, user: User | None) -> Any:
    form = world.switches.text("plugin-customer")
    if user is None or form == "null":
        return None
    if form == "string":
        return user.user_id
    return {
        "UserId": user.user_id,
        "Email": user.email,
        "FirstName": user.first_name,
        "LastName": user.last_name,
    }


def _number(answer: dict[str, Any], member: str) -> Decimal:
    if answer.get(member) is None:
        raise PluginFailed(f"{PRICE_FAILED} The pricing engine's answer has no {member}.")
    try:
        number = Decimal(str(answer[member]))
    except InvalidOperation as error:
        raise PluginFailed(f"{PRICE_FAILED} {member} of the pricing engine is not a number.") from error
    if not number.is_finite() or abs(number) > _MOST:
        raise PluginFailed(f"{PRICE_FAILED} {member} of the pricing engine is out of bounds.")
    return number
