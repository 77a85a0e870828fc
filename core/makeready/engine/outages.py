"""Which sides of which subscribers take nothing just now, as this process has seen, and when they are back."""

from collections import Counter

from makeready_hooks import Role

IN_A_ROW = 3
"""Failures of whatever work with a side, until it counts as away: one order's own trouble is no outage."""


class Outages:
    def __init__(self) -> None:
        self._failures: Counter[tuple[str, Role]] = Counter()

    def failed(self, subscriber: str, side: Role) -> None:
        self._failures[subscriber, side] += 1

    def ends(self, subscriber: str, side: Role) -> bool:
        """Work with this side went well. True if it was away until now."""
        return self._failures.pop((subscriber, side), 0) >= IN_A_ROW
