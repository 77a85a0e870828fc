"""Answers that are made from rows."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.web.api.answers import answer_from
from makeready.web.api.shapes import Moment
from msgspec import Meta, Struct, field


class Colour(StrEnum):
    RED = "red"


class PartRow(Struct, frozen=True, kw_only=True):
    name: str
    body: bytes
    at: float


class Row(Struct, frozen=True, kw_only=True):
    number: int
    updated_at: float
    seen_at: float
    free: Decimal
    rest: Decimal | None
    colour: str
    body: bytes
    parts: list[PartRow]
    hidden: str = "not for callers"


class PartAnswer(Struct, frozen=True, kw_only=True):
    name: str
    body: Any
    at: Moment


class RowAnswer(Struct, frozen=True, kw_only=True):
    number: Annotated[int, Meta(ge=0)] = field(name="id")
    updated_at: Moment = field(name="changed_at")
    seen_at: Annotated[Moment | None, Meta(description="null for never.")]
    free: str
    rest: Annotated[str, Meta(description="A number.")] | None
    colour: Colour
    body: str
    parts: tuple[PartAnswer, ...]


seconds = st.integers(0, 4_000_000_000).map(float)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=2)
parts = st.builds(PartRow, name=st.text(), body=st.binary(), at=seconds)
rows = st.builds(
    Row,
    number=st.integers(0, 2**53),
    updated_at=seconds,
    seen_at=seconds,
    free=numbers,
    rest=st.none() | numbers,
    colour=st.just("red"),
    body=st.binary(),
    parts=st.lists(parts, max_size=3),
)


def moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@given(rows)
def test_each_member_is_the_rows(row: Row) -> None:
    answer = answer_from(RowAnswer, row)

    assert (answer.number, answer.updated_at, answer.colour) == (
        row.number,
        moment(row.updated_at),
        Colour.RED,
    )
    assert answer.seen_at == (moment(row.seen_at) if row.seen_at else None)
    assert (answer.free, answer.rest) == (str(row.free), None if row.rest is None else str(row.rest))
    assert answer.body == row.body.decode("utf-8", "replace")
    assert [(one.name, one.at) for one in answer.parts] == [(one.name, moment(one.at)) for one in row.parts]


@given(rows)
def test_what_is_answered_fits_its_schema(row: Row) -> None:
    answer = answer_from(RowAnswer, row)

    sent = msgspec.json.encode(answer)

    assert msgspec.json.decode(sent, type=RowAnswer) == answer
    assert list(msgspec.json.decode(sent))[:2] == ["id", "changed_at"]
    assert b"not for callers" not in sent


@pytest.mark.parametrize(
    ("body", "shown"), [(b"", None), (b'{"a": 1}', {"a": 1}), (b"<a/>", "<a/>"), (b"\xff", "\ufffd")]
)
def test_bytes_become_what_they_hold_where_anything_may_stand(body: bytes, shown: object) -> None:
    assert answer_from(PartAnswer, PartRow(name="", body=body, at=0.0)).body == shown


def test_what_is_given_comes_first_then_the_rows_in_their_order() -> None:
    first, second = (PartRow(name=name, body=b"", at=1.0) for name in ("first", "second"))

    assert answer_from(PartAnswer, first, second).name == "first"
    assert answer_from(PartAnswer, object(), second).name == "second"
    assert answer_from(PartAnswer, first, second, name="given").name == "given"


def test_a_struct_that_is_an_answer_already_stays() -> None:
    class Whole(Struct):
        part: PartRow | None

    class Shown(Struct):
        part: PartRow | None

    part = PartRow(name="", body=b"", at=0.0)
    assert answer_from(Shown, Whole(part)).part is part
    assert answer_from(Shown, Whole(None)).part is None


def test_a_member_that_no_row_has_is_an_error() -> None:
    with pytest.raises(AttributeError, match="name"):
        answer_from(PartAnswer, object())
