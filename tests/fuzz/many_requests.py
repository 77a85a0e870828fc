"""Many generated requests to every address by everybody; what came of them, counted. 1 if anything was found.

Ctrl-C ends it with what it has counted.
"""

import argparse
import asyncio
import os
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import click
from run import Run, resident_mb, running

TOLD_EVERY = 50_000
STEP = 1000
SHOWN = 30


async def many(requests: int, seed: int) -> Run:
    random = Random(seed)  # noqa: S311 - to be the same again
    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - the disk is not what is tested
    with tempfile.TemporaryDirectory(dir=shm) as folder:
        async with running(Path(folder)) as run:
            await run.start()
            told: set[tuple[str, str]] = set()
            began, stop = time.monotonic(), asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
            while run.tally.requests < requests and not stop.is_set():
                await run.go_on(random, min(STEP, requests - run.tally.requests))
                tell_new(run, told)
                if run.tally.requests % TOLD_EVERY == 0 or run.tally.requests in (STEP, 10 * STEP):
                    rate = run.tally.requests / (time.monotonic() - began)
                    size = (Path(folder) / "fuzz.db").stat().st_size / 1e6
                    click.echo(
                        f"{run.tally.requests} requests, {rate:.0f} a second, {resident_mb():.0f} MB resident, "
                        f"state file {size:.0f} MB, {len(run.tally.findings)} findings"
                    )
            return run


def tell_new(run: Run, told: set[tuple[str, str]]) -> None:
    """One finding of each kind and place."""
    for one in run.tally.findings:
        if (kind := (one.kind, one.place)) not in told:
            told.add(kind)
            click.echo(f"FOUND {one}\n")


def table(run: Run) -> None:
    tally = run.tally
    click.echo(f"\n{tally.requests} requests: {dict(sorted(tally.by_class.items()))}")
    for name, counted in sorted(tally.by_place.items()):
        click.echo(f"  {name:75} {counted.total():8} {_row(counted)}")
    click.echo("\nThe other side away, or settings wrong:")
    for told, count in tally.troubles.most_common(SHOWN):
        click.echo(f"  {count:7} {told}")
    click.echo(f"\nSlowest ({tally.late} took over a second once, and not when asked again alone):")
    for seconds, place, request in tally.slowest[:5]:
        click.echo(f"  {seconds:.3f} s {place}: {request[:120]}")
    click.echo(f"\n{len(tally.findings)} findings; {resident_mb():.0f} MB resident")


def _row(counted: Counter[str]) -> str:
    return " ".join(f"{kind} {counted[kind]}" for kind in sorted(counted))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    started = time.process_time()
    run = asyncio.run(many(given.requests, given.seed))
    table(run)
    click.echo(f"{time.process_time() - started:.0f} s of a core")
    raise SystemExit(1 if run.tally.findings else 0)


if __name__ == "__main__":
    main()
