"""What goes wrong, when: drawn from one seeded source."""

import random

from msgspec import Struct


class Crash(BaseException):
    """The process dies here. Nothing may catch it but the simulation."""


class Odds(Struct, frozen=True, kw_only=True):
    """How likely each trouble is, per call or per commit."""

    no_connection: float = 0.03
    lost_before: float = 0.03
    """Sent, not answered, and without effect."""
    lost_after: float = 0.05
    """Sent, not answered, and done all the same."""
    late: float = 0.04
    """Sent, not answered, and done some time later."""
    lateness: float = 1.0
    """How late at most, in deadlines of the call."""
    crash_before_call: float = 0.01
    crash_after_call: float = 0.02
    crash_before_commit: float = 0.005
    crash_after_commit: float = 0.01
    clock_step: float = 0.0
    """Between two steps of the work, somebody sets the clock; and of crashes, half are the machine's own."""


class Fate:
    """Draws troubles, counts them, and knows whether the process is dead."""

    def __init__(self, seed: int, odds: Odds) -> None:
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.odds = odds
        self.dead = False
        self.quiet = False
        """True for set-up and for what people do: then nothing goes wrong."""
        self.crashes = 0
        self.drawn: dict[str, int] = {}

    def happens(self, trouble: str) -> bool:
        if self.quiet or self.random.random() >= getattr(self.odds, trouble):
            return False
        self.drawn[trouble] = self.drawn.get(trouble, 0) + 1
        return True

    def maybe_crash(self, where: str) -> None:
        """Raises Crash if the process is dead, or dies here."""
        if self.dead:
            raise Crash
        if self.happens(where):
            self.dead = True
            self.crashes += 1
            raise Crash
