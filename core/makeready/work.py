"""The engine of an installation: all types of work that the core and its extensions do."""

from makeready.engine.worker import Engine
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.storage.types import learn_types


async def add_schedules(installation: Installation) -> None:
    """What runs on a schedule since a new version, or an extension that was installed, brought it."""
    companies, now = await installation.store.subscribers.all(), installation.clock()
    types = [one for one in installed().work_types.values() if one.schedules]
    wanted = [new for one in companies for kind in types for new in kind.wanted_by(one, now) if not new.key]
    await installation.store.work.add_missing(wanted)


def engine_for(installation: Installation, *, only: frozenset[str] | None = None) -> Engine:
    """An engine that does all work of an installation, or ``only`` some kinds of it."""
    learn_types()
    types = [one for one in installed().work_types.values() if only is None or one.kind in only]
    return Engine(installation.store.work, types, installation, clock=installation.clock)
