"""A subscriber, its connectors, and the history of its settings."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from makeready.attention.model import AlertRules
from makeready.orders.fulfilment.model import StatusRules
from makeready.orders.model import OrderRules
from makeready.outbound.model import CallRules
from makeready.prices.model import PriceRules
from makeready.products.model import ImportRules
from makeready.stock.model import StockRules

Environment = Literal["test", "live"]
Title = Annotated[str, Meta(max_length=200)]
ExternalUserId = Annotated[int, Meta(ge=0, le=999_999_999)]


class ConnectorRecord(Struct, frozen=True, kw_only=True):
    """One connector of a subscriber: settings as they are kept, secrets sealed or referred to."""

    shared: dict[str, Any] = {}
    """Settings for both environments."""
    test: dict[str, Any] = {}
    live: dict[str, Any] = {}
    signing_key: str = ""
    """Sealed. Made when the connector is first added, kept for good."""


RULES: dict[str, type[Struct]] = {
    "orders": OrderRules,
    "alerts": AlertRules,
    "status": StatusRules,
    "imports": ImportRules,
    "stock": StockRules,
    "prices": PriceRules,
    "calls": CallRules,
}
"""A subscriber's rules, by the name of their table in a settings file."""


class Subscriber(Struct, frozen=True, kw_only=True):
    name: str
    title: Title
    external_user_id: ExternalUserId
    environment: Environment
    """Which of the two sets of settings is in use."""
    orders: OrderRules = OrderRules()
    alerts: AlertRules = AlertRules()
    status: StatusRules = StatusRules()
    imports: ImportRules = ImportRules()
    prices: PriceRules = PriceRules()
    stock: StockRules = StockRules()
    calls: CallRules = CallRules()
    path_segment: str = ""
    """The unguessable part of this subscriber's addresses."""
    version: int = 0
    connectors: dict[str, ConnectorRecord] = {}


class SettingsChange(Struct, frozen=True, kw_only=True):
    """A change of a subscriber's settings that was applied."""

    id: int = 0
    subscriber: str
    at: float
    actor: str
    changes: tuple[str, ...]
    """A line each, for a person."""
    before: dict[str, Any] | None
    """As they are exported: secrets only as references, or as stored ones. None for a new subscriber."""
    after: dict[str, Any]


class InstalledRow(Struct, frozen=True, kw_only=True):
    """Something made in a vendor's account, or left to be made by hand."""

    connector: str
    kind: str
    state: str
    title: str
    id: str = ""
    by_hand: tuple[str, ...] = ()


class LearnedRow(Struct, frozen=True, kw_only=True):
    """Something that a probe found out about a vendor's site, and when."""

    connector: str
    about: str
    finding: str
    value: str
    at: float
