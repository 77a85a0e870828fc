"""Figures for people: a table on the terminal, and the difference to an earlier run."""

from collections.abc import Sequence

import click
from benchmarks.figures import Figure, Run

NOTABLE = 1.1
"""A median that moved by less, or stays within the spread of both runs, is no difference."""


def shown(run: Run, earlier: Run | None = None) -> str:
    rows = [_row(figure, earlier) for figure in run.figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines, part = [], ""
    for figure, row in zip(run.figures, rows, strict=True):
        if figure.part != part:
            part = figure.part
            lines.append(click.style(part, bold=True))
        cells = [
            row[0].ljust(widths[0]),
            *(text.rjust(width) for text, width in zip(row[1:4], widths[1:4], strict=True)),
        ]
        lines.append("  " + "  ".join([*cells, *row[4:]]).rstrip())
    return "\n".join(lines)


def _row(figure: Figure, earlier: Run | None) -> tuple[str, ...]:
    name = f"{figure.name}, beside {figure.against}" if figure.against else figure.name
    return (
        name,
        number(figure.median),
        figure.unit,
        spread(figure),
        _verdict(figure),
        _difference(figure, earlier),
    )


def number(value: float) -> str:
    """Three digits that count, thousands apart: ``0.0812``, ``13.1``, ``22,031``."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def spread(figure: Figure) -> str:
    if len(figure.values) == 1:
        return ""
    return f"{number(min(figure.values))} to {number(max(figure.values))}"


def _verdict(figure: Figure) -> str:
    if figure.reached is None:
        return ""
    return f"{'reached' if figure.reached else 'missed'}: {figure.aim}"


def _difference(figure: Figure, earlier: Run | None) -> str:
    if earlier is None:
        return ""
    before = next((one for one in earlier.figures if one.key == figure.key), None)
    if before is None:
        return "new"
    if not before.median:
        return f"was {number(before.median)}"
    factor = figure.median / before.median
    overlaps = max(min(figure.values), min(before.values)) <= min(max(figure.values), max(before.values))
    mark = "" if overlaps or 1 / NOTABLE < factor < NOTABLE else " !"
    return f"was {number(before.median)}: {(factor - 1) * 100:+.0f} %{mark}"


def gone(run: Run, earlier: Run) -> Sequence[str]:
    """What the earlier run measured of the same parts, and this one did not."""
    parts, keys = {figure.part for figure in run.figures}, {figure.key for figure in run.figures}
    return [figure.key for figure in earlier.figures if figure.part in parts and figure.key not in keys]
