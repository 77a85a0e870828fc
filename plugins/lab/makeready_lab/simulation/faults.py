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
    status_before: float = 0.0
    """Answered with a status of `BEFORE`, and without effect."""
    status_after: float = 0.0
    """Done, and answered with a status of `AFTER`, or with a page instead of an answer."""
    crash_before_call: float = 0.01
    crash_after_call: float = 0.02
    crash_before_commit: float = 0.005
    crash_after_commit: float = 0.01
    clock_step: float = 0.0
    """Between two steps of the work, somebody sets the clock; and of crashes, half are the machine's own."""
    backup: float = 0.0
    """After a commit, a backup is made in the place of the one before."""
    restore: float = 0.0
    """Between two steps, the last backup is put back."""
    lost_file: float = 0.0
    """Between two steps, the state is lost, and the same settings are put into a new one."""
    environment: float = 0.0
    """Between two steps, somebody changes from *live* to *test*, or back."""
    changed_mis: float = 0.0
    """Between two steps, the MIS moves to another address, or back."""
    golive: float = 0.0
    """Per order: it was placed before our time began, and mostly sent by a former bridge. No mark tells of it."""

    same_number: float = 0.0
    """Per order: another one comes under its number, at once or any time after."""
    weather: float = 0.0
    """Of each kind of `makeready_lab.simulation.weather`, between two steps. In virtual time only, for who waits sleeps."""

    @property
    def has_edges(self) -> bool:
        return any(getattr(self, one) for one in (*EDGES, "golive"))


BEFORE, AFTER = (429, 500, 502, 503, 504), (200, 500, 502, 503, 504)
EDGES = ("restore", "lost_file", "environment", "changed_mis")
"""What happens between two steps, at most so often in a life."""
MOST_EDGES = 4
EDGY = Odds(
    backup=0.1, restore=0.05, lost_file=0.01, environment=0.04, changed_mis=0.03, golive=0.3, late=0.08,
    same_number=0.15,
)  # fmt: skip
"""All that happens at the edges of a ledger's life."""
STORMY = Odds(
    weather=0.02, no_connection=0.01, lost_before=0.01, lost_after=0.03, late=0.03, crash_before_call=0.002,
    crash_after_call=0.004, crash_before_commit=0.001, crash_after_commit=0.002,
)  # fmt: skip
"""Weather, and so few crashes that a hundred orders can be read between two of them."""


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

    def edge(self) -> str:
        """Which of the edges comes now; mostly none."""
        if sum(self.drawn.get(one, 0) for one in EDGES) >= MOST_EDGES:
            return ""
        return next((one for one in EDGES if getattr(self.odds, one) and self.happens(one)), "")

    def maybe_crash(self, where: str) -> None:
        """Raises Crash if the process is dead, or dies here."""
        if self.dead:
            raise Crash
        if self.happens(where):
            self.dead = True
            self.crashes += 1
            raise Crash
