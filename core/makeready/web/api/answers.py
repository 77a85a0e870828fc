"""An answer of the API from the rows that it is about: members of the same name are taken over."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from makeready.outbound.capture import as_data
from makeready.times import from_seconds

A = TypeVar("A", bound=Struct)


def answer_from(kind: type[A], *rows: object, **others: Any) -> A:
    """An answer with ``others``, and each other member from the first of the rows that has one of its name.

    A member that is called otherwise in the API than in the row has its row's name here, and the API's in
    ``field(name=…)``. Seconds since 1970 become a moment; 0 is null where the answer may have none. Bytes become
    text, or what their JSON holds where anything may stand; Structs of rows become those of the answer.
    Raises AttributeError for a member that is in no row.
    """
    taken = {
        name: others[name] if name in others else change(_member(rows, name))
        for name, change in _members(kind)
    }
    return kind(**taken)


def answers_from(kind: type[A], rows: Iterable[object]) -> tuple[A, ...]:
    """One of each row."""
    return tuple(answer_from(kind, one) for one in rows)


def _member(rows: tuple[object, ...], name: str) -> Any:
    row = next((one for one in rows if hasattr(one, name)), rows[0])
    return getattr(row, name)


@cache
def _members(kind: type[Struct]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """The names of its members, and how the value of a row becomes each."""
    return tuple((one.name, _change_to(one.type)) for one in fields(kind))


def _change_to(wanted: Any) -> Callable[[Any], Any]:
    if get_origin(wanted) is Annotated:
        return _change_to(get_args(wanted)[0])
    if get_origin(wanted) in (Union, UnionType):
        return _change_or_none(*(one for one in get_args(wanted) if one is not NoneType))
    if get_origin(wanted) is tuple:
        change = _change_to(get_args(wanted)[0])
        return lambda values: tuple(map(change, values))
    if wanted is Any:
        return _read
    if isinstance(wanted, type):
        return _change_to_class(wanted)
    return _as_it_is


def _change_or_none(wanted: Any, *more: Any) -> Callable[[Any], Any]:
    """Of several that are not null, the value is one already."""
    change = _as_it_is if more else _change_to(wanted)
    if change is from_seconds:
        return lambda seconds: from_seconds(seconds) if seconds else None
    return lambda value: None if value is None else change(value)


def _change_to_class(wanted: type) -> Callable[[Any], Any]:
    if wanted is datetime:
        return from_seconds
    if wanted is str:
        return _text
    if issubclass(wanted, Enum):
        return wanted
    if issubclass(wanted, Struct):
        return lambda value: value if isinstance(value, wanted) else answer_from(wanted, value)
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if isinstance(value, Decimal) else value


def _read(value: Any) -> Any:
    """Of bytes what their JSON holds, or as text; null if there are none."""
    if isinstance(value, bytes):
        return as_data(value) if value else None
    return value
