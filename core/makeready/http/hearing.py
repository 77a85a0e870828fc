"""The answer to a call that changes something, as it came: people read it, whatever a connector made of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from makeready_hooks.http import HttpAnswer, HttpRequest

MOST_BYTES = 64_000


class Heard:
    """What was answered within a `hearing`: the last one; empty if no answer came."""

    def __init__(self) -> None:
        self.body = b""


_current: ContextVar[Heard | None] = ContextVar("heard", default=None)


@contextmanager
def hearing() -> Iterator[Heard]:
    """Calls that are made for this block, also by tasks that it starts."""
    heard = Heard()
    token = _current.set(heard)
    try:
        yield heard
    finally:
        _current.reset(token)


def hear(request: HttpRequest, answer: HttpAnswer) -> None:
    """Answers to reading calls are not kept: a sign-in is one, and its answer is a secret."""
    if request.changes_something and (heard := _current.get()):
        heard.body = answer.body[:MOST_BYTES]
