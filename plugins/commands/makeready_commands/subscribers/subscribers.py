"""``makeready subscriber``: set up the printing companies that use this installation."""

import getpass
import tomllib
from pathlib import Path
from typing import Any

import click
import tomli_w
from makeready.access.audit import Act, audited, on_the_command_line
from makeready.installation import Installation
from makeready.subscribers import changes
from makeready.subscribers.model import Subscriber
from makeready.subscribers.setup import install as setup_install
from makeready.subscribers.setup.addresses import addresses_of, renew_addresses
from makeready.terminal import (
    as_json,
    nested_settings,
    print_json,
    print_table,
    with_installation,
    with_subscriber,
)
from makeready.times import format_utc
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.setup import State
from makeready_inspect import order_test
from makeready_inspect.check import check_subscriber


@click.group()
def subscriber() -> None:
    """Set up the printing companies that use this installation."""


@subscriber.command()
@with_installation("subscriber add", subscriber="{name}", makes_file=True)
@click.argument("name")
@click.option(
    "--external-user-id", type=int, required=True, help="Your number for the subscriber; begins part numbers."
)
@click.option("--title", default="", help="The company's name.")
@click.option("--environment", type=click.Choice(["test", "live"]), default="test", show_default=True)
@click.option(
    "--trigger-stage", default="", help="The shop's stage at which an approved item goes to the MIS."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="CONNECTOR.SETTING=VALUE",
    callback=lambda _context, _option, texts: nested_settings(texts),
    help="A connector's setting; CONNECTOR.test.SETTING for one environment. Repeatable. "
    "Give secrets as env:MAKEREADY_SECRET_COMPANY__NAME, so that they are not in your shell's history.",
)
async def add(
    installation: Installation,
    name: str,
    external_user_id: int,
    title: str,
    environment: str,
    trigger_stage: str,
    settings: dict[str, Any],
) -> None:
    """Add the subscriber NAME from flags. `makeready plugins CONNECTOR` lists the settings."""
    given: dict[str, Any] = {
        "external_user_id": external_user_id,
        "title": title or name,
        "environment": environment,
        "orders": {"trigger_stage": trigger_stage} if trigger_stage else {},
        "connectors": settings,
    }
    if await installation.store.subscribers.get(name):
        raise ConfigError(
            f"There is a subscriber {name} already.", field="name", fix="Change it with: apply."
        )
    proposal = await changes.propose(installation, name, given)
    await changes.save(installation, [proposal], getpass.getuser())
    for warning in proposal.warnings:
        click.echo(f"Warning: {warning}", err=True)
    click.echo(f"Added {name}. Next: makeready subscriber check {name}")


@subscriber.command("list")
@with_installation()
@as_json
async def list_all(installation: Installation, as_json: bool) -> None:
    """List all subscribers."""
    found = await installation.store.subscribers.all()
    if as_json:
        print_json([_summary(one) for one in found])
        return
    lines = [
        (one.name, one.title, str(one.external_user_id), one.environment, ", ".join(one.connectors))
        for one in found
    ]
    headings = ("name", "title", "number", "environment", "connectors")
    print_table(
        headings, lines, empty="There is no subscriber yet. Add one with: makeready subscriber apply FILE"
    )


@subscriber.command()
@with_subscriber()
@as_json
async def show(installation: Installation, subscriber: Subscriber, as_json: bool) -> None:
    """Show a subscriber: settings without secrets, addresses for the vendors, what was installed."""
    public_url = await installation.store.subscribers.public_url()
    shown: dict[str, Any] = {
        "name": subscriber.name,
        "settings": changes.export(installation, subscriber),
        "public_url": public_url,
        "addresses": {
            name: addresses_of(subscriber, installation.kind(name), public_url)
            for name in subscriber.connectors
        },
        "snippets": await setup_install.snippets(installation, subscriber),
        "installed": await installation.store.subscribers.installed(subscriber.name),
        "learned": await installation.store.subscribers.learned(subscriber.name),
    }
    if as_json:
        print_json(shown)
        return
    click.echo(tomli_w.dumps({"subscribers": {shown["name"]: shown["settings"]}}), nl=False)
    click.echo()
    _show_addresses(shown["addresses"])
    if not shown["public_url"]:
        click.echo("# The addresses for the shop are known after: makeready serve --public-url https://...")
    for site, snippet in shown["snippets"].items():
        click.echo(f"# for the head of every page of {site or 'each of the sites'}:\n{snippet}")
    for row in shown["installed"]:
        click.echo(f"# {row.kind} in {row.connector}: {row.state} {row.id}".rstrip())
    for row in shown["learned"]:
        click.echo(f"# test order {format_utc(row.at)} UTC, {row.about}: {row.finding}")


def _show_addresses(addresses: dict[str, dict[str, str]]) -> None:
    for connector, by_purpose in addresses.items():
        for purpose, url in by_purpose.items():
            click.echo(f"# {purpose} address for {connector}: {url}")


