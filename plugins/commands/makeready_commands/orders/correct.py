"""``makeready orders correct``: values of a rejected order are corrected, and it is sent again."""

import getpass
from collections.abc import Sequence

import click
from makeready.access.audit import Act, audited, on_the_command_line
from makeready.installation import Installation
from makeready.orders.corrections.correct import correct_and_send, find_correctable
from makeready.orders.corrections.model import Correction
from makeready.orders.corrections.rules import correctable, words_for
from makeready.orders.decisions import Decision
from makeready.subscribers.model import Subscriber
from makeready.terminal import with_subscriber
from makeready_hooks.errors import ConfigError
from msgspec import structs


@click.command()
@with_subscriber()
@click.argument("key", metavar="NUMBER-LINE")
@click.option(
    "given",
    "--set",
    multiple=True,
    metavar="NAME=VALUE",
    help='A value of the list that is shown without --set: customer=ALEY001, "1.ship_to.address.line1=Unit 5".',
)
async def correct(
    installation: Installation, subscriber: Subscriber, key: str, given: tuple[str, ...]
) -> None:
    """Correct values of a rejected line, such as 6994-1, for this order alone, and send it again.

    Without --set nothing is changed: it lists what can be corrected, with what the shop shows.
    """
    decision = Decision(subscriber=subscriber.name, key=key, actor=getpass.getuser())
    found = await find_correctable(installation, decision)
    values = {_name(one): one for one in correctable(found.order, found.mis, found.corrections)}
    if not given:
        for name, one in values.items():
            click.echo(
                f"{name:<32} {one.value or '-'}{f'   (shop: {one.was})' if one.value != one.was else ''}"
            )
        return
    wanted = _wanted(values, given)
    act = Act(action="orders correct", subscriber=subscriber.name, target=key)
    async with audited(installation, on_the_command_line(), act):
        await correct_and_send(installation, decision, wanted)
    for one in wanted:
        click.echo(f"{words_for(one)}: {one.value}")
    click.echo(f"{key} will be sent again with it.")


def _name(one: Correction) -> str:
    return f"{one.line}.{one.member}" if one.line else one.member


def _wanted(values: dict[str, Correction], given: Sequence[str]) -> list[Correction]:
    wanted = []
    for text in given:
        name, found, value = text.partition("=")
        if not found or name not in values:
            raise ConfigError(
                f"{text} is no value that can be corrected.", field="--set", fix="See them without --set."
            )
        wanted.append(structs.replace(values[name], value=value))
    return wanted
