"""Charts as SVG: without scripts, readable in light and dark, as wide as a phone so that letters keep their size.

All that imports pygal. It appends a finder of modules of a kind that Python gives up (one without ``find_spec``)
to ``sys.meta_path``, for maps that we do not use; Python 3.11 warns of it with every import of a module that is
not there, and warnings are errors in our tests. So the finder is taken away again.
"""

import base64
import hashlib
import math
import sys
from collections.abc import Sequence
from enum import Enum
from typing import Any

import pygal
from msgspec import Struct
from pygal.style import Style

sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]

LEFT_OUT = frozenset(("script", "desc"))
FOR_SCRIPTS = "plot tooltip-overlay"
"""Shows values under the pointer; the page has a table instead."""
STYLE = Style(
    font_family='system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
    label_font_size=12,
    major_label_font_size=12,
)
WIDTH, HEIGHT = 350, 230
MOST_LABELS = 5
"""Along the horizontal axis."""
CSS = """
svg { --soft: #59646e; --line: #dfe3e7; --card: #fff; --good: #2f8f66; --bad: #c23b31; --work: #3d7cc0;
  --warn: #c98a1b; --doubt: #8459b0; --wait: #9cc3e6; --rest: #b4bcc4; --gone: #7d8892; }
@media (prefers-color-scheme: dark) {
  svg { --soft: #a2adb7; --line: #353c43; --card: #1b1f23; --good: #4fb286; --bad: #f0857b; --work: #6fa8e6;
    --warn: #e0ab57; --doubt: #b794dd; --wait: #3f6a94; --rest: #59636c; --gone: #8c98a3; }
}
.background, .nofill { fill: none; }
text { fill: var(--soft); }
.axis.x text { text-anchor: middle; } .axis.y text { text-anchor: end; }
.axis .line, .axis .guide.line { stroke: var(--line); fill: none; }
.axis.x .guide.line { opacity: 0; }
.axis.y .major.guide.line { stroke: var(--bad); stroke-dasharray: 5 4; }
.rect { stroke: var(--card); stroke-width: 1; }
.line-graph .series path { stroke-width: 2.5; stroke-linejoin: round; }
.tooltip, .text-overlay { display: none; }
"""


class Series(Struct, frozen=True, kw_only=True):
    name: str
    colour: str
    """By what it means: one of those in CSS, which the pages have too."""
    values: Sequence[float | None]


class Tick(Struct, frozen=True, kw_only=True):
    value: float
    label: str
    marked: bool = False
    """A limit."""


class Kind(Enum):
    STACKED = pygal.StackedBar
    """Bars, one upon the other."""
    BARS = pygal.Bar
    LINES = pygal.Line
    """Over a logarithmic axis."""


class Drawing(Struct, frozen=True, kw_only=True):
    """What a chart shows. Every series has a value, or None, for each label."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    ticks: Sequence[Tick]
    """Of the vertical axis, from end to end."""
    kind: Kind = Kind.STACKED


class Picture(Struct, frozen=True, kw_only=True):
    svg: bytes
    style_hash: str
    """``sha256-…`` of the one style in it, as a content security policy names it."""


def draw(drawing: Drawing) -> Picture:
    """Takes some milliseconds of computing."""
    chart = drawing.kind.value(
        width=WIDTH,
        height=HEIGHT,
        style=STYLE,
        css=[f"inline:{CSS}{_colours(drawing.series)}"],
        js=[],
        no_prefix=True,
        margin=8,
        spacing=8,
        show_legend=False,  # the page has it, in letters that grow with the reader's
        truncate_label=-1,
        dots_size=2.5,
        show_minor_x_labels=False,
        no_data_text="",
        margin_right=20,
        range=(_height(drawing, drawing.ticks[0].value), _height(drawing, drawing.ticks[-1].value)),
        allow_interruptions=True,
    )
    _label(chart, drawing)
    for series in drawing.series:
        chart.add(series.name, [_height(drawing, value) for value in series.values])
    chart.add_xml_filter(lambda root: _without_scripts(root, drawing.title))
    styles: list[str] = []
    chart.add_xml_filter(lambda root: _collect(root, styles))
    svg: bytes = chart.render()
    digest = hashlib.sha256("".join(styles).encode()).digest()
    return Picture(svg=svg, style_hash=f"sha256-{base64.b64encode(digest).decode()}")


def _label(chart: Any, drawing: Drawing) -> None:
    every = -(-len(drawing.labels) // MOST_LABELS)
    last = len(drawing.labels) - 1
    chart.x_labels = drawing.labels
    chart.x_labels_major = [name for place, name in enumerate(drawing.labels) if (last - place) % every == 0]
    chart.y_labels = [{"value": _height(drawing, tick.value), "label": tick.label} for tick in drawing.ticks]
    chart.y_labels_major = [_height(drawing, tick.value) for tick in drawing.ticks if tick.marked]


def _height(drawing: Drawing, value: float | None) -> float | None:
    """Logarithms are ours: the library's draw a line through hours that have no value."""
    return math.log10(value) if value and drawing.kind is Kind.LINES else value


def _colours(series: Sequence[Series]) -> str:
    return "".join(
        f".color-{place} {{ fill: var(--{one.colour}); stroke: var(--{one.colour}); }}"
        for place, one in enumerate(series)
    )


def _without_scripts(root: Any, title: str) -> Any:
    for parent in list(root.iter()):
        for child in list(parent):
            is_comment = not isinstance(child.tag, str)
            if is_comment or child.tag in LEFT_OUT or child.get("class") == FOR_SCRIPTS:
                parent.remove(child)
    for found in root.iter("title"):
        found.text = title
    return root


def _collect(root: Any, styles: list[str]) -> Any:
    styles += [found.text for found in root.iter("style")]
    return root


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
