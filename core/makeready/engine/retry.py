"""When something that went wrong is tried again."""

from makeready_hooks.errors import ConfigError, MakereadyError, Refused, RetryLater
from msgspec import Struct

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 600.0


class Retry(Struct, frozen=True, kw_only=True):
    """To be done again, after a time the handler knows, or with growing pauses."""

    error: str = ""
    """What went wrong; empty for work that simply comes again on a schedule."""
    after_s: float | None = None
    least_s: float = 0.0
    """That the other side asks to wait, where nothing else is known: pauses grow all the same."""
    needs_person: bool = False
    """It will go wrong until somebody changes something."""


DEFECT = Retry(error="An internal error; see the log.")
"""Of ours, or of a plugin's: only the log says what it was."""


def retry_for(error: MakereadyError) -> Retry:
    """What an error says about the next try."""
    return Retry(
        error=str(error),
        least_s=(error.after_s or 0.0) if isinstance(error, RetryLater) else 0.0,
        needs_person=isinstance(error, ConfigError | Refused),
    )


def backoff_s(attempts: int) -> float:
    """Seconds to wait after this many failed attempts: 1, 2, 4 … up to ten minutes."""
    return float(min(FIRST_RETRY_S * 2 ** min(attempts, 20), LAST_RETRY_S))
