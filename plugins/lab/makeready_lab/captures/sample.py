"""An exchange as it came, and its bodies as they are kept."""

import json
from decimal import Decimal
from typing import Any

import msgspec
from makeready_hooks.testing.samples import Sample
from msgspec import Raw, Struct

KEPT_HEADERS = {
    *(
        "allow",
        "cache-control",
        "content-language",
        "content-range",
        "content-type",
        "etag",
        "last-modified",
        "link",
    ),
    *(
        "location",
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-total-count",
    ),
}
"""Of an answer. No other is kept: what stands under another name is not known."""
_encoder = msgspec.json.Encoder(decimal_format="number")


class Recorded(Struct, frozen=True, kw_only=True):
    """A call and its answer, as they came. It is never written anywhere."""

    method: str
    path: str
    """Below the vendor's address, decoded."""
    query: tuple[tuple[str, str], ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    request: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    answer: bytes = b""


def header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return next((value for one, value in headers if one.lower() == name), "")


def read_json(text: str) -> Any:
    """With numbers as they are written. Raises ValueError."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=str)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def raw_json(value: Any) -> Raw:
    return Raw(_encoder.encode(value))


def written(sample: Sample) -> bytes:
    """As the file has it: to be read by people, and by `makeready_hooks.testing.samples`."""
    return msgspec.json.format(_encoder.encode(sample), indent=1) + b"\n"
