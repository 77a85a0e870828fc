"""One connector's implementation of one hook: called so that a defect of it is a finding, and no other's trouble."""

import traceback
import types
from collections.abc import Awaitable, Callable, Generator, Mapping
from functools import cache
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import pluggy
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, RetryLater
from makeready_hooks.markers import Hook
from makeready_hooks.model.ids import OfAnotherShopError, ShopIds

from makeready.connectors.trouble import HookKey, HookTroubles
from makeready.connectors.watchdog import Step
from makeready.plugins import origin_of
from makeready.storage.errors import StateFileError

ENDS = (Exception, SystemExit)
"""By which a plugin's code may end. A cancellation is none: it is ours."""
THROUGH = (MakereadyError, StateFileError)
"""What the contract says, and what is no plugin's."""


class _Nonsense(Exception):
    """In our words."""


class Asker:
    """Of a company's connector."""

    def __init__(
        self,
        key: HookKey,
        implementation: pluggy.HookImpl,
        spec: Hook[..., Any],
        troubles: HookTroubles,
        clean: Callable[[str], str],
        ids: ShopIds | None = None,
    ) -> None:
        """``clean``: takes the company's secrets out. ``ids``: of a storefront beside others: what is about another shop's
        has no answer of it.
        """
        self._clean, self._ids = clean, ids
        self._key, self._troubles = key, troubles
        self._call: Callable[..., Any] = implementation.function
        self._takes = implementation.argnames
        self._spec: Any = spec
        self._name = f"{key.connector}, {key.hook}"

    @property
    def connector(self) -> str:
        return self._key.connector

    def ask(self, given: Mapping[str, Any]) -> Any:
        """Of a plain hook. Raises what the contract says, and for a defect what it says for that kind of hook."""
        try:
            with Step(self._name, self._blocked):
                return self._fitting(self._call(*self._own(given)))
        except OfAnotherShopError:
            return None
        except THROUGH:
            raise
        except ENDS as exc:
            raise self._ended(exc) from exc

    async def wait(self, given: Mapping[str, Any]) -> Any:
        """As `ask`, of one that is waited for."""
        try:
            with Step(self._name, self._blocked) as step:
                waiting = self._call(*self._own(given))
            return self._fitting(await _Steps(waiting, step))
        except OfAnotherShopError:
            return None
        except THROUGH:
            raise
        except ENDS as exc:
            raise self._ended(exc) from exc

    def defect(self, what: str, trace: str = "") -> MakereadyError:
        """Noted; and as the error to be raised. ``what``: without a plugin's words, which only the log has (``trace``)."""
        origin = origin_of(self.connector)
        whose = f"{self.connector} ({origin})" if origin else self.connector
        text = self._clean(f"The connector {whose} has a defect in {self._key.hook}: {what}.")
        self._troubles.note(self._key, text, trace)
        kind = OutcomeUnknown if self._spec.changes else RetryLater
        return kind(text, fix="The log has the whole of it: tell whoever wrote the connector.")

    def _ended(self, exc: BaseException) -> MakereadyError:
        what = str(exc) if isinstance(exc, _Nonsense) else type(exc).__name__
        return self.defect(what, self._clean("".join(traceback.format_exception(exc))))

    def _fitting(self, answer: Any) -> Any:
        if answer is not None and not _fits(answer, _kinds_of(self._spec)):
            raise _Nonsense(f"it answers {type(answer).__name__}, which is none of its answers")
        return self._ids.out_of(self.connector, self._spec, answer) if self._ids else answer

    def _own(self, given: Mapping[str, Any]) -> list[Any]:
        """What it takes of it."""
        own = self._ids.into(self.connector, self._spec, given) if self._ids else given
        return [own[name] for name in self._takes]

    def _blocked(self, seconds: float) -> None:
        self.defect(f"it blocked everything else for {seconds:.1f} seconds")


class _Steps:
    """Awaits something, and sees how long each of its steps takes."""

    def __init__(self, waiting: Awaitable[Any], step: Step) -> None:
        self._waiting, self._step = waiting, step

    def __await__(self) -> Generator[Any, Any, Any]:
        steps: Any = self._waiting.__await__()
        go_on, given = steps.send, None
        while True:
            try:
                with self._step:
                    awaited = go_on(given)
            except StopIteration as done:
                return done.value
            try:
                go_on, given = steps.send, (yield awaited)
            except BaseException as exc:  # noqa: BLE001 - handed on, as `await` does
                go_on, given = steps.throw, exc


class _Kinds(NamedTuple):
    """Of answers: of itself, or of each within a tuple."""

    alone: tuple[type, ...]
    within: tuple["_Kinds", ...]


@cache
def _kinds_of(spec: Any) -> _Kinds:
    return _read_kinds(get_type_hints(spec)["return"])


def _read_kinds(annotation: Any) -> _Kinds:
    is_union = get_origin(annotation) in (Union, types.UnionType)
    kinds = get_args(annotation) if is_union else (annotation,)
    within = [get_args(one)[0] for one in kinds if get_origin(one) is tuple]
    alone = [get_origin(one) or one for one in kinds if get_origin(one) is not tuple]
    return _Kinds(tuple(alone), tuple(map(_read_kinds, within)))


def _fits(answer: Any, wanted: _Kinds) -> bool:
    """Whether it is of the kind that a specification says. No answer fits always."""
    if isinstance(answer, wanted.alone):
        return True
    return isinstance(answer, tuple) and any(
        all(_fits(one, kind) for one in answer) for kind in wanted.within
    )
