"""``makeready chaos``: see for yourself that nothing is lost and nothing is doubled."""

import asyncio
import json
import logging
import shutil
import tempfile
from pathlib import Path

import click
import msgspec
from makeready.logs import configure
from makeready.orders.settings import Grouping
from makeready.terminal import nested_settings

from makeready_lab.chaos.edges import EDGES
from makeready_lab.chaos.run import Chaos, Plan
from makeready_lab.chaos.weather import WEATHER
from makeready_lab.emulators.registry import PairOfNames, allow_this_machine, name_pair


@click.command()
@click.option(
    "--orders", default=100, show_default=True, type=click.IntRange(1, 100_000), help="How many orders."
)
@click.option(
    "--kills", default=5, show_default=True, type=click.IntRange(0, 1000), help="How many SIGKILLs."
)
@click.option("--seed", default=1, show_default=True, help="Makes the moments and the faults repeatable.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 4),
    help="More than 1: beside the server.",
)
@click.option("--lines", default=1, show_default=True, type=click.IntRange(1, 9), help="Lines of each order.")
@click.option(
    "--grouping",
    type=click.Choice(["line", "order"]),
    default="line",
    show_default=True,
    help="An MIS order for each line, or for each order of the shop.",
)
@click.option(
    "--edge",
    "edges",
    multiple=True,
    type=click.Choice((*EDGES, *WEATHER)),
    help=(
        "Besides: a backup put back, orders that a former bridge has sent, the state file lost, an MIS that finds "
        "nothing whatever is asked, live to test and back, a copy started beside, orders under a number that another "
        "one has. And weather: the clock set by seconds to years and back, a full disk, a write lock longer than the "
        "store waits, the state file deleted or replaced and put back, vendors that answer 503, a flood of webhooks of "
        "orders that no call shows. Repeatable. People then decide of what waits."
    ),
)
@click.option(
    "--switch", "switches", multiple=True, metavar="EMULATOR.NAME=VALUE", help="A fault; repeatable."
)
@click.option(
    "--set", "settings", multiple=True, metavar="CONNECTOR.NAME=VALUE", help="A setting; repeatable."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the state and the logs. Without it they stay only if the promise was broken.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.option("--second-mis", default="", help="Another MIS beside it: every other line is made there.")
@name_pair
def chaos(
    orders: int,
    kills: int,
    seed: int,
    workers: int,
    lines: int,
    grouping: Grouping,
    edges: tuple[str, ...],
    switches: tuple[str, ...],
    settings: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    shop: str,
    mis: str,
    second_mis: str,
) -> None:
    """Send a stream of orders through real processes while they are killed, and count what arrives.

    The emulators run as processes of their own, with the faults that --switch asks for. The verdict is
    counted from what the emulated MIS holds. Exit code 0 only if nothing was lost and nothing doubled.
    """
    if edges and grouping == "order":
        raise click.UsageError("People of --edge decide line by line: leave out --grouping order.")
    if second_mis and (edges or grouping == "order"):
        raise click.UsageError(
            "People of --edge look into one MIS, and keys of --second-mis are by line: leave it out."
        )
    allow_this_machine()
    configure(level=logging.CRITICAL)  # what the former bridge meets is none of the verdict
    folder = out or Path(tempfile.mkdtemp(prefix="makeready-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(
        orders=orders,
        kills=kills,
        seed=seed,
        workers=workers,
        lines=lines,
        grouping=grouping,
        edges=edges,
        pair=PairOfNames(shop=shop, mis=mis),
        second_mis=second_mis,
        switches=_switches(switches),
        settings=nested_settings(settings),
    )
    verdict = asyncio.run(Chaos(plan, folder).run())
    shown = msgspec.to_builtins(verdict)
    if as_json:
        click.echo(json.dumps(shown, indent=2))
    else:
        for name, value in shown.items():
            click.echo(f"{name.replace('_', ' '):<20} {value}")
        click.echo(
            "Kept: nothing lost, nothing doubled." if verdict.kept else f"BROKEN. State and logs: {folder}"
        )
    if not verdict.kept:
        raise SystemExit(1)
    if out is None:
        shutil.rmtree(folder)


def _switches(texts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, _, switch = text.partition(".")
        chosen[name] = (*chosen.get(name, ()), switch)
    return chosen
