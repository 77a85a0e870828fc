"""Reads JSON bodies as Json.NET does: whatever the case of member names, unknown ones ignored, and
numbers where text is wanted (or text where numbers are) taken for what they say.
"""

from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from makeready_pressero_emulator.wire.answers import ApiError, invalid

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_NUMBERS = (inspect.IntType, inspect.FloatType, inspect.DecimalType)
T = TypeVar("T")


def squashed(name: str) -> str:
    """``user_name`` → ``username``: how the Structs of request bodies name their members."""
    return name.replace("_", "")


def decoded(body: bytes) -> Any:
    """The body as plain values; None for an empty one. Raises ApiError 400."""
    if not body.strip():
        return None
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError as error:
        raise ApiError(400, f"The request body is not JSON: {error}") from error


def typed(value: Any, kind: type[T]) -> T:
    """A decoded value as a request Struct. Raises ApiError 400 that names the member."""
    wanted: Any = kind
    try:
        return msgspec.convert(_suited(value, _type_info(wanted)), kind, strict=False)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at `$")
        raise invalid(where.strip("`.") or "body", reason) from error


def body_as(body: bytes, kind: type[T]) -> T:
    value = decoded(body)
    if value is None:
        raise invalid("body", "A JSON body is required")
    return typed(value, kind)


def strict(body: bytes, kind: type[T]) -> T:
    """A body of the control API: names as they are spelled. Raises ApiError 400."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise ApiError(400, str(error)) from error


@cache
def _type_info(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


def _suited(value: Any, wanted: inspect.Type) -> Any:
    """The value with what Json.NET would do on its way into that type."""
    kinds = wanted.types if isinstance(wanted, inspect.UnionType) else (wanted,)
    for kind in kinds:
        if isinstance(kind, inspect.StructType) and isinstance(value, dict):
            return _members(value, kind)
        if isinstance(kind, inspect.ListType) and isinstance(value, list):
            return [_suited(one, kind.item_type) for one in value]
    return _plain(value, kinds)


def _members(value: dict[str, Any], wanted: inspect.StructType) -> dict[str, Any]:
    fields = {field.encode_name: field.type for field in wanted.fields}
    lower = {name.lower(): inner for name, inner in value.items()}
    return {name: _suited(inner, fields[name]) for name, inner in lower.items() if name in fields}


def _plain(value: Any, kinds: tuple[inspect.Type, ...]) -> Any:
    optional = any(isinstance(kind, inspect.NoneType) for kind in kinds)
    text = any(isinstance(kind, inspect.StrType) for kind in kinds)
    number = any(isinstance(kind, _NUMBERS) for kind in kinds)
    if text and not number and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    if number and not text and isinstance(value, str):
        return None if optional and not value else _finite(value)
    return value


def _finite(text: str) -> str:
    """Decimal knows words such as NaN, which no client means. What is no number is left to be refused."""
    if text.strip().lower().lstrip("+-").startswith(("nan", "inf", "snan")):
        raise invalid("body", f"{text!r} is not a number")
    return text
