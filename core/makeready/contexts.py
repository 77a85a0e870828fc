"""What the stories of each room use of an installation; a function reaches nothing else, as the type checker holds it to.

Rooms name these, never `makeready.installation`, which offers all of it. A context that a room hands on has what the
other room asks for; see docs/adr/0008-contexts.md.
"""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Protocol, TypeVar

from makeready_hooks import ConnectorType

from makeready.access.store import Audit, Tokens
from makeready.connectors import Connectors
from makeready.connectors.trouble import HookTroubles
from makeready.engine.store import Pauses, WorkQueue
from makeready.orders.artwork.store import FilesOfOrders
from makeready.orders.corrections.store import Corrections
from makeready.orders.fulfilment.store import Progress
from makeready.orders.life.store import Lives
from makeready.orders.life.witness import Witnesses
from makeready.orders.store.attention import Unreadables
from makeready.orders.store.beginnings import Beginnings
from makeready.orders.store.fetched import RecentOrders
from makeready.orders.store.ledger import Ledger
from makeready.orders.store.readings import Readings
from makeready.orders.store.search import Lines
from makeready.orders.submission.controls import Controls
from makeready.outbound.addresses import Reach
from makeready.outbound.call_timer import StartCall
from makeready.outbound.download import Files
from makeready.outbound.store import Calls
from makeready.prices.store import PriceCounts, Prices
from makeready.products.store.imports import Imports
from makeready.products.store.links import Links
from makeready.products.store.markups import Markups
from makeready.products.store.profiles import Profiles
from makeready.stock.store.levels import Stock
from makeready.stock.store.mirrors import Mirrors
from makeready.storage.values import Checkpoints
from makeready.subscribers.model import Subscriber
from makeready.subscribers.secrets import Vault
from makeready.subscribers.store.secrets import Secrets
from makeready.subscribers.store.subscribers import Subscribers
from makeready.webhooks.store import Inbox

S_co = TypeVar("S_co", covariant=True)


class At(Protocol[S_co]):
    """With these parts of the state, and the time."""

    @property
    def store(self) -> S_co: ...
    @property
    def clock(self) -> Callable[[], float]: ...


class Kinds(Protocol):
    @property
    def kinds(self) -> Mapping[str, ConnectorType]: ...
    def kind(self, name: str) -> ConnectorType: ...


class Companies(Protocol):
    async def subscriber(self, name: str) -> Subscriber: ...
    async def connectors(self, subscriber: Subscriber) -> Connectors: ...


class AccessStore(Protocol):
    audit: Audit
    tokens: Tokens


class AccessContext(At[AccessStore], Companies, Protocol): ...


class ObserverStore(Protocol):
    subscribers: Subscribers


class ObserverContext(At[ObserverStore], Companies, Protocol): ...


class PauseStore(Protocol):
    pauses: Pauses


class PauseContext(At[PauseStore], Companies, Protocol): ...


class LinkStore(Protocol):
    links: Links


class LinkContext(At[LinkStore], Companies, Protocol): ...


class MarkupStore(Protocol):
    markups: Markups


class ProductStore(LinkStore, MarkupStore, Protocol):
    imports: Imports
    profiles: Profiles
    subscribers: Subscribers


class ProductContext(At[ProductStore], Companies, Protocol): ...


class EstimateStore(Protocol):
    prices: Prices


class PriceStore(EstimateStore, LinkStore, Protocol):
    price_counts: PriceCounts


class PriceContext(At[PriceStore], Companies, Protocol):
    @property
    def closing(self) -> AsyncExitStack: ...
    @property
    def steady(self) -> Callable[[], float]: ...


class StockStore(LinkStore, Protocol):
    checkpoints: Checkpoints
    mirrors: Mirrors
    stock: Stock


class StockContext(At[StockStore], Companies, Protocol): ...


class LedgerStore(Protocol):
    ledger: Ledger


