"""The core's own rooms as an extension: what each of them offers is found in its modules, by pattern.

A work type is declared beside its function, an operation is its function's decorator: nothing is listed here. Only
the tables are, since their order matters.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Sequence, Set
from types import ModuleType

from sqlite_utils import Migrations

import makeready
from makeready.access.schema import MIGRATIONS as ACCESS
from makeready.alerts.model import AlertChannel
from makeready.alerts.store.schema import MIGRATIONS as ALERTS
from makeready.engine.model import WorkType
from makeready.engine.schema import MIGRATIONS as ENGINE
from makeready.extensions import extension
from makeready.orders.artwork.schema import MIGRATIONS as ARTWORK
from makeready.orders.fulfilment.schema import MIGRATIONS as FULFILMENT
from makeready.orders.store.schema import MIGRATIONS as ORDERS
from makeready.outbound.schema import MIGRATIONS as OUTBOUND
from makeready.prices.schema import MIGRATIONS as PRICES
from makeready.products.store.schema import MIGRATIONS as PRODUCTS
from makeready.stock.store.schema import MIGRATIONS as STOCK
from makeready.storage.schema import MIGRATIONS as STORAGE
from makeready.subscribers.schema import MIGRATIONS as SUBSCRIBERS
from makeready.web.api.operation import Operation, operations_in
from makeready.webhooks.schema import MIGRATIONS as WEBHOOKS

NO_WORK = frozenset({"web", "commands", "api", "schema", "store"})
"""Modules without work types and alert channels."""


@extension
def migrations() -> Sequence[Migrations]:
    """Subscribers first: other tables refer to theirs."""
    return (
        STORAGE,
        SUBSCRIBERS,
        ENGINE,
        OUTBOUND,
        WEBHOOKS,
        PRODUCTS,
        PRICES,
        STOCK,
        ORDERS,
        ARTWORK,
        FULFILMENT,
        ALERTS,
        ACCESS,
    )


@extension
def work_types() -> Sequence[WorkType]:
    return list({one.kind: one for one in _declared() if isinstance(one, WorkType)}.values())


@extension
def alert_channels() -> Sequence[AlertChannel]:
    return list({one.name: one for one in _declared() if isinstance(one, AlertChannel)}.values())


@extension
def operations() -> Sequence[Operation]:
    return [
        one for module in _modules(named="api", without=frozenset({"web"})) for one in operations_in(module)
    ]


def _declared() -> Iterator[object]:
    """What stands in modules that may declare work and channels."""
    for module in _modules(without=NO_WORK):
        yield from vars(module).values()


def _modules(*, named: str = "", without: Set[str] = frozenset()) -> Iterator[ModuleType]:
    """Of the rooms, each imported; only those whose names end so, or that have none of these names on the way."""
    for found in pkgutil.walk_packages(makeready.__path__, "makeready."):
        parts = found.name.split(".")[1:]
        if len(parts) > 1 and parts[-1].endswith(named) and without.isdisjoint(parts):
            yield importlib.import_module(found.name)
