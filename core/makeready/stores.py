"""The parts of the state, over one database."""

from pathlib import Path

from makeready.access.store import Audit, Tokens
from makeready.attention.model import AttentionCounts
from makeready.engine.observers.store import Observers
from makeready.engine.store import Pauses, WorkQueue
from makeready.orders.artwork.store import FilesOfOrders
from makeready.orders.corrections.store import Corrections
from makeready.orders.fulfilment.store import Progress
from makeready.orders.life.store import Lives
from makeready.orders.store.attention import LinesThatWait, Unreadables
from makeready.orders.store.beginnings import Beginnings
from makeready.orders.store.ledger import Ledger
from makeready.orders.store.readings import Readings, note_announced
from makeready.orders.store.search import Lines
from makeready.outbound.store import Calls, CallSlots
from makeready.plugins import load_tables
from makeready.prices.store import PriceCounts, Prices
from makeready.products.store.imports import Imports
from makeready.products.store.links import Links
from makeready.products.store.markups import Markups
from makeready.products.store.profiles import Profiles
from makeready.stock.store.levels import Stock
from makeready.stock.store.mirrors import Mirrors
from makeready.storage.clocks import Clocks
from makeready.storage.database import BUSY_MS, Database, Storage
from makeready.storage.values import Checkpoints, Values
from makeready.subscribers.store.secrets import Secrets
from makeready.subscribers.store.subscribers import Subscribers
from makeready.web.api.store import Answers
from makeready.webhooks.store import Inbox


class Attention:
    """What waits for a person, of every room that has such."""

    def __init__(self, lines: LinesThatWait, files: FilesOfOrders, work: WorkQueue) -> None:
        self._lines = lines
        self._files = files
        self._work = work

    async def counts(self, subscriber: str) -> AttentionCounts:
        return AttentionCounts(
            **await self._lines.counts(subscriber),
            files=await self._files.count_bad(subscriber),
            work=await self._work.count_stuck(subscriber),
        )


class Store:
    """The parts of the state, over one database."""

    def __init__(self, database: Storage) -> None:
        self.database = database
        self.subscribers = Subscribers(database)
        self.work = WorkQueue(database)
        self.pauses = Pauses(database)
        self.observers = Observers(database)
        self.inbox = Inbox(database, note_announced)
        self.ledger = Ledger(database)
        self.corrections = Corrections(database)
        self.readings = Readings(database)
        self.lines = Lines(database)
        self.unreadable = Unreadables(database)
        self.lives = Lives(database)
        self.beginnings = Beginnings(database)
        self.files = FilesOfOrders(database)
        self.progress = Progress(database)
        self.checkpoints = Checkpoints(database)
        self.tokens = Tokens(database)
        self.answers = Answers(database)
        self.imports = Imports(database)
        self.prices = Prices(database)
        self.links = Links(database)
        self.markups = Markups(database)
        self.profiles = Profiles(database)
        self.attention = Attention(LinesThatWait(database), self.files, self.work)
        self.audit = Audit(database)
        self.values = Values(database)
        self.secrets = Secrets(database)
        self.stock = Stock(database)
        self.mirrors = Mirrors(database)
        self.call_slots = CallSlots(database)
        self.calls = Calls(database, self.subscribers.call_rules)
        self.price_counts = PriceCounts(database)

    @classmethod
    def open(cls, path: Path, *, busy_ms: int = BUSY_MS, clocks: Clocks | None = None) -> "Store":
        """Over the file at ``path``, made if it does not exist. Raises OSError if that is not possible."""
        return cls(Database(path, load_tables(), busy_ms=busy_ms, clocks=clocks))

    def close(self) -> None:
        self.database.close()
