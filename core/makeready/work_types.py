"""Which flow does which kind of due work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from makeready.alerts import notify, watch
from makeready.alerts.model import ALERT, WATCH
from makeready.engine.model import Work
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.engine.worker import Engine, Handler
from makeready.installation import Installation
from makeready.orders import fetch, reconcile, resolve, submit
from makeready.orders.artwork import sync
from makeready.orders.artwork.model import FILE, LATE_FILES
from makeready.orders.fulfilment import poll
from makeready.orders.fulfilment.model import PROGRESS
from makeready.orders.model import LOOK, MARK, RECONCILE, RESOLVE, SUBMIT
from makeready.products import importer
from makeready.products.model import IMPORT
from makeready.stock import sync as stock_sync
from makeready.stock.model import STOCK

Flow = Callable[[Installation, str, Sequence[Work]], Awaitable[Mapping[int, Retry]]]

LOOK_BATCH = 100  # orders read together
SUBMIT_BATCH = 20  # their orders are read together, and they are sent side by side
FOLLOW_BATCH = 100  # orders that events tell of, asked for together
IMPORT_BATCH = 25  # read from the MIS together, made one after the other
STOCK_BATCH = 100  # products that events tell of, asked for together
MAX_AT_ONCE = 8  # leaves room for the other kinds


def engine_for(installation: Installation, *, only: frozenset[str] | None = None) -> Engine:
    """An engine that does all work of an installation, or ``only`` some kinds of it."""
    handlers = [
        _handler(installation, LOOK, fetch.fetch_orders, batch=LOOK_BATCH, of_one=1),
        _handler(installation, SUBMIT, submit.submit, batch=SUBMIT_BATCH, of_one=2),
        _handler(installation, RESOLVE, resolve.resolve),
        _handler(installation, MARK, submit.write_mis_number, urgency=Urgency.UPKEEP, at_once=4),
        _handler(installation, ALERT, notify.alert, urgency=Urgency.UPKEEP, at_once=2),
        _handler(installation, WATCH, watch.watch, urgency=Urgency.UPKEEP, at_once=2),
        _handler(installation, LATE_FILES, sync.find_late_artwork, urgency=Urgency.POLL, at_once=2),
        _handler(installation, FILE, sync.sync_artwork, urgency=Urgency.UPKEEP, at_once=4),
        _handler(
            installation,
            PROGRESS,
            poll.poll_status,
            batch=FOLLOW_BATCH,
            urgency=Urgency.UPKEEP,
            at_once=2,
        ),
        _handler(installation, RECONCILE, reconcile.reconcile, urgency=Urgency.POLL, at_once=2),
        _handler(
            installation,
            IMPORT,
            importer.import_batch,
            batch=IMPORT_BATCH,
            urgency=Urgency.IMPORT,
            at_once=4,
        ),
        _handler(
            installation,
            STOCK,
            stock_sync.sync_stock,
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
    async def run(subscriber: str, works: Sequence[Work]) -> Mapping[int, Retry]:
        return await flow(installation, subscriber, works)

    return Handler(kind=kind, run=run, batch=batch, urgency=urgency, at_once=at_once, of_one=of_one)
