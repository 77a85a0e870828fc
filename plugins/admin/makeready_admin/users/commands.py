"""``makeready user``: who may sign in to the pages."""

from pathlib import Path
from typing import Any, get_args

import click
from makeready.access.audit import Act, on_the_command_line
from makeready.installation import Installation
from makeready.terminal import as_json, print_json, print_table, run, with_installation
from makeready.times import format_utc
from makeready_hooks.errors import ConfigError

from makeready_admin.factors import factors
from makeready_admin.factors.store import factors_of
from makeready_admin.invitations.invite import DAYS, MOST_DAYS, invite, withdraw
from makeready_admin.invitations.store import invitations_of
from makeready_admin.provider.commands import provider
from makeready_admin.users import users
from makeready_admin.users.model import UserRole
from makeready_admin.users.store.users import users_of

generate_option = click.option(
    "--generate", is_flag=True, help="Make a password and print it, instead of asking for one."
)


role_option = click.option(
    "--role",
    type=click.Choice(get_args(UserRole)),
    required=True,
    help="viewer: sees one company. manager: sees and changes one. operator: everything, of all companies.",
)
subscriber_option = click.option("--subscriber", default="", help="The company of a manager or viewer.")


@click.group()
def user() -> None:
    """Say who may sign in to the pages at /admin. See docs/pages.md."""


user.add_command(provider)


@user.command()
@click.argument("name")
@role_option
@subscriber_option
@generate_option
@click.pass_obj
def add(db: Path, name: str, role: UserRole, subscriber: str, generate: bool) -> None:
    """Add the user NAME, such as an e-mail address."""
    password = _password(generate)

    async def use(installation: Installation) -> None:
        await users.add_user(installation, name, password, role=role, subscriber=subscriber)

    run(db, use, Act(action="user add", subscriber=subscriber, target=name, detail=role), makes_file=True)
    _tell(f"Added {name}.", password, generate)


@user.command("invite")
@with_installation("user invite", target="{whom}", detail="{role}", makes_file=True)
@click.argument("whom")
@role_option
@subscriber_option
@click.option(
    "--days",
    default=DAYS,
    show_default=True,
    type=click.IntRange(1, MOST_DAYS),
    help="How long the link is good.",
)
@click.option("--mail", is_flag=True, help="Send the link to WHOM, an e-mail address, as well.")
async def invite_somebody(installation: Installation, whom: str, mail: bool, **chosen: Any) -> None:
    """Invite WHOM, an e-mail address or a name, by a link that works once. It is printed only now.

    Whoever opens it chooses a name and a password; role and company are those that are given here.
    """
    made = await invite(installation, whom=whom, mail=mail, by=on_the_command_line().name, **chosen)
    click.echo(made.link)
    if not made.link.startswith("http"):
        click.echo("Put the address of the server before it: its public address is not set.", err=True)
    if made.trouble:
        click.echo(f"It could not be mailed: {made.trouble}", err=True)
    until = format_utc(made.invitation.expires_at)
    mailed = f" It was mailed to {whom}." if made.mailed else ""
    click.echo(f"Hand it over now: it is not shown again. It ends {until} UTC.{mailed}", err=True)


@user.command("invitations")
@with_installation()
@as_json
async def list_invitations(installation: Installation, as_json: bool) -> None:
    """List the invitations that nobody has accepted yet."""
    found, now = await invitations_of(installation).all(), installation.clock()
    if as_json:
        members = ("id", "whom", "role", "subscriber", "invited_by", "made_at", "expires_at")
        print_json([{member: getattr(one, member) for member in members} for one in found])
        return
    lines = [
        (
            str(one.id),
            one.whom,
            one.role,
            one.subscriber or "all",
            one.invited_by,
            format_utc(one.expires_at) if one.expires_at > now else "expired",
        )
        for one in found
    ]
    headings = ("id", "who", "role", "company", "invited by", "until (UTC)")
    print_table(headings, lines, empty="Nobody is invited. Invite somebody with: makeready user invite")


