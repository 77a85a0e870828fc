"""Reads JSON bodies as Json.NET does: whatever the case of member names, unknown ones ignored."""

from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from makeready_pressero.emulator.answers import ApiError, invalid

_decoder = msgspec.json.Decoder(float_hook=Decimal)
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
    try:
        return msgspec.convert(_folded(value), kind, strict=False)
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


def _folded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.lower(): _folded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_folded(inner) for inner in value]
    return value
