"""``makeready alerts``: what people were told, and whether it arrives."""

import secrets

import click
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.terminal import as_json, print_json, print_table, with_installation, with_subscriber
from makeready.times import format_utc
from makeready_alerts.model import KeptAlert, Telling
from makeready_alerts.moments import local
from makeready_alerts.store.history import history_of
from makeready_alerts.try_out import send_test, send_test_mail
from msgspec import to_builtins

NOT_DELIVERED = 1


@click.group()
def alerts() -> None:
    """See what people were told, and try whether it arrives. See docs/operations.md."""


@alerts.command("list")
@with_subscriber()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="The newest ones.")
@as_json
async def list_all(installation: Installation, subscriber: Subscriber, limit: int, as_json: bool) -> None:
    """List what was raised, when it was over, and who was told, the newest first."""
    found = await history_of(installation).page(subscriber.name, limit)
    if as_json:
        print_json(to_builtins(found))
        return
    rules = subscriber.alerts
    rows = [
        (local(one.raised_at, rules), one.title, _over(one, local(one.over_at, rules)), _told(one))
        for one in found
    ]
    headings = (f"raised ({rules.time_zone})", "what", "over", "told")
    print_table(headings, rows, empty="Nothing was told yet.")


def _over(one: KeptAlert, at: str) -> str:
    if one.kind != "alarms":
        return ""
    return at if one.over_at else "not yet"


def _told(one: KeptAlert) -> str:
    return "; ".join(_telling(told) for told in one.tellings) or "nobody"


def _telling(told: Telling) -> str:
    over = " that it is over" if told.said == "over" else ""
    return f"{told.channel}{over}: not delivered, {told.error}" if told.error else f"{told.channel}{over}"


@alerts.command()
@with_subscriber("alerts test")
async def test(installation: Installation, subscriber: Subscriber) -> int | None:
    """Send a test by every channel of SUBSCRIBER, and say whether it was delivered."""
    tried = await send_test(installation, subscriber)
    for one in tried:
        click.echo(f"{one.title}, {one.whom}: {f'not delivered. {one.error}' if one.error else 'delivered.'}")
    if not tried:
        click.echo("Nobody is told: set email_to, or another way, under alerts in the settings.")
    return NOT_DELIVERED if not tried or any(one.error for one in tried) else None


@alerts.command("test-mail")
@with_installation("mail test", target="{address}")
@click.argument("address")
async def test_mail(installation: Installation, address: str) -> None:
    """Send a test to ADDRESS through the mail server that alerts and invitations use."""
    await send_test_mail(address, secrets.token_hex(16))
    click.echo(f"The mail server took it at {format_utc(installation.clock())} UTC.")
