"""How urgent the work of the current task is: orders before imports before polls.

The engine says it for the work that it starts; the way out obeys it where a vendor limits calls.
"""

from contextvars import ContextVar
from enum import IntEnum


class Urgency(IntEnum):
    """Lower goes first."""

    ORDER = 0
    """An order on its way, or a person who waits."""
    UPKEEP = 1
    """Marks, statuses, files: should follow soon."""
    IMPORT = 2
    POLL = 3


current: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.ORDER)
