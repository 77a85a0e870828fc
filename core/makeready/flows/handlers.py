"""Which flow does which kind of due work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from makeready.engine import Again, Engine, Handler
from makeready.flows import (
    alerting,
    filing,
    following,
    importing,
    kinds,
    looking,
    ordering,
    reconciling,
    stocking,
    watching,
)
from makeready.installation import Installation
from makeready.records import Work
from makeready.urgency import Urgency

Flow = Callable[[Installation, str, Sequence[Work]], Awaitable[Mapping[int, Again]]]

LOOK_BATCH = 100  # orders read together
SUBMIT_BATCH = 20  # their orders are read together, and they are sent side by side
FOLLOW_BATCH = 100  # orders that events tell of, asked for together
IMPORT_BATCH = 25  # read from the MIS together, made one after the other
STOCK_BATCH = 100  # products that events tell of, asked for together
MAX_AT_ONCE = 8  # leaves room for the other kinds


def engine_for(installation: Installation, *, only: frozenset[str] | None = None) -> Engine:
    """An engine that does all work of an installation, or ``only`` some kinds of it."""
    handlers = [
        _handler(installation, kinds.LOOK, looking.look, batch=LOOK_BATCH, of_one=1),
        _handler(installation, kinds.SUBMIT, ordering.submit, batch=SUBMIT_BATCH, of_one=2),
        _handler(installation, kinds.RESOLVE, ordering.resolve),
        _handler(installation, kinds.MARK, ordering.mark, urgency=Urgency.UPKEEP, at_once=4),
        _handler(installation, kinds.ALERT, alerting.alert, urgency=Urgency.UPKEEP, at_once=2),
        _handler(installation, kinds.WATCH, watching.watch, urgency=Urgency.UPKEEP, at_once=2),
        _handler(installation, kinds.LATE_FILES, filing.find_late, urgency=Urgency.POLL, at_once=2),
        _handler(installation, kinds.FILE, filing.tend, urgency=Urgency.UPKEEP, at_once=4),
        _handler(
            installation,
            kinds.PROGRESS,
            following.follow,
            batch=FOLLOW_BATCH,
            urgency=Urgency.UPKEEP,
            at_once=2,
        ),
        _handler(installation, kinds.RECONCILE, reconciling.reconcile, urgency=Urgency.POLL, at_once=2),
        _handler(
            installation,
            kinds.IMPORT,
            importing.import_batch,
            batch=IMPORT_BATCH,
            urgency=Urgency.IMPORT,
            at_once=4,
        ),
        _handler(
            installation,
            kinds.STOCK,
            stocking.sync_stock,
            batch=STOCK_BATCH,
            urgency=Urgency.POLL,
            of_one=1,
        ),
    ]
    chosen = [handler for handler in handlers if only is None or handler.kind in only]
    return Engine(installation.store.work, chosen, clock=installation.clock)


def _handler(
    installation: Installation,
    kind: str,
    flow: Flow,
    *,
    batch: int = 1,
    urgency: Urgency = Urgency.ORDER,
    at_once: int = MAX_AT_ONCE,
    of_one: int = MAX_AT_ONCE,
) -> Handler:
    async def run(subscriber: str, works: Sequence[Work]) -> Mapping[int, Again]:
        return await flow(installation, subscriber, works)

    return Handler(kind=kind, run=run, batch=batch, urgency=urgency, at_once=at_once, of_one=of_one)
