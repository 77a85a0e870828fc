"""Answers of the API: JSON with Pascal-case members, errors in ``Message``, lists in pages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

_encoder = msgspec.json.Encoder(decimal_format="number")
T = TypeVar("T")

JSON = "application/json; charset=utf-8"


class Answer(Struct, frozen=True, kw_only=True):
    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = {}


class ApiError(Exception):
    """Stops a handler; becomes an answer with ``Message``."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.content = {"Message": message, **more}


def invalid(member: str, reason: str) -> ApiError:
    """The validation error of ASP.NET Web API (inferred)."""
    return ApiError(400, "The request is invalid.", ModelState={member: [reason]})


def json_answer(content: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status=status, body=encoded(content), headers=headers)


def encoded(content: Any) -> bytes:
    """JSON, with Decimal as a number."""
    return _encoder.encode(content)


class Page(Struct, frozen=True, kw_only=True):
    """What a caller asked for. Numbers begin at 0 (seen)."""

    number: int
    size: int
    tells_total: bool = True


def page_of(
    query: Mapping[str, str], forced_size: int = 0, most: int = 0, *, tells_total: bool = True
) -> Page:
    """Read ``pageNumber`` and ``pageSize``. Without them: the first page, of 20 (assumed).

    With ``forced_size``, pages after the first have that size whatever was asked; with ``most``, none is larger.
    """
    number = _whole(query, "pagenumber", 0, least=0)
    size = _whole(query, "pagesize", 20, least=1)
    if forced_size and number > 0:
        size = forced_size
    return Page(number=number, size=min(size, most or size), tells_total=tells_total)


def paged(page: Page, found: Sequence[T], shape: Callable[[T], Any]) -> Answer:
    """One page of a list that was seen as ``Items, PageNumber, PageSize, TotalItems``."""
    start = page.number * page.size
    return json_answer(
        {
            "Items": [shape(one) for one in found[start : start + page.size]],
            "PageNumber": page.number,
            "PageSize": page.size,
            **({"TotalItems": len(found)} if page.tells_total else {}),
        }
    )


def _whole(query: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    try:
        value = int(query.get(name) or default)
    except ValueError:
        raise invalid(name, f"The value {query[name]!r} is not a number") from None
    if value < least:
        raise invalid(name, f"The value is at least {least}")
    return value
