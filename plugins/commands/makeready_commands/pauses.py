"""``makeready pause``: let orders, prices, products, stock or write-back wait."""

import getpass
from collections.abc import Sequence

import click
from makeready.engine import pauses
from makeready.engine.model import Flow, Pause
from makeready.installation import Installation
from makeready.terminal import as_json, print_json, print_table, with_installation
from makeready.times import format_utc, parse_time

flow_option = click.option(
    "--flow",
    "flows",
    multiple=True,
    type=click.Choice([one.value for one in Flow]),
    help="What is paused; without it all but prices. Repeatable.",
)
name_argument = click.argument("subscriber", required=False, default="")


@click.group()
def pause() -> None:
    """Let orders, prices, products, stock or write-back wait, of one company or of all.

    What comes in meanwhile is kept, and goes when the pause ends. A buyer who asks for a price while prices are paused
    is told that there is none just now.
    """


@pause.command()
@with_installation("pause begin", detail="{flows}: {reason}")
@name_argument
@flow_option
@click.option("--reason", required=True, help="Why; shown to whoever finds it.")
@click.option("--until", default="", help="When it ends by itself: 2026-03-02T09:15:00Z.")
async def begin(
    installation: Installation, subscriber: str, flows: Sequence[str], reason: str, until: str
) -> None:
    """Pause SUBSCRIBER, or all companies if none is named."""
    chosen = tuple(map(Flow, flows)) or pauses.ALL_BUT_PRICES
    end = parse_time(until, field="until") or 0.0
    await pauses.pause(installation, subscriber, chosen, reason=reason, actor=getpass.getuser(), until=end)
    click.echo(f"Paused: {', '.join(chosen)}, {subscriber or 'all companies'}.")


@pause.command()
@with_installation("pause end", detail="{flows}")
@name_argument
@flow_option
async def end(installation: Installation, subscriber: str, flows: Sequence[str]) -> None:
    """Let flow again what was paused of SUBSCRIBER, or for all companies if none is named."""
    await pauses.resume(installation, subscriber, tuple(map(Flow, flows)) or tuple(Flow))
    click.echo(f"{subscriber or 'All companies'}: it flows again.")


@pause.command("list")
@with_installation()
@as_json
async def list_all(installation: Installation, as_json: bool) -> None:
    """List what is paused."""
    found = await installation.store.pauses.all(installation.clock())
    if as_json:
        print_json(found)
        return
    headings = ("company", "what", "since (UTC)", "until", "by", "reason")
    print_table(headings, list(map(_row, found)), empty="Nothing is paused.")


def _row(one: Pause) -> tuple[str, ...]:
    since, until = format_utc(one.since), format_utc(one.until)
    return (one.subscriber or "(all)", one.flow.value, since, until, one.actor, one.reason)
