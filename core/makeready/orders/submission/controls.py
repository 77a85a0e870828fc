"""Whether an MIS's *it is not there* is believed: only if the same question has found, not long ago, what is there."""

from collections.abc import Callable

from makeready.orders.model import FarEnd
from makeready.subscribers.model import Subscriber

GOOD_FOR_S = 300.0

Question = tuple[str, int, FarEnd]


class Controls:
    """When the question of a subscriber's settings found an order last, by far end. In memory: a restart asks again."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._found_at: dict[Question, float] = {}

    def found(self, subscriber: Subscriber, end: FarEnd) -> None:
        self._found_at[_question(subscriber, end)] = self._steady()

    def failed(self, subscriber: Subscriber, end: FarEnd) -> None:
        self._found_at.pop(_question(subscriber, end), None)

    def are_good(self, subscriber: Subscriber, end: FarEnd) -> bool:
        found_at = self._found_at.get(_question(subscriber, end))
        return found_at is not None and self._steady() - found_at < GOOD_FOR_S


def _question(subscriber: Subscriber, end: FarEnd) -> Question:
    """Other settings may ask in another way."""
    return subscriber.name, subscriber.version, end
