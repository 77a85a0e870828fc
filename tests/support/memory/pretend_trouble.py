"""What goes wrong with a pretend vendor, when a test says so."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def trouble(waiting: list[Exception]) -> Iterator[bool]:
    """Raise the next trouble at the end; tells whether the effect happens all the same."""
    trouble = waiting.pop(0) if waiting else None
    yield trouble is None or getattr(trouble, "after_the_effect", False)
    if trouble is not None:
        raise trouble
