"""``make bench``: how fast is it, beside what it could be? See the parts."""

import importlib
import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import click
import uvloop
from benchmarks.figures import Figure, Part, Run
from benchmarks.sizes import Sizes, sizes_of
from benchmarks.table import gone, shown
from makeready.logs import configure

PARTS = (
    "start",
    "intake",
    "orders",
    "drain",
    "prices",
    "availability",
    "imports",
    "pages",
    "growth",
    "outbound",
)
NAMED = ("stock",)
"""These run only when they are named: they want a browser."""
ROOT = Path(__file__).parents[2]


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS + NAMED))
@click.option(
    "--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An earlier run."
)
@click.option("--out", default=ROOT / "out" / "bench.json", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--size", "given", multiple=True, metavar="NAME=NUMBER", help=f"Of {', '.join(Sizes.__struct_fields__)}."
)
def bench(parts: tuple[str, ...], against: Path | None, out: Path, given: tuple[str, ...]) -> None:
    """Measure PARTS, or all, print a table, and keep the figures as JSON."""
    configure()
    sizes = sizes_of(given)
    earlier = Run.read(against) if against else None
    began, load_before, started = datetime.now(UTC), os.getloadavg()[0], time.monotonic()
    figures: list[Figure] = []
    try:
        for name in parts or PARTS:
            figures += measured(name, sizes)
    finally:  # what was measured before a part failed is worth something
        run = Run(
            commit=commit(),
            began=began.isoformat(timespec="seconds"),
            machine=f"{os.cpu_count()} cores, Python {platform.python_version()}",
            load_before=load_before,
            seconds=round(time.monotonic() - started, 1),
            figures=tuple(figures),
        )
        tell(run, earlier, out)


def tell(run: Run, earlier: Run | None, out: Path) -> None:
    run.save(out)
    if run.figures:
        click.echo(shown(run, earlier))
    for key in gone(run, earlier) if earlier else ():
        click.echo(f"not measured any more: {key}")
    click.echo(f"{run.machine}; load before {run.load_before:.1f}; {run.seconds:.0f} s; kept in {out}")


def measured(name: str, sizes: Sizes) -> list[Figure]:
    started, part = time.monotonic(), Part(name)
    click.echo(f"{name} …", err=True, nl=False)
    uvloop.run(importlib.import_module(f"benchmarks.parts.{name}").measure(part, sizes))
    click.echo(f" {time.monotonic() - started:.0f} s", err=True)
    return part.figures


def commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()


if __name__ == "__main__":
    bench()
