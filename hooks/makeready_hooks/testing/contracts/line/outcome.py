"""What came of a call, and what may have come of it."""

import asyncio
from collections.abc import Awaitable, Callable

from msgspec import Struct

from makeready_hooks import specs
from makeready_hooks.errors import (
    ConfigError,
    MakereadyError,
    OutcomeUnknown,
    Refused,
    RetryLater,
)
from makeready_hooks.testing.faults import Fault, Says

Call = Callable[[], Awaitable[object]]
ENOUGH = 8
"""Sentences on what is wrong."""
LONGEST_S = 20.0
"""Of one call of a hook in a test: nothing here waits for a network."""


class Outcome(Struct, frozen=True, kw_only=True):
    """An answer, or one of the contract's errors."""

    answer: object = None
    error: MakereadyError | None = None

    @property
    def words(self) -> str:
        if self.error:
            return f"{type(self.error).__name__} ({self.error})"
        return f"the answer {self.answer!r}"[:300]

    def is_a(self, *kinds: type[MakereadyError]) -> bool:
        return isinstance(self.error, kinds)


async def outcome_of(name: str, call: Call) -> Outcome:
    """Any other error than the contract's is a broken promise by itself."""
    try:
        async with asyncio.timeout(LONGEST_S):
            return Outcome(answer=await call())
    except MakereadyError as exc:
        return Outcome(error=exc)
    except TimeoutError:
        raise AssertionError(f"{name} does not come to an end.") from None
    except Exception as exc:
        raise AssertionError(
            f"{name} raises {type(exc).__name__} ({exc}), which is none of the contract's errors."
        ) from exc


def changes(hook: str) -> bool:
    """Whether the contract lets it raise OutcomeUnknown."""
    return bool(getattr(specs, hook).changes)


def judge_reading(hook: str, fault: Fault, outcome: Outcome, whole: object) -> str:
    """A sentence if the outcome is not one that the fault leaves; ``whole``: the answer without it."""
    told = f"{hook}, with {fault.name}, ends in {outcome.words}"
    if outcome.error is None:
        return _judge_answer(fault, outcome.answer, whole, told)
    if outcome.is_a(OutcomeUnknown):
        return f"{told}: a reading changes nothing, so its outcome is never unknown."
    if fault.says in (Says.UNKNOWN, Says.LATER) and not outcome.is_a(RetryLater):
        return f"{told}: whoever asked has to be told to try later (RetryLater)."
    if not outcome.is_a(RetryLater, Refused, ConfigError):
        return f"{told}: that is no error of a reading."
    return ""


def _judge_answer(fault: Fault, answer: object, whole: object, told: str) -> str:
    if answer == whole and (fault.reaches or fault.says is Says.WHO):
        return ""  # understood all the same, or signed in again
    return f"{told}: what the vendor did not say is taken for its answer."


class Effects(Struct, kw_only=True):
    """What a call of a hook that changes something had changed when it ended."""

    done: bool
    """All that it is for."""
    some: bool
    """Something."""
    times: int = 0
    """Requests that had an effect."""
    most: int = 0
    """As many have one when all goes well."""


def judge_effect(hook: str, fault: Fault, outcome: Outcome, effects: Effects, *, struck_change: bool) -> str:
    """A sentence if the outcome does not fit what happened. ``struck_change``: the fault befell a request that changes
    something when all goes well.
    """
    told = f"{hook}, with {fault.name}, ends in {outcome.words}"
    if effects.times > effects.most:
        return (
            f"{told}: it had an effect {effects.times} times instead of {effects.most}: sent again blindly."
        )
    if outcome.error is None:
        left = isinstance(outcome.answer, tuple) and bool(outcome.answer)  # said to be left to a person
        return "" if effects.done or left else f"{told}: that says it was done, and it was not."
    if outcome.is_a(OutcomeUnknown):
        return _judge_unknown(hook, fault, effects, told, struck_change=struck_change)
    if effects.done and (changes(hook) or not outcome.is_a(RetryLater)):
        return f"{told}, though it was done: that is OutcomeUnknown."
    if not struck_change:
        is_away = fault.says in (Says.UNKNOWN, Says.LATER) and not effects.some
        if is_away and not outcome.is_a(RetryLater):
            return f"{told}: nothing was done, and it may work later (RetryLater)."
        return ""
    return _judge_certain(hook, fault, outcome, told)


def _judge_unknown(hook: str, fault: Fault, effects: Effects, told: str, *, struck_change: bool) -> str:
    if not changes(hook):
        return f"{told}: this hook is repeated without a look, so it is RetryLater."
    if not effects.some and not struck_change:
        return f"{told}, and nothing had left that changes something: that is RetryLater."
    return ""


def _judge_certain(hook: str, fault: Fault, outcome: Outcome, told: str) -> str:
    """Of a request that changes something, when the caller is sure that it did not."""
    if fault.says in (Says.UNKNOWN, Says.UNREADABLE):
        if changes(hook):
            return f"{told}: nobody knows whether it was done, so it is OutcomeUnknown."
        return (
            ""
            if outcome.is_a(RetryLater)
            else f"{told}: nobody knows whether it was done; do it again later."
        )
    if fault.says is Says.LATER:
        return "" if outcome.is_a(RetryLater) else f"{told}: the vendor asks to wait, so it is RetryLater."
    return "" if outcome.is_a(Refused, ConfigError) else f"{told}: the vendor says no, so it is Refused."
