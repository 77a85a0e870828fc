"""The state store: one SQLite file. All SQL of the product is in this package."""

from pathlib import Path

from makeready.clocks import Clocks
from makeready.store.attention import Attention
from makeready.store.audit import Audit
from makeready.store.budget import CallSlots
from makeready.store.calls import Calls
from makeready.store.database import BUSY_MS, Database, Storage, safe_for_two_processes
from makeready.store.errors import StateFileError
from makeready.store.files import FilesOfOrders
from makeready.store.imports import Imports
from makeready.store.inbox import Inbox
from makeready.store.ledger import Ledger
from makeready.store.links import Links
from makeready.store.listing import Lines
from makeready.store.mirrors import Mirrors
from makeready.store.overview import Overview
from makeready.store.price_counts import PriceCounts
from makeready.store.prices import Prices
from makeready.store.probing import probe
from makeready.store.profiles import Profiles
from makeready.store.progress import Progress
from makeready.store.readings import Readings
from makeready.store.secrets import Secrets
from makeready.store.sessions import Sessions, SignInAttempts
from makeready.store.stock import Stock
from makeready.store.subscribers import Subscribers
from makeready.store.tokens import Answers, Tokens
from makeready.store.users import Users
from makeready.store.values import Values
from makeready.store.watch import Watch
from makeready.store.work import WorkQueue

__all__ = [
    "Answers",
    "Attention",
    "Audit",
    "CallSlots",
    "Imports",
    "Inbox",
    "Ledger",
    "Lines",
    "Links",
    "Mirrors",
    "Overview",
    "Profiles",
    "Readings",
    "Secrets",
    "Sessions",
    "SignInAttempts",
    "StateFileError",
    "Stock",
    "Store",
    "Subscribers",
    "Tokens",
    "Users",
    "Values",
    "Watch",
    "WorkQueue",
    "safe_for_two_processes",
]


class Store:
    """The parts of the state, over one database."""

    def __init__(self, database: Storage) -> None:
        self._database = database
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
        self.profiles = Profiles(database)
        self.users = Users(database)
        self.sessions = Sessions(database)
        self.sign_in_attempts = SignInAttempts(database)
        self.attention = Attention(database)
        self.audit = Audit(database)
        self.overview = Overview(database)
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
        return cls(Database(path, busy_ms=busy_ms, clocks=clocks))

    async def probe(self) -> None:
        """See whether the file takes changes just now. Raises StateFileError if it does not."""
        await self._database.write(probe)

    def close(self) -> None:
        self._database.close()
