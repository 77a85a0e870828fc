"""``makeready orders accept`` and ``take-back``: a person says that an order is in the MIS, and that it is not."""

import getpass

import click
from makeready.access.audit import Act, audited, on_the_command_line
from makeready.installation import Installation
from makeready.orders import by_hand
from makeready.orders.by_hand import InMis
from makeready.orders.decisions import Decision
from makeready.subscribers.model import Subscriber
from makeready.terminal import with_subscriber
from makeready_hooks.model.submission import OrderContents

key_argument = click.argument("key", metavar="NUMBER-LINE")


@click.command()
@with_subscriber()
@key_argument
@click.option(
    "--as", "mis_number", required=True, metavar="MIS-NUMBER", help="The order's number in the MIS."
)
@click.option("--unseen", is_flag=True, help="It is there although the MIS does not show it.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask after showing what the MIS has.")
async def accept(
    installation: Installation, subscriber: Subscriber, key: str, mis_number: str, unseen: bool, yes: bool
) -> None:
    """Say that a parked or refused line is in the MIS. The shop's item gets its number.

    The number is looked up where the MIS can be asked, and what it shows is compared with ours, before
    anything is kept. To undo it: makeready orders take-back.
    """
    decision = Decision(subscriber=subscriber.name, key=key, actor=getpass.getuser())
    found = await by_hand.compare_with_mis(installation, decision, mis_number)
    _show(found)
    must_be_right = found.found is not None or unseen or not found.asked
    if must_be_right and not (yes or click.confirm("Accept it under this number?")):
        click.echo("Nothing was changed.")
        return
    act = Act(action="orders accept", subscriber=subscriber.name, target=key, detail=mis_number)
    async with audited(installation, on_the_command_line(), act):
        await by_hand.accept_as(installation, decision, mis_number, unseen=unseen)
    click.echo(f"{key} is accepted as {mis_number.strip()}.")


def _show(found: InMis) -> None:
    if not found.asked:
        click.echo(f"The MIS cannot be asked: nobody can check whether it has {found.number}.")
    elif found.found is not None:
        click.echo(f"{found.found.label} in the MIS:  {_contents(found.found.contents)}")
    click.echo(f"ours:  {_contents(found.ours)}")
    for text in found.differences:
        click.echo(f"  different: {text}")


def _contents(contents: OrderContents) -> str:
    lines = ", ".join(f"{one.quantity} x {one.product_id}" for one in contents.lines or ())
    total = "" if contents.total is None else f"total {contents.total}"
    return "; ".join(filter(None, (contents.customer, lines, total))) or "it does not tell what it is about"


@click.command("take-back")
@with_subscriber("orders take-back", target="{key}")
@key_argument
async def take_back(installation: Installation, subscriber: Subscriber, key: str) -> None:
    """Take back that a line is in the MIS, as a person had said. It waits again as before; nothing is sent."""
    decision = Decision(subscriber=subscriber.name, key=key, actor=getpass.getuser())
    await by_hand.take_back(installation, decision)
    click.echo(
        f"{key} is not in the MIS: it waits again. Its history says what became of the number in the shop."
    )
