"""The state store: one SQLite file. All SQL of the product is in this package."""

from pathlib import Path

from makeready.store.budget import CallSlots
from makeready.store.database import Database, safe_for_two_processes
from makeready.store.imports import Imports
from makeready.store.inbox import Inbox
from makeready.store.ledger import Ledger
from makeready.store.subscribers import Subscribers
from makeready.store.work import WorkQueue

__all__ = [
    "CallSlots",
    "Imports",
    "Inbox",
    "Ledger",
    "Store",
    "Subscribers",
    "WorkQueue",
    "safe_for_two_processes",
]


class Store:
    """The parts of the state, over one database file."""

    def __init__(self, path: Path) -> None:
        """Open the file, or create it. Raises OSError if that is not possible."""
        self.path = path
        self._database = Database(path)
        self.subscribers = Subscribers(self._database)
        self.work = WorkQueue(self._database)
        self.inbox = Inbox(self._database)
        self.ledger = Ledger(self._database)
        self.imports = Imports(self._database)
        self.call_slots = CallSlots(self._database)

    def close(self) -> None:
        self._database.close()