@user.command("withdraw")
@with_installation("user withdraw", target="{number}")
@click.argument("number", type=int, metavar="ID")
async def withdraw_one(installation: Installation, number: int) -> None:
    """Withdraw the invitation ID: its link opens nothing from now on."""
    await withdraw(installation, number)
    click.echo(f"Invitation {number} is withdrawn.")


@user.command("list")
@with_installation()
@as_json
async def list_all(installation: Installation, as_json: bool) -> None:
    """List the users."""
    found, with_factor = await users_of(installation).all(), await factors_of(installation).users()
    if as_json:
        members = ("name", "role", "subscriber", "disabled", "created_at", "password_at")
        print_json(
            [
                {member: getattr(one, member) for member in members}
                | {"second_factor": one.name in with_factor}
                for one in found
            ]
        )
        return
    lines = [
        (
            one.name,
            one.role,
            one.subscriber or "all",
            "no" if one.disabled else "yes",
            "yes" if one.name in with_factor else "no",
            format_utc(one.password_at),
        )
        for one in found
    ]
    headings = ("name", "role", "company", "may sign in", "second factor", "password set (UTC)")
    print_table(
        headings, lines, empty="There is no user yet. Add one with: makeready user add NAME --role operator"
    )


@user.command()
@click.argument("name")
@generate_option
@click.pass_obj
def password(db: Path, name: str, generate: bool) -> None:
    """Give the user NAME a new password. It ends all sessions of the user."""
    given = _password(generate)

    async def use(installation: Installation) -> Any:
        await users.set_password(installation, name, given)

    run(db, use, Act(action="user password", target=name))
    _tell(f"{name} has a new password.", given, generate)


@user.command()
@with_installation("user role", target="{name}", detail="{role}")
@click.argument("name")
@role_option
@subscriber_option
async def role(installation: Installation, name: str, role: UserRole, subscriber: str) -> None:
    """Give the user NAME another role."""
    await users.change_role(installation, name, role=role, subscriber=subscriber)
    click.echo(f"{name} is {role} now.")


@user.command()
@with_installation("user disable", target="{name}")
@click.argument("name")
async def disable(installation: Installation, name: str) -> None:
    """End all sessions of the user NAME, who cannot sign in until that is taken back."""
    await users.disable_user(installation, name)
    click.echo(f"{name} cannot sign in.")


@user.command()
@with_installation("user enable", target="{name}")
@click.argument("name")
async def enable(installation: Installation, name: str) -> None:
    """Let the user NAME sign in again."""
    await users.disable_user(installation, name, disabled=False)
    click.echo(f"{name} can sign in again.")


@user.command()
@with_installation("user remove", target="{name}")
@click.argument("name")
async def remove(installation: Installation, name: str) -> None:
    """Remove the user NAME, and end all sessions of the user."""
    await users.remove_user(installation, name)
    click.echo(f"Removed {name}.")


@user.command("remove-factors")
@with_installation("user remove-factors", target="{name}")
@click.argument("name")
async def remove_factors(installation: Installation, name: str) -> None:
    """Remove the second factors of the user NAME, who has lost them. It ends all sessions of the user.

    The password alone signs in again, until the user sets up another. Make sure that it is the user who asks.
    """
    count = await factors.remove_factors(installation, name)
    click.echo(f"{name} had {count} second factor{'' if count == 1 else 's'}, and has none now.")


@user.command("require-factor")
@with_installation("second factor required", target="{who}")
@click.argument("who", type=click.Choice(["operators", "nobody"]))
async def require_factor(installation: Installation, who: str) -> None:
    """Say who must have a second factor: operators, or nobody.

    An operator who has none sets it up right after the password, and can do nothing else before.
    """
    await factors.require(installation, who == factors.OPERATORS)
    click.echo(f"A second factor is a must for {who}.")


def _password(generate: bool) -> str:
    if generate:
        return users.new_password()
    try:
        given: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    except click.Abort:
        raise ConfigError(
            "No password was given.", field="password", fix="Type one, or use --generate."
        ) from None
    return given


def _tell(done: str, password: str, generated: bool) -> None:
    click.echo(done, err=generated)
    if generated:
        click.echo(password)
        click.echo("Keep it now: it is not shown again.", err=True)
