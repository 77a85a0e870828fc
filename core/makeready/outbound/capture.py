"""What a vendor answered, kept as it came; bodies in a form that can be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec
from makeready_hooks.http import HttpAnswer, HttpRequest

MOST_BYTES = 64_000


def as_data(body: bytes) -> Any:
    """What the JSON holds; what is none stays a text."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")


class CapturedResponse:
    """What was answered within a `hearing`: the last one; empty if no answer came."""

    def __init__(self) -> None:
        self.body = b""


@contextmanager
def capture_response() -> Iterator[CapturedResponse]:
    """Calls that are made for this block, also by tasks that it starts."""
    heard = CapturedResponse()
    token = _current.set(heard)
    try:
        yield heard
    finally:
        _current.reset(token)


def record_response(request: HttpRequest, answer: HttpAnswer) -> None:
    """Answers to reading calls are not kept: a sign-in is one, and its answer is a secret."""
    if request.changes_something and (heard := _current.get()):
        heard.body = answer.body[:MOST_BYTES]


_current: ContextVar[CapturedResponse | None] = ContextVar("heard", default=None)
