"""What a vendor answered to a call that may be made once only, kept as it came; and whether it is too late for the call."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec
from makeready_hooks.errors import OutcomeUnknown
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.secret_filter import SecretFilter

MOST_BYTES = 64_000
LEAVES_WITHIN_S = 5.0  # after its intent was committed; even a busy process is none that stands still


def as_data(body: bytes) -> Any:
    """What the JSON holds; what is none stays a text."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")


def late_after(
    clock: Callable[[], float], steady: Callable[[], float], limit_s: float = LEAVES_WITHIN_S
) -> Callable[[], bool]:
    """Whether this process has stood still since now, by either clock."""
    wall, ticks = clock(), steady()
    return lambda: max(clock() - wall, steady() - ticks) > limit_s


class CapturedResponse:
    """What was answered within a `hearing`: the last one; empty if no answer came."""

    def __init__(self, is_late: Callable[[], bool]) -> None:
        self.body = b""
        self.is_late = is_late


@contextmanager
def capture_response(is_late: Callable[[], bool]) -> Iterator[CapturedResponse]:
    """Calls that are made for this block, also by tasks that it starts. Once it ``is_late``, none leaves any more."""
    heard = CapturedResponse(is_late)
    token = _current.set(heard)
    try:
        yield heard
    finally:
        _current.reset(token)


def check_departure(request: HttpRequest) -> None:
    """Immediately before it leaves. Raises OutcomeUnknown: whoever looks meanwhile may have decided otherwise."""
    if request.changes_something and (heard := _current.get()) and heard.is_late():
        raise OutcomeUnknown("This process stood still before the call left, so it did not let it go.")


def record_response(request: HttpRequest, answer: HttpAnswer, secrets: SecretFilter) -> None:
    """Answers to reading calls are not kept: a sign-in is one, and its answer is a secret."""
    if request.changes_something and (heard := _current.get()):
        heard.body = secrets.clean_bytes(answer.body[: 2 * MOST_BYTES])[:MOST_BYTES]


_current: ContextVar[CapturedResponse | None] = ContextVar("heard", default=None)
