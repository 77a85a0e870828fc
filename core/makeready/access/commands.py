"""``makeready token``: who may use the JSON API."""

from typing import Any

import click
from makeready_hooks.errors import ConfigError

from makeready.access import tokens
from makeready.installation import Installation
from makeready.terminal import as_json, print_json, print_table, with_installation
from makeready.times import format_utc


@click.group()
def token() -> None:
    """Say who may use the JSON API at /api/v1. See docs/api.md."""


@token.command()
@with_installation("token add", target="{name}", makes_file=True)
@click.argument("name")
@click.option("--subscriber", default="", help="The only subscriber that it is for.")
@click.option("--all", "for_all", is_flag=True, help="It is for all subscribers, those of tomorrow too.")
@click.option("--read-only", is_flag=True, help="It may look and change nothing.")
@click.option(
    "--operator", is_flag=True, help="With --all: settings, users, tokens and the audit log as well."
)
@click.option(
    "--expires-days", default=0.0, type=click.FloatRange(0), help="Not valid any more after so many days."
)
async def add(installation: Installation, name: str, subscriber: str, for_all: bool, **rights: Any) -> None:
    """Make a token for NAME and print it. It is shown only now; history names who used it."""
    if bool(subscriber) == for_all:
        raise ConfigError(
            "Say whom the token is for.", field="subscriber", fix="Give --subscriber NAME or --all."
        )
    click.echo(await tokens.make_token(installation, name, subscriber=subscriber, **rights))
    click.echo("Keep it now: it is not shown again.", err=True)


@token.command("list")
@with_installation()
@as_json
async def list_all(installation: Installation, as_json: bool) -> None:
    """List tokens by their names. The tokens themselves are not kept."""
    found = await installation.store.tokens.all()
    if as_json:
        members = ("name", "subscriber", "read_only", "operator", "created_at", "expires_at")
        print_json([{member: getattr(one, member) for member in members} for one in found])
        return
    lines = [
        (
            one.name,
            one.subscriber or "all",
            ", ".join(one.scopes),
            *map(format_utc, (one.created_at, one.expires_at)),
        )
        for one in found
    ]
    headings = ("name", "subscriber", "may", "made (UTC)", "expires (UTC)")
    print_table(headings, lines, empty="There is no token yet. Make one with: makeready token add NAME")


@token.command()
@with_installation("token remove", target="{name}")
@click.argument("name")
async def remove(installation: Installation, name: str) -> None:
    """Remove a token. Whoever has it cannot use the API any more."""
    await tokens.remove_token(installation, name)
    click.echo(f"Removed {name}.")