class Asking(Kinds, Protocol):
    @property
    def controls(self) -> Controls: ...


class FindContext(At[LedgerStore], Asking, Protocol): ...


class StartContext(At[object], Kinds, Protocol): ...


class HistoryStore(LedgerStore, Protocol):
    files: FilesOfOrders
    inbox: Inbox
    progress: Progress
    unreadable: Unreadables
    work: WorkQueue


class RequestStore(EstimateStore, LinkStore, Protocol):
    corrections: Corrections


class FoundProducts(Protocol):
    @property
    def found_products(self) -> dict[tuple[str, str, str], set[str]]: ...


class RequestContext(At[RequestStore], FoundProducts, Protocol): ...


class PreviewStore(LedgerStore, RequestStore, Protocol): ...


class PreviewContext(At[PreviewStore], Asking, Companies, FoundProducts, Protocol): ...


class OrderStore(HistoryStore, LinkStore, Protocol):
    beginnings: Beginnings
    checkpoints: Checkpoints
    corrections: Corrections
    lines: Lines
    readings: Readings


class Orders(Asking, Companies, Protocol):
    @property
    def recent_orders(self) -> RecentOrders: ...


class OrderContext(At[OrderStore], Orders, Protocol): ...


class SubmissionStore(OrderStore, PauseStore, RequestStore, Protocol):
    lives: Lives
    subscribers: Subscribers


class Witnessed(Protocol):
    @property
    def witness(self) -> Witnesses | None: ...


class SubmissionContext(At[SubmissionStore], Orders, FoundProducts, Witnessed, Protocol):
    @property
    def steady(self) -> Callable[[], float]: ...


class LifeStore(PauseStore, Protocol):
    checkpoints: Checkpoints
    lives: Lives
    subscribers: Subscribers


class LifeContext(At[LifeStore], Companies, Witnessed, Protocol): ...


class FileStore(LedgerStore, Protocol):
    files: FilesOfOrders
    lives: Lives
    work: WorkQueue


class ArtworkContext(At[FileStore], Companies, Kinds, Protocol):
    @property
    def steady(self) -> Callable[[], float]: ...
    def files(self, *, allow_private: bool) -> Files: ...
    def start_call(self, subscriber: str, connector: str) -> StartCall: ...


class ProgressStore(Protocol):
    progress: Progress


class FulfilmentStore(LedgerStore, ProgressStore, Protocol): ...


class FulfilmentContext(At[FulfilmentStore], Companies, Kinds, Protocol): ...


class WebhookStore(LedgerStore, Protocol):
    inbox: Inbox


class WebhookContext(At[WebhookStore], Companies, Protocol): ...


class AttentionStore(PauseStore, Protocol):
    calls: Calls
    checkpoints: Checkpoints
    inbox: Inbox
    lines: Lines
    price_counts: PriceCounts
    work: WorkQueue


class AttentionContext(At[AttentionStore], Kinds, Protocol): ...


class SettingsStore(LedgerStore, LinkStore, MarkupStore, Protocol):
    stock: Stock
    subscribers: Subscribers


class Sealing(Protocol):
    @property
    def vault(self) -> Vault: ...


class SecretStore(Protocol):
    secrets: Secrets


class KeyContext(At[SecretStore], Sealing, Protocol): ...


class NamesContext(Kinds, Sealing, Protocol): ...


class Building(NamesContext, Protocol):
    def build(self, subscriber: Subscriber, public_url: str) -> Connectors: ...


class SettingsContext(At[SettingsStore], Building, Protocol): ...


class SetupStore(WebhookStore, ProgressStore, StockStore, SettingsStore, Protocol): ...


class SetupContext(At[SetupStore], Asking, Building, Companies, Protocol):
    @property
    def hook_troubles(self) -> HookTroubles: ...
    @property
    def reach(self) -> Reach: ...
    def clock_skew(self, subscriber: str, connector: str) -> float | None: ...