@subscriber.command()
@with_installation(makes_file=True)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", "-y", is_flag=True, help="Do not ask before changing.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
async def apply(installation: Installation, file: Path, yes: bool, dry_run: bool) -> None:
    """Apply a settings FILE: show the difference, ask, then change. All of it or nothing.

    A subscriber that exists and stands in the file without its external_user_id keeps what the file does not name. What
    contradicts the shop or the MIS is refused; a vendor that is away only gives a warning.
    """
    wanted = _read_file(file)
    proposals = [await changes.propose(installation, name, given) for name, given in wanted.items()]
    lines = [change for proposal in proposals for change in proposal.changes]
    for line in lines:
        click.echo(str(line))
    for warning in (warning for proposal in proposals for warning in proposal.warnings):
        click.echo(f"Warning: {warning}", err=True)
    if not lines:
        click.echo("Nothing changes.")
    elif not dry_run and (yes or click.confirm("Apply these changes?")):
        act = Act(action="subscriber apply", subscriber=", ".join(wanted), detail=f"{len(lines)} changes")
        async with audited(installation, on_the_command_line(), act):
            await changes.save(installation, proposals, getpass.getuser())
        click.echo("Applied.")
    else:
        click.echo("Nothing was changed.")


def _read_file(file: Path) -> dict[str, dict[str, Any]]:
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError(f"{file} is not a TOML file: {exc}.", field=str(file)) from None
    unknown = sorted(content.keys() - {"subscribers"})
    subscribers = content.get("subscribers")
    if (
        unknown
        or not isinstance(subscribers, dict)
        or not all(isinstance(one, dict) for one in subscribers.values())
    ):
        what = f"has an unknown table {unknown[0]}" if unknown else "has no [subscribers.NAME] table"
        raise ConfigError(
            f"{file} {what}.", field=str(file), fix="Begin with: makeready subscriber export NAME."
        )
    return subscribers


@subscriber.command()
@with_subscriber()
async def export(installation: Installation, subscriber: Subscriber) -> None:
    """Print a subscriber's settings as a file for `apply`. Secrets stay here: they show as (stored)."""
    settings = changes.export(installation, subscriber)
    click.echo(tomli_w.dumps({"subscribers": {subscriber.name: settings}}), nl=False)


@subscriber.command()
@with_subscriber()
@as_json
async def check(installation: Installation, subscriber: Subscriber, as_json: bool) -> int:
    """Test the connections, and say what to change where.

    Each finding is ok, to do (nothing fails, and something is left for a person) or WRONG. Exit code 1 if
    something is wrong.
    """
    findings = await check_subscriber(installation, subscriber)
    if as_json:
        print_json([{"connector": name, "state": found.state, "check": found} for name, found in findings])
    else:
        for name, found in findings:
            sign = "WRONG" if found.state is State.WRONG else found.state
            click.echo(f"{sign:<5} {name} {found.name}: {found.message} {found.fix}".rstrip())
    return not all(found.ok for _, found in findings)


@subscriber.command()
@with_subscriber("subscriber install")
@click.option(
    "--public-url",
    envvar="MAKEREADY_PUBLIC_URL",
    default="",
    help="Where the outside reaches the server, if `makeready serve` was not told yet. Remembered.",
)
@as_json
async def install(installation: Installation, subscriber: Subscriber, public_url: str, as_json: bool) -> None:
    """Make the webhook and the pricing engine in the shop's account. Doing it again makes nothing twice."""
    if public_url:
        await installation.set_public_url(public_url)
    made = await setup_install.install(installation, subscriber)
    if as_json:
        print_json([{"connector": name, "installed": one} for name, one in made])
        return
    for name, one in made:
        click.echo(f"{one.state:<9} {name} {one.kind}: {one.title} {one.id}".rstrip())
        for line in one.by_hand:
            click.echo(f"          {line}")


@subscriber.command("renew-addresses")
@with_subscriber("addresses renew")
async def renew(installation: Installation, subscriber: Subscriber) -> None:
    """Make new addresses for the vendors, if somebody knows them who should not.

    Those of before are not answered any more, so the shop gets no price until `subscriber install` has run again.
    """
    await renew_addresses(installation, subscriber)
    click.echo(f"The addresses are new. Next: makeready subscriber install {subscriber.name}")


@subscriber.command("test-order")
@with_subscriber("subscriber test-order", target="{product}")
@click.option(
    "--product", required=True, metavar="ID", help="A stock product of the MIS that may be ordered."
)
@click.option("--keep", is_flag=True, help="Put what was learned into the settings.")
@click.option("--mis", default="", metavar="NAME", help="Which MIS, for a company with several.")
async def test_order(
    installation: Installation, subscriber: Subscriber, product: str, keep: bool, mis: str
) -> None:
    """Submit one marked order twice, in the TEST environment only, and learn what the MIS does with it.

    A site that can be asked for an order by our key heals lost answers by itself; for any other, a
    person decides.
    """
    learned = await order_test.send(installation, subscriber, product, mis)
    for one in learned:
        click.echo(f"{one.about}: {one.finding}")
    if keep:
        changes = await order_test.save_findings(installation, subscriber, learned, getpass.getuser(), mis)
        click.echo("\n".join(changes) or "Nothing changes.")


def _summary(one: Subscriber) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "external_user_id": one.external_user_id,
        "environment": one.environment,
        "connectors": sorted(one.connectors),
    }
