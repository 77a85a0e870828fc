"""A year of one installation in virtual time, with all that happens to a machine in a corner; and what people were told."""

import argparse
import logging
import time
from datetime import UTC, datetime
from typing import Any

import click
import structlog
from lives import SHOP, mis
from makeready.storage.errors import StateFileError
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_inspect.alarms import alarms
from makeready_lab.simulation.edges import NAME
from makeready_lab.simulation.faults import Odds
from makeready_lab.simulation.outcome import Outcome
from makeready_lab.simulation.plan import Term
from makeready_lab.simulation.run import START, Simulation
from makeready_lab.simulation.virtual_time import run_in_virtual_time
from makeready_lab.simulation.weather import (
    CLOCK,
    DISK_FULL,
    LOCKED,
    MIS_AWAY,
    REPLACED,
    SHOP_AWAY,
    UNKNOWN,
    YEAR_S,
)  # fmt: skip

DAY_S = 86_400.0
BY_YEAR = {CLOCK: 12, DISK_FULL: 4, LOCKED: 12, REPLACED: 4, MIS_AWAY: 50, SHOP_AWAY: 30, UNKNOWN: 12}
ODDS = Odds(
    no_connection=0.002, lost_before=0.001, lost_after=0.002, late=0.002, crash_before_call=0.0001,
    crash_after_call=0.0001, crash_before_commit=0.0001, crash_after_commit=0.0001,
)  # fmt: skip
WEBHOOKS_THAT_COME = 0.995
LOOK_EVERY_S = 900.0
RECONCILE_EVERY_S = 1800.0
"""The default is 300; so a year costs minutes."""
LONGEST = 8
SETTLED = """select count(*) as n from order_lines
    where subscriber = ? and state in ('accepted', 'parked', 'refused', 'ignored', 'cancelled')"""
WAITING = """select order_number, line, (select cause from history h where h.subscriber = l.subscriber
        and h.order_number = l.order_number and h.line = l.line order by id desc limit 1) as cause
    from order_lines l where subscriber = ? and state in ('parked', 'refused')"""


class People:
    """What they were told, and how long orders were behind."""

    def __init__(self) -> None:
        self.told: list[tuple[float, str]] = []
        self.behind: list[tuple[float, float]] = []
        """For how long there was always an order that was not done yet, and until when."""
        self._active: dict[str, str] = {}
        self._looked_at = 0.0
        self._behind_since = 0.0

    async def look(self, life: Simulation) -> None:
        database: Any = life.installation.store.database
        [[settled]] = await database.read(lambda db: db.execute(SETTLED, [NAME]).fetchall())
        if settled < life.moved:
            self._behind_since = self._behind_since or life.true_time()
        elif self._behind_since:
            self.behind.append((life.true_time() - self._behind_since, life.true_time()))
            self._behind_since = 0.0
        if life.true_time() - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = life.true_time()
            await self._tell(life, database)

    async def _tell(self, life: Simulation, database: Any) -> None:
        """As the watch does, and the alerts of single orders."""
        try:
            subscriber = await life.installation.subscriber(NAME)
            facts = await collect_inputs(life.installation, subscriber)
        except StateFileError:
            return
        now = {one.topic: one.title for one in alarms(subscriber, facts)}
        rows = await database.read(lambda db: db.execute(WAITING, [NAME]).fetchall())
        now |= {
            f"{number}-{line}": f"{number}-{line} waits for a person: {cause}" for number, line, cause in rows
        }
        at = life.true_time()
        self.told += [(at, title) for topic, title in now.items() if topic not in self._active]
        self.told += [(at, f"over: {title}") for topic, title in self._active.items() if topic not in now]
        self._active = now


def live_long(seed: int, days: float, orders: int, share: float = 1.0) -> tuple[Outcome, People, Simulation]:
    """``share``: of the weather's rates; more than 1 for a short life."""
    people = People()
    term = Term(
        lasts_s=days * DAY_S,
        weather={kind: times * share for kind, times in BY_YEAR.items()},
        webhooks_that_come=WEBHOOKS_THAT_COME,
        most_spells=10_000,
        most_steps=10_000_000,
        orders={"reconcile_every_s": RECONCILE_EVERY_S},
        look=people.look,
    )
    life = Simulation(seed, SHOP, mis(), part_number="117-2284", orders=orders, odds=ODDS, term=term)
    return run_in_virtual_time(life.run()), people, life


def moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d %b %H:%M")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=float, default=YEAR_S / DAY_S)
    parser.add_argument("--orders", type=int, default=1500)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    started = time.process_time()
    outcome, people, life = live_long(given.seed, given.days, given.orders)
    click.echo(
        f"{given.days:g} days from {moment(START)}: {len(outcome.expected)} orders, {outcome.crashes} crashes"
    )
    weather = life.weather.told if life.weather else []
    lines = [(since, f"        {kind} until {moment(until)}") for since, until, kind in weather]
    lines += [(at, f"TOLD    {text}") for at, text in people.told]
    for at, text in sorted(lines):
        click.echo(f"{moment(at)}  {text}")
    longest = sorted(people.behind, reverse=True)[:LONGEST]
    click.echo(
        "longest behind: " + ", ".join(f"{lasted / 60:.0f} min until {moment(at)}" for lasted, at in longest)
    )
    broken = [*outcome.lost, *outcome.doubled, *outcome.unsettled]
    click.echo(
        f"lost {len(outcome.lost)}, doubled {len(outcome.doubled)}, undecided {len(outcome.unsettled)}, "
        f"wait for a person {len(outcome.parked)}; {time.process_time() - started:.0f} s of a core"
    )
    raise SystemExit(1 if broken else 0)


if __name__ == "__main__":
    main()
