"""A subscriber, its connectors, and the history of its settings."""

from typing import Annotated, Any, Literal

from makeready_hooks import asked
from msgspec import Meta, Struct
from msgspec.structs import fields

from makeready.attention.model import AlertRules
from makeready.orders.fulfilment.model import StatusRules
from makeready.orders.settings import OrderRules, RecordRules, ShippingRules
from makeready.outbound.model import CallRules
from makeready.prices.model import PriceRules
from makeready.products.model import ImportRules
from makeready.products.routes import RouteRules
from makeready.stock.model import StockRules

Environment = Literal["test", "live"]


class ConnectorRecord(Struct, frozen=True, kw_only=True):
    """One connector of a subscriber: settings as they are kept, secrets sealed or referred to."""

    shared: dict[str, Any] = {}
    """Settings for both environments."""
    test: dict[str, Any] = {}
    live: dict[str, Any] = {}
    signing_key: str = ""
    """Sealed. Made when the connector is first added, kept for good."""


class CommonSettings(Struct, frozen=True, kw_only=True):
    """What is set of a subscriber beside its connectors."""

    title: Annotated[str, Meta(title="Company name", max_length=200)]
    external_user_id: Annotated[
        int,
        Meta(
            title="Company number",
            ge=0,
            le=999_999_999,
            description="Part numbers begin with it (117-4107); each company has its own. Do not change it later.",
        ),
    ]
    environment: Annotated[
        Environment,
        Meta(title="Environment", extra_json_schema=asked(labels={"test": "Test", "live": "Live"})),
    ] = "test"
    """Which of the two sets of settings is in use."""
    orders: OrderRules = OrderRules()
    shipping: ShippingRules = ShippingRules()
    alerts: AlertRules = AlertRules()
    status: StatusRules = StatusRules()
    imports: ImportRules = ImportRules()
    routes: RouteRules = RouteRules()
    stock: StockRules = StockRules()
    prices: PriceRules = PriceRules()
    calls: CallRules = CallRules()
    records: RecordRules = RecordRules()


RULES: dict[str, type[Struct]] = {
    one.name: one.type
    for one in fields(CommonSettings)
    if isinstance(one.type, type) and issubclass(one.type, Struct)
}
"""A subscriber's rules, by the name of their table in a settings file."""


class Subscriber(CommonSettings, frozen=True, kw_only=True):
    name: str
    url_token: str = ""
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
    """Something that a test order found out about a vendor's site, and when."""

    connector: str
    about: str
    finding: str
    value: str
    at: float
