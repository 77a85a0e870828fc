"""``makeready orders amend``: what the shop has changed of an order is given to the MIS that has it."""

import getpass

import click
from makeready.access.audit import Act, audited, on_the_command_line
from makeready.installation import Installation
from makeready.orders import decisions
from makeready.subscribers.model import Subscriber
from makeready.terminal import with_subscriber
from makeready_amend import amend as story


@click.command()
@with_subscriber()
@click.argument("key", metavar="NUMBER-LINE")
@click.option("--yes", "-y", is_flag=True, help="Do not ask after showing the difference.")
async def amend(installation: Installation, subscriber: Subscriber, key: str, yes: bool) -> None:
    """Have the MIS change or cancel an accepted line, such as 6994-1, as the shop shows it now.

    The difference to what was sent is shown first. It is done by the server, once, where the MIS takes changes.
    """
    decision = decisions.Decision(subscriber=subscriber.name, key=key, actor=getpass.getuser())
    offer = await story.offer_amendment(installation, decision)
    for text in offer.differences:
        click.echo(text)
    question = "Change it so in the MIS?" if offer.sent else "Cancel it in the MIS?"
    if not (yes or click.confirm(question)):
        click.echo("Nothing was changed.")
        return
    act = Act(action="orders amend", subscriber=subscriber.name, target=key)
    async with audited(installation, on_the_command_line(), act):
        await story.amend(installation, decision, offer.seen)
    click.echo(f"{key} will be {'changed' if offer.sent else 'cancelled'} in the MIS.")
