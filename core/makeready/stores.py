"""The parts of the state, over one database."""

from pathlib import Path

from makeready.access.store.audit import Audit
from makeready.access.store.tokens import Tokens
from makeready.alerts.store.attention import Attention
from makeready.alerts.store.overview import OverviewCounts
from makeready.alerts.store.sent import Watch
from makeready.clocks import Clocks
from makeready.engine.store import WorkQueue
from makeready.extensions import installed
from makeready.orders.artwork.store import FilesOfOrders
from makeready.orders.fulfilment.store import Progress
from makeready.orders.store.ledger import Ledger
from makeready.orders.store.readings import Readings
from makeready.orders.store.search import Lines
from makeready.outbound.store import Calls, CallSlots
from makeready.prices.store import PriceCounts, Prices
from makeready.products.store.imports import Imports
from makeready.products.store.links import Links
from makeready.products.store.markups import Markups
from makeready.products.store.profiles import Profiles
from makeready.stock.store.levels import Stock
from makeready.stock.store.mirrors import Mirrors
from makeready.storage.database import BUSY_MS, Database, Storage
from makeready.storage.probe import probe
from makeready.storage.values import Values
from makeready.subscribers.store.secrets import Secrets
from makeready.subscribers.store.subscribers import Subscribers
from makeready.web.api.store import Answers
from makeready.webhooks.store import Inbox


class Store:
    """The parts of the state, over one database."""

    def __init__(self, database: Storage) -> None:
        self.database = database
        self.subscribers = Subscribers(database)
        self.work = WorkQueue(database)
        self.inbox = Inbox(database)
        self.ledger = Ledger(database)
        self.readings = Readings(database)
        self.lines = Lines(database)
        self.files = FilesOfOrders(database)
        self.progress = Progress(database)
        self.watch = Watch(database)
        self.tokens = Tokens(database)
        self.answers = Answers(database)
        self.imports = Imports(database)
        self.prices = Prices(database)
        self.links = Links(database)
        self.markups = Markups(database)
        self.profiles = Profiles(database)
        self.attention = Attention(database)
        self.audit = Audit(database)
        self.overview = OverviewCounts(database)
        self.values = Values(database)
        self.secrets = Secrets(database)
        self.stock = Stock(database)
        self.mirrors = Mirrors(database)
        self.call_slots = CallSlots(database)
        self.calls = Calls(database)
        self.price_counts = PriceCounts(database)

    @classmethod
    def open(cls, path: Path, *, busy_ms: int = BUSY_MS, clocks: Clocks | None = None) -> "Store":
        """Over the file at ``path``, made if it does not exist. Raises OSError if that is not possible."""
        return cls(Database(path, installed().migrations, busy_ms=busy_ms, clocks=clocks))

    async def probe(self) -> None:
        """See whether the file takes changes just now. Raises StateFileError if it does not."""
        await self.database.write(probe)

    def close(self) -> None:
        self.database.close()
