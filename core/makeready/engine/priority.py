"""How urgent the work of the current task is: a person who waits, then orders before imports before polls.

The engine says it for the work that it starts; the way out obeys it where a vendor limits calls.
"""

from contextvars import ContextVar
from enum import IntEnum


class Urgency(IntEnum):
    """Lower goes first."""

    PERSON = 0
    """Somebody waits for the answer: a buyer for a price, whoever looks at a page. Few calls."""
    ORDER = 1
    """An order on its way."""
    UPKEEP = 2
    """Marks, statuses, files: should follow soon."""
    IMPORT = 3
    POLL = 4


current: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.PERSON)
