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
from benchmarks.sizes import Sizes
from benchmarks.table import gone, shown
from makeready.logs import configure

PARTS = ("intake", "orders")
ROOT = Path(__file__).parents[2]


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option(
    "--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An earlier run."
)
@click.option("--out", default=ROOT / "out" / "bench.json", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rounds", default=Sizes().rounds, show_default=True, type=click.IntRange(1, 50))
@click.option("--seconds", default=Sizes().seconds, show_default=True, help="Of load in each round.")
@click.option("--orders", default=Sizes().orders, show_default=True, help="That come at once.")
@click.option(
    "--workers", multiple=True, type=click.IntRange(1, 16), help="Processes that do the work; repeatable."
)
@click.option("--per-s", default=Sizes().per_s, show_default=True, help="Orders that come one by one.")
@click.option("--trickle-s", default=Sizes().trickle_s, show_default=True, help="For so long.")
def bench(
    parts: tuple[str, ...],
    against: Path | None,
    out: Path,
    rounds: int,
    seconds: float,
    orders: int,
    workers: tuple[int, ...],
    per_s: float,
    trickle_s: float,
) -> None:
    """Measure PARTS, or all, print a table, and keep the figures as JSON."""
    configure()
    sizes = Sizes(
        rounds=rounds,
        seconds=seconds,
        orders=orders,
        workers=workers or Sizes().workers,
        per_s=per_s,
        trickle_s=trickle_s,
    )
    earlier = Run.read(against) if against else None
    began, load_before, started = datetime.now(UTC), os.getloadavg()[0], time.monotonic()
    figures: list[Figure] = []
    for name in parts or PARTS:
        figures += measured(name, sizes)
    run = Run(
        commit=commit(),
        began=began.isoformat(timespec="seconds"),
        machine=f"{os.cpu_count()} cores, Python {platform.python_version()}",
        load_before=load_before,
        seconds=round(time.monotonic() - started, 1),
        figures=tuple(figures),
    )
    run.save(out)
    click.echo(shown(run, earlier))
    for key in gone(run, earlier) if earlier else ():
        click.echo(f"not measured any more: {key}")
    click.echo(f"{run.machine}; load before {load_before:.1f}; {run.seconds:.0f} s; kept in {out}")


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
