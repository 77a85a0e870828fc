"""``makeready user provider``: the identity provider through which people may sign in."""

from typing import Any

import click
from makeready.installation import Installation
from makeready.terminal import as_json, print_json, print_table, with_installation
from makeready_hooks.errors import ConfigError

from makeready_admin.provider.model import GroupRule, Provider
from makeready_admin.provider.provider import remove_provider, set_provider
from makeready_admin.provider.title import provider_of
from makeready_admin.users.roles import checked_role


@click.group()
def provider() -> None:
    """Say through which identity provider people may sign in (OpenID Connect). See docs/pages.md."""


@provider.command("set")
@with_installation("identity provider set", target="{issuer}")
@click.option("--title", required=True, help="What people call it: Sign in with ...")
@click.option("--issuer", required=True, help="Its address, exactly as it calls itself.")
@click.option("--client-id", required=True, help="What it calls this installation.")
@click.option("--no-secret", is_flag=True, help="It gave no secret.")
@click.option("--keep-secret", is_flag=True, help="The stored secret stays.")
@click.option("--claim", default="groups", show_default=True, help="In which the rules look.")
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="GROUP=ROLE[:COMPANY]",
    help="Who is in this group has this role. Without any, only who is invited or known may sign in.",
)
async def set_one(
    installation: Installation, rules: tuple[str, ...], no_secret: bool, keep_secret: bool, **given: Any
) -> None:
    """Ask the provider whether it is there, and keep it. The secret is asked for, and kept sealed."""
    found = Provider(**given, rules=tuple(map(_rule, rules)))
    secret = "" if no_secret or keep_secret else _ask()
    await set_provider(installation, found, secret=secret, keep_secret=keep_secret)
    click.echo(f"People can sign in with {found.title}.")


def _ask() -> str:
    try:
        return str(click.prompt("Client secret", hide_input=True))
    except click.Abort:
        raise ConfigError(
            "No secret was given.", field="secret", fix="Type it, or use --no-secret or --keep-secret."
        ) from None


def _rule(text: str) -> GroupRule:
    group, _, rest = text.rpartition("=")
    role, _, company = rest.partition(":")
    if not group:
        raise ConfigError(
            f"{text} is no rule.", field="rule", fix="Write it as in northfield-office=manager:northfield."
        )
    return GroupRule(value=group, role=checked_role(role), subscriber=company)


@provider.command()
@with_installation()
@as_json
async def show(installation: Installation, as_json: bool) -> None:
    """Show it, without its secret."""
    found = await provider_of(installation)
    if as_json:
        members = ("title", "issuer", "client_id", "claim")
        shown = {name: getattr(found, name) for name in members} if found else {}
        rules = [(one.value, one.role, one.subscriber) for one in found.rules] if found else []
        print_json(shown | {"rules": rules} if found else None)
        return
    if found is None:
        click.echo("No identity provider is set.")
        return
    click.echo(f"{found.title}: {found.issuer}, client {found.client_id}, groups in the claim {found.claim}.")
    rows = [(one.value, one.role, one.subscriber or "all") for one in found.rules]
    print_table(("group", "role", "company"), rows, empty="Only who is invited, or is a user already.")


@provider.command()
@with_installation("identity provider remove")
async def remove(installation: Installation) -> None:
    """Remove it. Who has no password signs in again when one is given to them: user password."""
    await remove_provider(installation)
    click.echo("People sign in with name and password.")
