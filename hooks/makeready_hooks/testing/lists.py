"""What can go wrong with the lists of a vendor that speaks JSON: a search that lags behind, a filter that is not heeded, a
total that changes. A status is good each time, and the answer can be read.
"""

import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import structs

from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.testing.faults import Fault, Says

COUNT = re.compile("total|count|hits", re.IGNORECASE)
"""In the name of a member that says how many rows a list has in all."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")

Heard = Iterable[tuple[HttpRequest, HttpAnswer]]


def _fault(name: str, change: Callable[[HttpRequest, Any], Any]) -> Fault:
    """Of requests that change nothing."""

    def changed(request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
        try:
            told = json.loads(answer.body, parse_float=Decimal)
        except ValueError:
            return answer
        new = change(request, told)
        return answer if new == told else structs.replace(answer, body=_ENCODER.encode(new))

    return Fault(
        name=name,
        says=Says.UNREADABLE,
        reaches=True,
        answer=changed,
        befalls=lambda request: not request.changes_something,
    )


def _rows(told: Any, rows: Callable[[list[Any]], list[Any]], count: Callable[[int], int]) -> Any:
    """With other rows in its outermost lists, and other counts beside them."""
    if isinstance(told, list):
        return rows(told)
    if not isinstance(told, dict):
        return told
    has_list = any(isinstance(value, list) for value in told.values())
    return {
        name: count(value)
        if has_list and type(value) is int and COUNT.search(name)
        else _rows(value, rows, count)
        for name, value in told.items()
    }


def _merged(told: Any, others: list[Any]) -> Any:
    """With the rows of others before its own."""
    if isinstance(told, list):
        rows: list[Any] = []
        for row in (row for other in others if isinstance(other, list) for row in other):
            rows += [row] if row not in rows and row not in told else []
        return [*rows, *told]
    if not isinstance(told, dict):
        return told
    alike = [one for one in others if isinstance(one, dict) and one.keys() == told.keys()]
    merged = {name: _merged(value, [one[name] for one in alike]) for name, value in told.items()}
    more = sum(len(merged[name]) - len(value) for name, value in told.items() if isinstance(value, list))
    return {
        name: value + more if more and type(value) is int and COUNT.search(name) else value
        for name, value in merged.items()
    }


NOTHING_FOUND = _fault(
    "a search that finds nothing", lambda request, told: _rows(told, lambda rows: [], lambda count: 0)
)
"""Lists are empty, as of a search that lags behind."""
ROWS_WITHHELD = _fault(
    "a list that is empty, beside a count of what is in it",
    lambda request, told: _rows(told, lambda rows: [], lambda count: count),
)


def total_off_by(difference: int) -> Fault:
    name = f"a total that is off by {difference}"
    return _fault(
        name, lambda request, told: _rows(told, lambda rows: rows, lambda count: max(count + difference, 0))
    )


TWICE = _fault(
    "a list that has each row twice",
    lambda request, told: _rows(
        told, lambda rows: [one for row in rows for one in (row, row)], lambda count: count
    ),
)
TURNED = _fault(
    "a list in another order",
    lambda request, told: _rows(told, lambda rows: rows[::-1], lambda count: count),
)


def everything_found(heard: Heard) -> Fault:
    """A search that does not heed its filter: it shows what it showed to whoever asked for something else, too."""
    known: dict[tuple[str, str], list[tuple[HttpRequest, Any]]] = {}
    for request, answer in heard:
        if not request.changes_something:
            try:
                told = json.loads(answer.body, parse_float=Decimal)
            except ValueError:
                continue
            known.setdefault((request.method, request.url), []).append((request, told))

    def merged(request: HttpRequest, told: Any) -> Any:
        asked = (request.query, request.body)
        others = [
            answer
            for other, answer in known.get((request.method, request.url), ())
            if (other.query, other.body) != asked
        ]
        return _merged(told, others)

    return _fault("a search that finds everything", merged)
