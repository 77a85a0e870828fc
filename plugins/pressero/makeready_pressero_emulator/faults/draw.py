"""Draws the fault that hits a request: seeded, so that the same run has the same faults."""

import random

from makeready_pressero_emulator.switches import Switchboard

KINDS = (
    "answer-lost",
    "late-effect",
    "error-before",
    "error-after",
    "html-error",
    "slow",
    "hang",
    "reset",
    "truncated-json",
)


class Faults:
    def __init__(self, switches: Switchboard, seed: int) -> None:
        self._switches = switches
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        self._requests = random.Random(self._seed)  # noqa: S311  faults are to be repeatable
        self._webhooks = random.Random(self._seed + 1)  # noqa: S311
        self._drawn = 0

    def for_request(self, verb: str, path: str) -> str:
        """The kind of fault, or nothing. Rates add up: 0.5 and 0.5 leave no request alone.

        The control API is never hit.
        """
        if path.startswith("/_emulator/"):
            return ""
        if self._switches.text("fault-path").lower() not in f"{verb} {path}".lower():
            return ""
        rates = [(kind, self._switches.number(kind)) for kind in KINDS]
        if not any(rate for _, rate in rates) or self._limit_reached():
            return ""
        left = self._requests.random()
        for kind, rate in rates:
            if left < rate:
                self._drawn += 1
                return kind
            left -= rate
        return ""

    def for_webhook(self, kind: str) -> bool:
        """Whether ``webhook-duplicates``, ``webhook-reorder`` or ``webhook-loss`` strikes."""
        rate = self._switches.number(kind)
        return rate > 0 and self._webhooks.random() < rate

    def _limit_reached(self) -> bool:
        limit = self._switches.number("fault-limit")
        return limit > 0 and self._drawn >= limit
