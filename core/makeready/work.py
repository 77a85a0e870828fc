"""The engine of an installation: all types of work that the core and its extensions do."""

from makeready.engine.worker import Engine
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.storage.types import learn_types


def engine_for(installation: Installation, *, only: frozenset[str] | None = None) -> Engine:
    """An engine that does all work of an installation, or ``only`` some kinds of it."""
    learn_types()
    types = [one for one in installed().work_types.values() if only is None or one.kind in only]
    return Engine(installation.store.work, types, installation, clock=installation.clock)
