"""What happens to a machine that stands in a corner for years: it begins by chance, and ends by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from makeready_lab.simulation.faults import Fate

CLOCK, DISK_FULL, LOCKED, REPLACED = "clock", "disk-full", "locked", "file-replaced"
MIS_AWAY, SHOP_AWAY, UNKNOWN = "mis-outage", "shop-outage", "unknown-orders"
STATE_FAILS: Mapping[str, float] = {LOCKED: 15.0, DISK_FULL: 0.0, REPLACED: 0.0}
"""With how many seconds a change waits before it fails."""
LASTS_S: Mapping[str, tuple[float, float]] = {
    CLOCK: (60.0, 7200.0),
    DISK_FULL: (10.0, 3600.0),
    LOCKED: (15.0, 300.0),
    REPLACED: (5.0, 900.0),
    MIS_AWAY: (60.0, 7200.0),
    SHOP_AWAY: (60.0, 7200.0),
    UNKNOWN: (0.0, 0.0),
}
"""The least and the most of each kind."""
YEAR_S = 365 * 86_400.0
FARTHEST_STEP = 8.0
"""Power of ten: three years. The nearest is a second."""


@dataclass
class Weather:
    """``odds``: of each kind, each time that `may_begin` is asked; or, ``by_year``, how often it comes in a year. ``most``:
    spells that there can be.
    """

    fate: Fate
    now: Callable[[], float]
    odds: Mapping[str, float]
    most: int
    by_year: bool = False

    def __post_init__(self) -> None:
        self._until: dict[str, float] = {}
        self._step, self._asked_at = 0.0, 0.0
        self.told: list[tuple[float, float, str]] = []
        """From when, until when, what."""

    def is_on(self, kind: str) -> bool:
        return self.now() < self._until.get(kind, 0.0)

    @property
    def is_fair(self) -> bool:
        return self.now() >= self.over_at

    @property
    def over_at(self) -> float:
        """When the last of what has begun is over."""
        return max(self._until.values(), default=0.0)

    @property
    def ahead(self) -> float:
        """What the wall's clock is off by. Somebody puts it right in the end."""
        return self._step if self.is_on(CLOCK) else 0.0

    def state_trouble(self) -> str:
        """Why the state file takes no changes now; empty if it does."""
        return next((one for one in STATE_FAILS if self.is_on(one)), "")

    def may_begin(self) -> str:
        """What begins now; mostly nothing. What is on already goes on."""
        if len(self.told) >= self.most:
            return ""
        draw, passed_s = self.fate.random, self.now() - (self._asked_at or self.now())
        self._asked_at = self.now()
        share = passed_s / YEAR_S if self.by_year else 1.0
        for kind, odds in self.odds.items():
            if draw.random() < odds * share and not self.is_on(kind):
                self._begin(kind, draw.uniform(*LASTS_S[kind]))
                return kind
        return ""

    def _begin(self, kind: str, lasts_s: float) -> None:
        if kind == CLOCK:
            self._step = self.fate.random.choice((-1, 1)) * 10 ** self.fate.random.uniform(0, FARTHEST_STEP)
        self._until[kind] = self.now() + lasts_s
        self.told.append((self.now(), self._until[kind], kind))
        self.fate.drawn[kind] = self.fate.drawn.get(kind, 0) + 1
