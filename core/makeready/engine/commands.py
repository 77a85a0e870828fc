"""``makeready pause``: let orders, prices, products, stock or write-back wait."""

import getpass
from collections.abc import Sequence
from pathlib import Path

import click

from makeready.access.audit import Act
from makeready.engine import pauses
from makeready.engine.model import Flow, Pause
from makeready.installation import Installation
from makeready.terminal import as_json, print_json, print_table, run
from makeready.times import format_utc, parse_time

flow_option = click.option(
    "--flow",
    "flows",
    multiple=True,
    type=click.Choice([one.value for one in Flow]),
    help="What is paused; without it all but prices. Repeatable.",
)
name_argument = click.argument("subscriber", required=False, default="")
ALL_BUT_PRICES = tuple(one for one in Flow if one is not Flow.PRICES)


@click.group()
def pause() -> None:
    """Let orders, prices, products, stock or write-back wait, of one company or of all.

    What comes in meanwhile is kept, and goes when the pause ends. A buyer who asks for a price while prices are paused
    is told that there is none just now.
    """


@pause.command()
@name_argument
@flow_option
@click.option("--reason", required=True, help="Why; shown to whoever finds it.")
@click.option("--until", default="", help="When it ends by itself: 2026-03-02T09:15:00Z.")
@click.pass_obj
def begin(db: Path, subscriber: str, flows: Sequence[str], reason: str, until: str) -> None:
    """Pause SUBSCRIBER, or all companies if none is named."""
    chosen = tuple(map(Flow, flows)) or ALL_BUT_PRICES
    end = parse_time(until, field="until") or 0.0

    async def use(installation: Installation) -> None:
        await pauses.pause(
            installation, subscriber, chosen, reason=reason, actor=getpass.getuser(), until=end
        )

    run(db, use, Act(action="pause begin", subscriber=subscriber, detail=f"{', '.join(chosen)}: {reason}"))
    click.echo(f"Paused: {', '.join(chosen)}, {subscriber or 'all companies'}.")


@pause.command()
@name_argument
@flow_option
@click.pass_obj
def end(db: Path, subscriber: str, flows: Sequence[str]) -> None:
    """Let flow again what was paused of SUBSCRIBER, or for all companies if none is named."""
    chosen = tuple(map(Flow, flows)) or tuple(Flow)

    async def use(installation: Installation) -> int:
        return await pauses.resume(installation, subscriber, chosen)

    run(db, use, Act(action="pause end", subscriber=subscriber, detail=", ".join(chosen)))
    click.echo(f"{subscriber or 'All companies'}: it flows again.")


@pause.command("list")
@as_json
@click.pass_obj
def list_all(db: Path, as_json: bool) -> None:
    """List what is paused."""

    async def use(installation: Installation) -> list[Pause]:
        return await installation.store.pauses.all(installation.clock())

    found = run(db, use)
    if as_json:
        print_json(found)
        return
    lines = [
        (
            one.subscriber or "(all)",
            one.flow.value,
            format_utc(one.since),
            format_utc(one.until),
            one.actor,
            one.reason,
        )
        for one in found
    ]
    print_table(
        ("company", "what", "since (UTC)", "until", "by", "reason"), lines, empty="Nothing is paused."
    )
