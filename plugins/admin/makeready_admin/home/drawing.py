"""Where everything of a chart stands: pure arithmetic. ``chart.svg`` among the templates draws it.

A chart is as wide as a phone, so that its letters keep their size, and needs no script.
"""

import base64
import hashlib
import math
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby

from msgspec import Struct

WIDTH, HEIGHT = 350, 230
TOP, BOTTOM, RIGHT = 12.0, 204.0, 330.0
"""Of the field between the axes."""
LETTER = 7.0
"""A letter of a label is at most so wide."""
FILLED = 0.8
"""Of a column, by its bars."""
MOST_LABELS = 5
"""Along the horizontal axis."""
STYLE = """
svg { --soft: #59646e; --line: #dfe3e7; --card: #fff; --good: #2f8f66; --bad: #c23b31; --work: #3d7cc0;
  --warn: #c98a1b; --doubt: #8459b0; --wait: #9cc3e6; --rest: #b4bcc4; --gone: #7d8892; --past: #7a4f2a; }
@media (prefers-color-scheme:dark) {
  svg { --soft: #a2adb7; --line: #353c43; --card: #1b1f23; --good: #4fb286; --bad: #f0857b; --work: #6fa8e6;
    --warn: #e0ab57; --doubt: #b794dd; --wait: #3f6a94; --rest: #59636c; --gone: #8c98a3; --past: #a0694a; }
}
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--soft); }
.x text { text-anchor: middle; } .y text { text-anchor: end; }
path { fill: none; stroke: var(--line); }
path.limit { stroke: var(--bad); stroke-dasharray: 5 4; }
rect { fill: var(--shown); stroke: var(--card); }
.line path { stroke: var(--shown); stroke-width: 2.5; stroke-linejoin: round; } .line circle { fill: var(--shown); }
.good { --shown: var(--good); } .bad { --shown: var(--bad); } .work { --shown: var(--work); }
.warn { --shown: var(--warn); } .doubt { --shown: var(--doubt); } .wait { --shown: var(--wait); }
.rest { --shown: var(--rest); } .gone { --shown: var(--gone); } .past { --shown: var(--past); }
"""
STYLE_HASH = f"sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}"
"""As a content security policy names the one style of a chart."""

Point = tuple[float, float]


class Series(Struct, frozen=True, kw_only=True):
    name: str
    colour: str
    """By what it means: one of those in STYLE, which the pages have too."""
    values: Sequence[float | None]


class Tick(Struct, frozen=True, kw_only=True):
    value: float
    label: str
    marked: bool = False
    """A limit."""


class Kind(Enum):
    STACKED = "stacked"
    """Bars, one upon the other."""
    BARS = "bars"
    LINES = "lines"
    """Over a logarithmic axis."""


class Bar(Struct, frozen=True, kw_only=True):
    colour: str
    x: float
    y: float
    width: float
    height: float


class Line(Struct, frozen=True, kw_only=True):
    colour: str
    runs: Sequence[Sequence[Point]]
    """Points that are joined; a column without a value interrupts the line."""


class Drawing(Struct, frozen=True, kw_only=True):
    """What a chart shows. Every series has a value, or None, for each label."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    ticks: Sequence[Tick]
    """Of the vertical axis, from end to end."""
    kind: Kind = Kind.STACKED

    @property
    def left(self) -> float:
        return 10 + LETTER * max(len(tick.label) for tick in self.ticks)

    @property
    def step(self) -> float:
        """From one column to the next."""
        return (RIGHT - self.left) / max(1, len(self.labels))

    def x(self, column: int) -> float:
        """The middle of a column."""
        return self.left + self.step * (column + 0.5)

    def y(self, value: float) -> float:
        first, last = self._scaled(self.ticks[0].value), self._scaled(self.ticks[-1].value)
        return BOTTOM - (BOTTOM - TOP) * (self._scaled(value) - first) / (last - first)

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.kind is Kind.LINES else value

    def names(self) -> Iterator[tuple[float, str]]:
        """Labels that are shown and where: a few, the last one among them."""
        every = -(-len(self.labels) // MOST_LABELS)
        for column in range((len(self.labels) - 1) % max(1, every), len(self.labels), max(1, every)):
            yield self.x(column), self.labels[column]

    def bars(self) -> Iterator[Bar]:
        if self.kind is Kind.LINES:
            return
        for column in range(len(self.labels)):
            yield from self._column(column)

    def _column(self, column: int) -> Iterator[Bar]:
        is_stacked = self.kind is Kind.STACKED
        width = self.step * FILLED / (1 if is_stacked else len(self.series))
        x, below = self.x(column) - self.step * FILLED / 2, 0.0
        for place, one in enumerate(self.series):
            if value := one.values[column]:
                top = self.y(below + value)
                yield Bar(
                    colour=one.colour,
                    x=x if is_stacked else x + place * width,
                    y=top,
                    width=width,
                    height=self.y(below) - top,
                )
                below += value if is_stacked else 0.0

    def lines(self) -> list[Line]:
        if self.kind is not Kind.LINES:
            return []
        return [Line(colour=one.colour, runs=list(self._runs(one.values))) for one in self.series]

    def _runs(self, values: Sequence[float | None]) -> Iterator[list[Point]]:
        for is_there, run in groupby(enumerate(values), key=lambda pair: bool(pair[1])):
            if is_there:
                yield [(self.x(column), self.y(value)) for column, value in run if value]


def whole_ticks(most: float) -> list[Tick]:
    """Whole numbers from 0 to at least ``most``."""
    return [Tick(value=value, label=f"{value:,.0f}") for value in _steps(max(1.0, most), least=1.0)]


def time_ticks(least_ms: float, most_ms: float) -> list[Tick]:
    """Milliseconds and seconds, each ten times the one before: fast and slow answers lie far apart."""
    first = math.floor(math.log10(max(0.1, least_ms)))
    last = max(first + 1, math.ceil(math.log10(max(0.1, most_ms))))
    steps = [10.0**power for power in range(first, last + 1)]
    return [
        Tick(value=value, label=f"{value / 1000:g} s" if value >= 1000 else f"{value:g} ms")
        for value in steps
    ]


def _steps(most: float, *, least: float) -> list[float]:
    """At most five, of a round size."""
    size = least
    for factor in [2, 2.5, 2] * 12:
        if size * 4 >= most:
            break
        size *= factor
    count = int(-(-most // size))
    return [size * number for number in range(count + 1)]
