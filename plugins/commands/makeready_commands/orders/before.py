"""``makeready orders before-start``, ``include`` and ``dismiss``; ``makeready rehearse``: the first day of a shop."""

import getpass
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import click
from makeready.installation import Installation
from makeready.orders import before_start
from makeready.outbound.capture import as_data
from makeready.subscribers.model import Subscriber
from makeready.terminal import as_json, print_json, print_table, with_subscriber
from makeready.times import from_seconds
from makeready_hooks.errors import ConfigError
from makeready_inspect.rehearse import Rehearsal, rehearse, rehearse_known

SHOWN = 1000
every_line = click.option("--all", "everything", is_flag=True, help="All lines from before our time.")
apart = click.option(
    "--ready-after",
    is_flag=True,
    help="Only lines that became ready after our time began: nobody else can have sent them.",
)
yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command("before-start")
@with_subscriber()
@click.option("--ask-mis", is_flag=True, help="Also ask the MIS whether it has them: some calls each.")
@as_json
async def before_start_list(
    installation: Installation, subscriber: Subscriber, ask_mis: bool, as_json: bool
) -> None:
    """List lines from before our time: another system may have sent them, so they are not sent by themselves.

    Our time begins at orders.starts_at of the settings. Include what shall be sent, dismiss the rest.
    """
    everything = before_start.Choice(subscriber=subscriber.name)
    lines = await before_start.lines(installation, everything, limit=SHOWN)
    played = await rehearse_known(installation, subscriber, lines) if ask_mis else None
    if as_json:
        print_json({"lines": lines, "rehearsal": played and _data(played)})
        return
    print_table(
        ("order", "line", "product", "reason"),
        [(one.order_number, str(one.line), one.description, one.reason) for one in lines],
        empty="No line is from before our time.",
    )
    if played is not None:
        _show(played)


@click.command()
@with_subscriber("orders include", target="{numbers}")
@click.argument("numbers", nargs=-1, metavar="[ORDER]...")
@every_line
@apart
@yes
async def include(installation: Installation, subscriber: Subscriber, **chosen: Any) -> None:
    """Let orders from before our time go to the MIS as any other. It is asked first where it can be."""
    await _decide(installation, subscriber, "will be sent", before_start.include, **chosen)


@click.command()
@with_subscriber("orders dismiss", target="{numbers}")
@click.argument("numbers", nargs=-1, metavar="[ORDER]...")
@every_line
@apart
@yes
async def dismiss(installation: Installation, subscriber: Subscriber, **chosen: Any) -> None:
    """Say of orders from before our time that they are not ours to send."""
    await _decide(installation, subscriber, "will not be sent", before_start.dismiss, **chosen)


async def _decide(
    installation: Installation,
    subscriber: Subscriber,
    sentence: str,
    decide: Callable[[Installation, before_start.Choice, str], Awaitable[int]],
    *,
    numbers: tuple[str, ...],
    everything: bool,
    ready_after: bool,
    yes: bool,
) -> None:
    """Raises ConfigError if nothing is chosen."""
    if not numbers and not everything and not ready_after:
        raise ConfigError(
            "No order is named.", field="order", fix="Name orders, or say --ready-after or --all."
        )
    choice = before_start.Choice(subscriber=subscriber.name, orders=numbers, ready_after=ready_after)
    found = await before_start.count(installation, choice)
    if not found:
        click.echo("No such line is from before our time.")
        return
    if not yes:
        click.confirm(f"{_lines(found)} {sentence}. Go on?", abort=True)
    done = await decide(installation, choice, getpass.getuser())
    click.echo(f"{_lines(done)} {sentence}.")


def _lines(count: int) -> str:
    return f"{count} line{'s' * (count != 1)}"


@click.command("rehearse")
@with_subscriber()
@click.option("--days", default=3, show_default=True, type=click.IntRange(1, 90), help="Of orders.")
@as_json
async def rehearsal(installation: Installation, subscriber: Subscriber, days: int, as_json: bool) -> None:
    """Show what would happen with each order of the last days under the settings of today. Nothing is changed.

    Shop and MIS are only read. Run it before orders flow for the first time.
    """
    now = from_seconds(installation.clock())
    done = await rehearse(installation, subscriber, now - timedelta(days=days), now + timedelta(hours=1))
    if as_json:
        print_json(_data(done))
    else:
        _show(done)


def _data(done: Rehearsal) -> dict[str, object]:
    lines = [
        {
            **{name: getattr(one, name) for name in one.__struct_fields__ if name != "payload"},
            "payload": as_data(one.payload) if one.payload else None,
        }
        for one in done.lines
    ]
    return {"orders": done.orders, "asked_mis": done.asked_mis, "counts": done.counts, "lines": lines}


def _show(done: Rehearsal) -> None:
    lines = [
        (
            one.key or f"{one.order}-{one.lines[0]}" if one.lines else one.order,
            one.outcome,
            one.mis_number,
            "; ".join(filter(None, (one.reason, *one.differences, *one.money))),
        )
        for one in done.lines
    ]
    print_table(("order", "outcome", "MIS number", "reason"), lines, empty="No order of the period.")
    counted = ", ".join(f"{count} {outcome}" for outcome, count in done.counts.items())
    asked = "" if done.asked_mis else " The MIS could not be asked what it has."
    click.echo(f"{done.orders} orders: {counted or 'nothing'}.{asked}")
