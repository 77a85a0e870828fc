"""``makeready orders before-start``, ``include`` and ``dismiss``; ``makeready rehearse``: the first day of a shop."""

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.order import OrderRef

from makeready.access.audit import Act
from makeready.installation import Installation
from makeready.orders import before_start
from makeready.orders.model import LineRow
from makeready.orders.views.rehearse import Rehearsal, rehearse, rehearse_orders
from makeready.outbound.capture import as_data
from makeready.terminal import as_json, print_json, print_table, run, subscriber_argument
from makeready.times import from_seconds

SHOWN = 1000
everything = click.option("--all", "everything", is_flag=True, help="All lines from before our time.")
apart = click.option(
    "--ready-after",
    is_flag=True,
    help="Only lines that became ready after our time began: nobody else can have sent them.",
)
yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command("before-start")
@subscriber_argument
@click.option("--ask-mis", is_flag=True, help="Also ask the MIS whether it has them: some calls each.")
@as_json
@click.pass_obj
def before_start_list(db: Path, subscriber: str, ask_mis: bool, as_json: bool) -> None:
    """List lines from before our time: another system may have sent them, so they are not sent by themselves.

    Our time begins at orders.starts_at of the settings. Include what shall be sent, dismiss the rest.
    """

    async def use(installation: Installation) -> tuple[list[LineRow], Rehearsal | None]:
        found = await installation.subscriber(subscriber)
        lines = await installation.store.beginnings.lines(found.name, limit=SHOWN)
        if not ask_mis:
            return lines, None
        connectors = await installation.connectors(found)
        numbers = dict.fromkeys(line.order_number for line in lines)
        placed = await installation.store.ledger.placed_at(found.name, list(numbers))
        refs = tuple(
            OrderRef(number=one, placed_at=from_seconds(placed[one]) if placed.get(one) else None)
            for one in numbers
        )
        orders = await connectors.read_orders(refs) if refs else ()
        return lines, await rehearse_orders(installation, found, connectors, orders)

    lines, rehearsal = run(db, use)
    if as_json:
        print_json({"lines": lines, "rehearsal": rehearsal and _data(rehearsal)})
        return
    print_table(
        ("order", "line", "product", "reason"),
        [(one.order_number, str(one.line), one.description, one.reason) for one in lines],
        empty="No line is from before our time.",
    )
    if rehearsal is not None:
        _show(rehearsal)


@click.command()
@subscriber_argument
@click.argument("numbers", nargs=-1, metavar="[ORDER]...")
@everything
@apart
@yes
@click.pass_obj
def include(
    db: Path, subscriber: str, numbers: Sequence[str], everything: bool, ready_after: bool, yes: bool
) -> None:
    """Let orders from before our time go to the MIS as any other. It is asked first where it can be."""
    _decide(db, subscriber, numbers, everything, ready_after, yes, "include")


@click.command()
@subscriber_argument
@click.argument("numbers", nargs=-1, metavar="[ORDER]...")
@everything
@apart
@yes
@click.pass_obj
def dismiss(
    db: Path, subscriber: str, numbers: Sequence[str], everything: bool, ready_after: bool, yes: bool
) -> None:
    """Say of orders from before our time that they are not ours to send."""
    _decide(db, subscriber, numbers, everything, ready_after, yes, "dismiss")


def _decide(
    db: Path,
    subscriber: str,
    numbers: Sequence[str],
    everything: bool,
    ready_after: bool,
    yes: bool,
    what: str,
) -> None:
    if not numbers and not everything and not ready_after:
        raise ConfigError(
            "No order is named.", field="order", fix="Name orders, or say --ready-after or --all."
        )
    chosen = before_start.Choice(subscriber=subscriber, orders=tuple(numbers), ready_after=ready_after)

    async def count(installation: Installation) -> int:
        await installation.subscriber(subscriber)
        return await before_start.count(installation, chosen)

    found = run(db, count)
    if not found:
        click.echo("No such line is from before our time.")
        return
    sentence = "will be sent" if what == "include" else "will not be sent"
    if not yes:
        click.confirm(f"{found} line{'s' * (found != 1)} {sentence}. Go on?", abort=True)
    decide = before_start.include if what == "include" else before_start.dismiss
    done = run(
        db,
        lambda installation: decide(installation, chosen, getpass.getuser()),
        Act(action=f"orders {what}", subscriber=subscriber),
    )
    click.echo(f"{done} line{'s' * (done != 1)} {sentence}.")


@click.command("rehearse")
@subscriber_argument
@click.option("--days", default=3, show_default=True, type=click.IntRange(1, 90), help="Of orders.")
@as_json
@click.pass_obj
def rehearsal(db: Path, subscriber: str, days: int, as_json: bool) -> None:
    """Show what would happen with each order of the last days under the settings of today. Nothing is changed.

    Shop and MIS are only read. Run it before orders flow for the first time.
    """

    async def use(installation: Installation) -> Rehearsal:
        found = await installation.subscriber(subscriber)
        now = datetime.fromtimestamp(installation.clock(), UTC)
        return await rehearse(installation, found, now - timedelta(days=days), now + timedelta(hours=1))

    done = run(db, use)
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
            "; ".join(filter(None, (one.reason, *one.differences))),
        )
        for one in done.lines
    ]
    print_table(("order", "outcome", "MIS number", "reason"), lines, empty="No order of the period.")
    counted = ", ".join(f"{count} {outcome}" for outcome, count in done.counts.items())
    asked = "" if done.asked_mis else " The MIS could not be asked what it has."
    click.echo(f"{done.orders} orders: {counted or 'nothing'}.{asked}")
