"""What a run finds: figures with their spread, each beside what it is measured against in the same run."""

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

RATIO = "times"


class Figure(Struct, frozen=True, kw_only=True):
    """``values``: one of each round. ``against`` names the yardstick of a ratio; empty for a figure by itself."""

    part: str
    name: str
    values: tuple[float, ...]
    unit: str
    against: str = ""
    aim: str = ""
    """Such as ``≥ 0.5``; empty where there is none."""

    @property
    def key(self) -> str:
        return f"{self.part}: {self.name}, {self.unit}"

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def reached(self) -> bool | None:
        """None without an aim."""
        if not self.aim:
            return None
        sign, _, number = self.aim.partition(" ")
        return self.median >= float(number) if sign == "≥" else self.median <= float(number)


class Run(Struct, frozen=True, kw_only=True):
    """A whole run, as `out/bench.json` keeps it."""

    commit: str
    began: str
    machine: str
    load_before: float
    """Processes that ran or waited for a core, in the minute before."""
    seconds: float
    figures: tuple[Figure, ...]

    def save(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1))

    @staticmethod
    def read(file: Path) -> "Run":
        return msgspec.json.decode(file.read_bytes(), type=Run)


class Part:
    """Takes the figures of one part in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.figures: list[Figure] = []

    def add(self, name: str, values: Iterable[float], unit: str, *, against: str = "", aim: str = "") -> None:
        kept = tuple(float(f"{value:.4g}") for value in values)
        assert kept, name
        figure = Figure(part=self.name, name=name, values=kept, unit=unit, against=against, aim=aim)
        self.figures.append(figure)

    def ratio(
        self, name: str, ours: Sequence[float], others: Sequence[float], against: str, *, aim: str = ""
    ) -> None:
        """Round by round, so that what else the machine did in a round strikes both."""
        values = [mine / other for mine, other in zip(ours, others, strict=True)]
        self.add(name, values, RATIO, against=against, aim=aim)
