"""The markers of the contract: ``hookimpl`` for connectors; for this package what a hook is: whose, and what a caller
does with the answers of several connectors.

pluggy stops a plain hook at its first answer by itself. An ``async def`` gives it coroutines: the caller awaits them
one after the other, and closes those that are not needed any more.
"""

import inspect
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Literal, ParamSpec, Protocol, TypeVar

import pluggy

from makeready_hooks.capabilities import Role

PROJECT = "makeready"
hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Answers(StrEnum):
    """What a caller does if several connectors implement a hook:

    - *first answer*: the first that is not None counts, and the others are not asked.
    - *required*: the same; NotSupported if nobody answers.
    - *every one*: all are called, one after the other, and the failure of one never silences another.
    """

    FIRST = "first answer"
    REQUIRED = "required"
    EVERY = "every one"


class Hook(Protocol[P, R_co]):
    """A specification: a function without a body, whose docstring is the contract."""

    __name__: str
    role: Role | None
    """Who implements it; None: any connector."""
    changes: bool
    """It raises OutcomeUnknown: a defect in it is treated as one. Of any other hook it is RetryLater."""
    since: int
    """The edition of the contract that it came with (`makeready_hooks.editions`)."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...


class FirstAnswer(Hook[P, R_co], Protocol[P, R_co]):
    answers: Literal[Answers.FIRST]


class Required(Hook[P, R_co], Protocol[P, R_co]):
    answers: Literal[Answers.REQUIRED]


class EveryOne(Hook[P, R_co], Protocol[P, R_co]):
    answers: Literal[Answers.EVERY]


def first_answer(
    role: Role | None = None, *, changes: bool = False, since: int = 1, deprecated: str = ""
) -> Callable[[Callable[P, R]], FirstAnswer[P, R]]:
    """``deprecated``: what to implement instead; who implements it still is warned, by pluggy."""
    return _mark(role, Answers.FIRST, changes, since, deprecated)


def required(
    role: Role | None = None, *, changes: bool = False, since: int = 1
) -> Callable[[Callable[P, R]], Required[P, R]]:
    return _mark(role, Answers.REQUIRED, changes, since)


def every_one(
    role: Role | None = None, *, since: int = 1, deprecated_arguments: Mapping[str, str] | None = None
) -> Callable[[Callable[P, R]], EveryOne[P, R]]:
    """``deprecated_arguments``: what to take instead of each; who takes it still is warned, by pluggy."""
    return _mark(role, Answers.EVERY, False, since, "", deprecated_arguments)


def _mark(
    role: Role | None,
    answers: Answers,
    changes: bool,
    since: int,
    deprecated: str = "",
    arguments: Mapping[str, str] | None = None,
) -> Callable[[Any], Any]:
    def mark(spec: Any) -> Any:
        spec.role, spec.answers, spec.changes, spec.since = role, answers, changes, since
        at_first = answers is not Answers.EVERY and not inspect.iscoroutinefunction(spec)
        warning = DeprecationWarning(deprecated) if deprecated else None
        of_arguments = {name: DeprecationWarning(text) for name, text in (arguments or {}).items()} or None
        return _hookspec(firstresult=at_first, warn_on_impl=warning, warn_on_impl_args=of_arguments)(spec)

    return mark
