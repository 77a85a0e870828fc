"""The core's own rooms as an extension: what each of them offers is found in its modules, by pattern.

A work type is declared beside its function, an operation is its function's decorator: nothing is listed here.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Sequence, Set
from types import ModuleType

import makeready
from makeready.engine.model import WorkType
from makeready.extensions import extension
from makeready.web.api.operation import Operation, operations_in

NO_WORK = frozenset({"web", "commands", "api", "schema", "store"})
"""Modules without work types."""


@extension
def work_types() -> Sequence[WorkType]:
    return list({one.kind: one for one in _declared() if isinstance(one, WorkType)}.values())


@extension
def operations() -> Sequence[Operation]:
    return [
        one for module in _modules(named="api", without=frozenset({"web"})) for one in operations_in(module)
    ]


def _declared() -> Iterator[object]:
    """What stands in modules that may declare work."""
    for module in _modules(without=NO_WORK):
        yield from vars(module).values()


def _modules(*, named: str = "", without: Set[str] = frozenset()) -> Iterator[ModuleType]:
    """Of the rooms, each imported; only those whose names end so, or that have none of these names on the way."""
    for found in pkgutil.walk_packages(makeready.__path__, "makeready."):
        parts = found.name.split(".")[1:]
        if len(parts) > 1 and parts[-1].endswith(named) and without.isdisjoint(parts):
            yield importlib.import_module(found.name)
