"""Many lives with edges, each with another MIS and other faults; what came of them, counted. 1 if any broke the promise."""

import argparse
import logging
import time
from collections import Counter

import click
import structlog
from lives import DUPLICATES, FILTER, live, mis
from makeready_lab.simulation.faults import EDGES, EDGY
from makeready_lab.simulation.outcome import Outcome
from makeready_lab.simulation.plan import Pair
from makeready_lab.simulation.virtual_time import run_in_virtual_time
from makeready_lab.simulation.weather import LASTS_S
from msgspec.structs import replace

ORDERS = 5
WEATHER = 0.02
QUESTIONS = ("finds", "none", "finds nothing")
TOLD_EVERY = 500


def mis_of(seed: int) -> Pair:
    question = QUESTIONS[seed % len(QUESTIONS)]
    return mis(
        DUPLICATES[seed // len(QUESTIONS) % len(DUPLICATES)],
        "" if question == "none" else FILTER,
        finds_nothing=question == "finds nothing",
    )


def is_kept(outcome: Outcome) -> bool:
    faults = (outcome.lost, outcome.doubled, outcome.unsettled, outcome.parked, outcome.same_number)
    return not any(faults) and sorted(outcome.in_mis) == sorted(outcome.expected)


class Tally:
    def __init__(self) -> None:
        self.lives = 0
        self.counted: Counter[str] = Counter()
        self.decided: Counter[str] = Counter()
        self.edges: Counter[str] = Counter()
        self.weather: Counter[str] = Counter()
        self.late_s = 0.0
        self.broken: list[int] = []

    def add(self, outcome: Outcome) -> None:
        self.lives += 1
        self.counted["orders"] += len(outcome.expected)
        self.counted["lost"] += len(set(outcome.expected) - set(outcome.in_mis))
        self.counted["doubled"] += len(outcome.doubled)
        self.counted["crashes"] += outcome.crashes
        self.counted["marked on the other of a number"] += outcome.mismarked
        self.decided.update(outcome.decided)
        self.edges.update({one: outcome.troubles.get(one, 0) for one in (*EDGES, "same_number")})
        self.weather.update({one: outcome.troubles.get(one, 0) for one in LASTS_S})
        if any(one in outcome.troubles for one in LASTS_S):
            self.late_s = max(self.late_s, outcome.late_s)
        if not is_kept(outcome):
            self.broken.append(outcome.seed)
            click.echo(f"BROKEN: {outcome}")

    def tell(self) -> None:
        click.echo(f"{self.lives} lives: {dict(self.counted)}; edges: {dict(self.edges)}")
        click.echo(
            f"weather: {dict(self.weather)}; all was done and decided {self.late_s:.0f} s after its end at the latest"
        )
        click.echo(f"people decided: {dict(self.decided)}")


async def one_life(seed: int) -> Outcome:
    """In every fourth one the lines of an order go together; in every third one there is weather."""
    odds = EDGY if seed % 3 else replace(EDGY, weather=WEATHER)
    if seed % 4:
        return await live(seed, mis_of(seed // 3 if seed % 3 == 0 else seed), odds=odds, orders=ORDERS)
    apart = replace(odds, same_number=0.0)  # who shares a number has one line there
    return await live(seed, mis_of(seed), odds=apart, orders=ORDERS, lines=2, grouping="order")


async def many(lives: int, seed: int) -> Tally:
    tally = Tally()
    for one in range(seed, seed + lives):
        tally.add(await one_life(one))
        if tally.lives % TOLD_EVERY == 0:
            tally.tell()
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the first; each other has the next")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    started = time.process_time()
    tally = run_in_virtual_time(many(given.lives, given.seed))
    tally.tell()
    click.echo(f"{time.process_time() - started:.0f} s of a core")
    raise SystemExit(1 if tally.broken else 0)


if __name__ == "__main__":
    main()
