"""A hook as a method of the facade, and what is done with several answers."""

import inspect
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from makeready_hooks.errors import NotSupported
from makeready_hooks.markers import Answers, FirstAnswer, Hook, Required
from makeready_hooks.secret_filter import SecretFilter

from makeready.connectors.asker import Asker

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
Waiting = Coroutine[Any, Any, T]


class HasAskers(Protocol):
    secrets: SecretFilter

    def askers(self, spec: Hook[..., Any], name: str | None = None) -> tuple[Asker, ...]: ...


class Asked(Generic[P, R]):
    """A hook as a method of `Connectors`. ``default``: the answer if nobody has one and none is required."""

    def __init__(self, spec: Any, default: Any = None, *, of_one: bool = False) -> None:
        self._spec, self._default, self._of_one = spec, default, of_one
        self._names = ("connector",) * of_one + tuple(inspect.signature(spec).parameters)
        waits = inspect.iscoroutinefunction(spec)
        self._ask: Callable[..., Any] = _ask_async if waits else _ask
        self._through: Callable[..., Any] = SecretFilter.of_waiting if waits else SecretFilter.of_call

    def of_one(self) -> "Asked[Concatenate[str, P], R]":
        return Asked(self._spec, self._default, of_one=True)

    def __get__(self, connectors: HasAskers, owner: type) -> Callable[P, R]:
        return partial(self._call, connectors)

    def _call(self, connectors: HasAskers, *args: P.args, **kwargs: P.kwargs) -> R:
        given: dict[str, Any] = dict(zip(self._names, args, strict=False), **kwargs)
        askers = connectors.askers(self._spec, given.pop("connector") if self._of_one else None)
        answer: R = self._through(connectors.secrets, self._ask, askers, given, self._spec, self._default)
        return answer


def _ask(askers: Sequence[Asker], given: Mapping[str, Any], spec: Any, default: Any) -> Any:
    for asker in askers:
        if (answer := asker.ask(given)) is not None:
            return answer
    return _without_answer(spec, default)


async def _ask_async(askers: Sequence[Asker], given: Mapping[str, Any], spec: Any, default: Any) -> Any:
    """Connectors whose answer is not needed any more are not asked."""
    for asker in askers:
        if (answer := await asker.wait(given)) is not None:
            return answer
    return _without_answer(spec, default)


def _without_answer(spec: Any, default: Any) -> Any:
    if spec.answers is Answers.REQUIRED:
        raise lacking(spec)
    return default


def lacking(spec: Hook[..., Any]) -> NotSupported:
    return NotSupported(
        f"None of this subscriber's connectors can do this ({spec.__name__}).",
        fix="Add a connector that can, or leave it out.",
    )


@overload
def ask_for(spec: Required[P, Waiting[T | None]]) -> Asked[P, Waiting[T]]: ...
@overload
def ask_for(spec: Required[P, T | None]) -> Asked[P, T]: ...
@overload
def ask_for(spec: FirstAnswer[P, Waiting[T | None]], default: T) -> Asked[P, Waiting[T]]: ...
@overload
def ask_for(spec: FirstAnswer[P, T | None], default: T) -> Asked[P, T]: ...
@overload
def ask_for(spec: FirstAnswer[P, R]) -> Asked[P, R]: ...
def ask_for(spec: Any, default: Any = None) -> Asked[..., Any]:
    return Asked(spec, default)
