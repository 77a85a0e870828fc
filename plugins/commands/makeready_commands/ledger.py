"""``makeready ledger``: what is known of the ledger's life, and what a person says of it."""

import getpass

import click
from makeready.installation import Installation
from makeready.orders.life import check_in
from makeready.terminal import as_json, print_json, print_table, with_installation
from makeready.times import format_utc


@click.group()
def ledger() -> None:
    """Say that the state file was restored, or that this installation takes over from another one.

    A state file that was put back or copied does not know all that was sent. That is noticed at the start, by a small
    file beside it; where it cannot be, say it here.
    """


@ledger.command()
@with_installation()
@as_json
async def show(installation: Installation, as_json: bool) -> None:
    """Show when the ledger was restored, copied or taken over."""
    found = await installation.store.lives.breaks()
    if as_json:
        print_json(found)
        return
    print_table(
        ("time (UTC)", "what", "cause", "by"),
        [(format_utc(one.at), one.kind.value, one.cause, one.actor) for one in found],
        empty="The ledger has witnessed all that was sent.",
    )


@ledger.command("mark-restored")
@with_installation("ledger mark-restored", detail="{reason}")
@click.option("--reason", default="a person said so", help="Kept in its history.")
async def mark_restored(installation: Installation, reason: str) -> None:
    """Say that the ledger may not know all that was sent until now.

    Orders placed before now that it did not send itself are looked for in the MIS before they are sent. Where it cannot
    be asked, they wait for a decision.
    """
    await check_in.mark_restored(installation, getpass.getuser(), reason)
    click.echo("Orders placed before now are looked for in the MIS before they are sent.")


@ledger.command("take-over")
@with_installation("ledger take-over")
async def take_over(installation: Installation) -> None:
    """Say that no other instance works on a copy of this state file: what was stopped goes on.

    First stop the other one. Two that work on the same shop would send each order twice.
    """
    await check_in.take_over(installation, getpass.getuser())
    click.echo("This installation goes on. Orders placed before now are looked for in the MIS first.")
