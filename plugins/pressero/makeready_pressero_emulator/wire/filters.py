"""Filters of list calls: ``[{"Column", "Value", "Operator"}]``, combined with AND (inferred)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from makeready_pressero_emulator.wire.answers import ApiError
from makeready_pressero_emulator.wire.members import squashed, typed

T = TypeVar("T")
Column = Callable[[T], Any]


class Filter(Struct, frozen=True, rename=squashed):
    column: str
    operator: str
    value: str | int | float | bool | None = None


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda shown, wanted: wanted in shown,
    "isequalto": lambda shown, wanted: shown == wanted,
    "equals": lambda shown, wanted: shown == wanted,
}
"""The operators that were seen. Text is compared whatever its case (assumed)."""


def read_filters(value: Any) -> list[Filter]:
    """A decoded array of filters; None is none. Raises ApiError 400."""
    return [] if value is None else typed(value, list[Filter])


def chosen(found: Iterable[T], filters: list[Filter], columns: Mapping[str, Column[T]]) -> list[T]:
    """Those that pass every filter. Raises ApiError 400 for an unknown column or operator."""
    tests = [_test(one, columns) for one in filters]
    return [one for one in found if all(test(one) for test in tests)]


def _test(given: Filter, columns: Mapping[str, Column[T]]) -> Callable[[T], bool]:
    column = columns.get(given.column.lower())
    if column is None:
        raise ApiError(400, f"There is no column {given.column!r}.")
    compare = _OPERATORS.get(given.operator.lower())
    if compare is None:
        raise ApiError(400, f"There is no operator {given.operator!r}.")
    wanted = _text(given.value)
    return lambda one: compare(_text(column(one)), wanted)


def _text(value: Any) -> str:
    return "" if value is None else str(value).lower()
