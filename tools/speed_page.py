"""docs/reference/speed.md, from docs/figures.json: a run of `make bench` that was kept."""

from pathlib import Path
from statistics import median

import msgspec
from msgspec import Struct

KEPT = Path(__file__).parent.parent / "docs" / "figures.json"
MANY = 100


class Figure(Struct, frozen=True):
    """As `make bench` writes it."""

    part: str
    name: str
    values: tuple[float, ...]
    unit: str
    against: str
    aim: str


class Run(Struct, frozen=True):
    commit: str
    began: str
    machine: str
    load_before: float
    figures: tuple[Figure, ...]


def speed_page() -> str:
    run = msgspec.json.decode(KEPT.read_bytes(), type=Run)
    begun = run.began[:16].replace("T", " ")
    head = (
        f"# Speed\n\nOne run of `make bench`, begun {begun} UTC at {run.commit}: {run.machine}, shared with the load "
        f"and with the emulators; {run.load_before:.1f} processes ran or waited for a core in the minute before. Medians, "
        "and the least and the most of the rounds. Absolute figures move with the machine: trust the ratios, each measured "
        "beside its yardstick in the same rounds. `make bench PARTS=name` measures one part again, "
        "`AGAINST=docs/figures.json` shows what has changed; `make figures` keeps the last run here.\n"
    )
    parts = dict.fromkeys(figure.part for figure in run.figures)
    return head + "".join(_part(name, run.figures) for name in parts)


def _part(name: str, figures: tuple[Figure, ...]) -> str:
    rows = [_row(figure) for figure in figures if figure.part == name]
    return f"\n## {name}\n\n| what | median | from, to | aim |\n|---|---|---|---|\n" + "".join(rows)


def _row(figure: Figure) -> str:
    what = figure.name + (f", beside {figure.against}" if figure.against else "")
    spread = (
        "" if len(figure.values) == 1 else f"{_number(min(figure.values))}, {_number(max(figure.values))}"
    )
    return f"| {what} | {_number(median(figure.values))} {figure.unit} | {spread} | {figure.aim} |\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= MANY else f"{value:.3g}"
