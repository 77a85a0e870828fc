"""The engine of an installation: all types of work that the core and its extensions do."""

from collections.abc import Mapping, Sequence

from makeready.engine.model import Work, WorkType
from makeready.engine.retry import Retry
from makeready.engine.worker import Engine, Handler
from makeready.extensions import installed
from makeready.installation import Installation


def engine_for(installation: Installation, *, only: frozenset[str] | None = None) -> Engine:
    """An engine that does all work of an installation, or ``only`` some kinds of it."""
    handlers = [
        _handler(installation, one)
        for one in installed().work_types.values()
        if only is None or one.kind in only
    ]
    return Engine(installation.store.work, handlers, clock=installation.clock)


def _handler(installation: Installation, work_type: WorkType) -> Handler:
    async def run(subscriber: str, works: Sequence[Work]) -> Mapping[int, Retry]:
        return await work_type.run(installation, subscriber, works)

    return Handler(
        kind=work_type.kind,
        run=run,
        batch=work_type.batch,
        urgency=work_type.urgency,
        at_once=work_type.max_concurrent,
        of_one=work_type.max_per_subscriber,
        flow=work_type.flow or "",
    )
