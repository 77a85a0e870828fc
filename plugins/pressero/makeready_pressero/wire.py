"""Pressero's shapes on the wire: lenient when reading, exact when writing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

S = TypeVar("S", bound=Struct)

MAX_DIGITS = 18
"""No amount, quantity or number has more: a text such as 1e999999999 would take all memory."""

_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(body: Any) -> bytes:
    """JSON with exact decimal numbers."""
    return _encoder.encode(body)


class Page(Struct, frozen=True, kw_only=True):
    """A list answer: ``{"Items": […], "PageNumber", "PageSize", "TotalItems"}`` (seen), or a bare array."""

    items: tuple[dict[str, Any], ...]
    total: int | None
    """None if the answer does not say."""
    is_page: bool = True
    """False for a plain list."""


def page_from(body: Any) -> Page:
    """Raises ValueError for what is no list: an answer of something else than the shop is not an empty one."""
    if not isinstance(body, list) and not (isinstance(body, dict) and "Items" in body):
        raise ValueError("is no list")
    items = body.get("Items") if isinstance(body, dict) else body
    found = tuple(item for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
    total = body.get("TotalItems") if isinstance(body, dict) else None
    return Page(items=found, total=total if isinstance(total, int) else None, is_page=isinstance(body, dict))


def text(value: Any) -> str:
    """A text or number as text; "" for null and absent."""
    return "" if value is None or isinstance(value, dict | list) else str(value)


def money(value: Any) -> Decimal:
    """An amount, a number or a text; 0 for null and absent. Raises ValueError for anything else."""
    if value is None or value == "":
        return Decimal(0)
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(f"{value!r} is not an amount")
    try:
        amount = Decimal(str(value))
    except ArithmeticError:
        raise ValueError(f"{value!r} is not an amount") from None
    if not amount.is_finite() or amount.adjusted() >= MAX_DIGITS:
        raise ValueError(f"{value!r} is not an amount")
    return amount


def amount(value: Any) -> Decimal | None:
    """As `money`, but None for null and absent."""
    return None if value is None or value == "" else money(value)


def plain(number: Decimal) -> Decimal:
    """The same number as JSON shows it best: 25, not 25.00 or 2.5E+1."""
    shortened = number.normalize()
    return shortened.quantize(Decimal(1)) if shortened == shortened.to_integral_value() else shortened


def number(value: Any) -> int:
    """A whole number, also as text or as 2.0; 0 for null and absent. Raises ValueError."""
    amount = money(value)
    if amount != int(amount):
        raise ValueError(f"{value!r} is not a whole number")
    return int(amount)


def moment(value: Any) -> datetime | None:
    """A date-time in UTC. Dates without a zone are UTC (a client in production reads them so).

    Both ``2026-03-02T09:15:29.7`` and the same with ``Z`` are possible. None for null and for the
    year 1, which .NET writes for *no date*. Raises ValueError for anything else.
    """
    if value in (None, ""):
        return None
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a date")
    parsed = datetime.fromisoformat(_six_digits(value.strip()))
    if parsed.year == 1:
        return None
    try:
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError:  # the last hours of the year 9999
        raise ValueError(f"{value!r} is not a date") from None


def _six_digits(stamp: str) -> str:
    """.NET writes up to seven digits of a second, Python reads at most six."""
    head, dot, tail = stamp.partition(".")
    if not dot:
        return stamp
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}.{tail[:digits][:6].ljust(6, '0')}{tail[digits:]}"


def day(value: Any) -> date | None:
    """The day of a date-time, as it is written there: a day has no zone."""
    found = moment(value)
    return None if found is None else datetime.fromisoformat(_six_digits(str(value).strip())).date()


_READERS: dict[Any, Callable[[Any], Any]] = {
    str: text,
    int: number,
    Decimal: money,
    Decimal | None: amount,
    bool: lambda value: value is True,
    datetime | None: moment,
    date | None: day,
    dict[str, Any]: lambda value: value if isinstance(value, dict) else {},
}


def read(kind: type[S], row: dict[str, Any]) -> S:
    """A row as a Struct: members that are null or missing become empty, unknown ones go to ``extra``.

    Raises ValueError that names the member which cannot be read.
    """
    members = _members(kind)
    values: dict[str, Any] = {}
    for wire_name, (name, read_member) in members.items():
        try:
            values[name] = read_member(row.get(wire_name))
        except ValueError as exc:
            raise ValueError(f"{wire_name}: {exc}") from None
    return kind(**values, extra={name: value for name, value in row.items() if name not in members})


@cache
def _members(kind: type[Struct]) -> dict[str, tuple[str, Callable[[Any], Any]]]:
    """By its name in JSON, the name of each member but ``extra``, and what reads it."""
    found = msgspec.structs.fields(kind)
    return {one.encode_name: (one.name, _READERS[one.type]) for one in found if one.name != "extra"}
