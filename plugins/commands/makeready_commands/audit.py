"""``makeready audit``: what people did, in the pages, in the JSON API and at the command line."""

from typing import TextIO

import click
import msgspec
from makeready.access.audit import audit_rows
from makeready.access.model import AuditFilter
from makeready.installation import Installation
from makeready.terminal import Use, as_json, print_json, print_table, with_installation
from makeready.times import format_utc


def filter_options(command: Use) -> Use:
    """Those of an `AuditFilter`."""
    subscriber = click.option("--subscriber", default="", help="Only what was done to this one.")
    actor = click.option("--actor", default="", help="Only what this user, token or account did.")
    action = click.option("--action", default="", help="Only this, such as orders, or orders ignore.")
    return subscriber(actor(action(command)))


@click.group()
def audit() -> None:
    """See what people did. Nothing is ever taken out of this log."""


@audit.command("list")
@with_installation()
@filter_options
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="At most so many."
)
@as_json
async def list_some(installation: Installation, limit: int, as_json: bool, **wanted: str) -> None:
    """List the newest first."""
    found = await installation.store.audit.find(AuditFilter(**wanted), limit=limit)
    if as_json:
        print_json(found)
        return
    lines = [
        (
            format_utc(one.at),
            one.actor,
            one.via,
            one.subscriber,
            one.action,
            f"{one.target} {one.detail}".strip(),
            one.outcome or "not known",
        )
        for one in found
    ]
    headings = ("at (UTC)", "who", "by", "subscriber", "what", "to what", "outcome")
    print_table(headings, lines, empty="Nobody has done anything like this yet.")


@audit.command()
@with_installation()
@filter_options
@click.option(
    "--out", type=click.File("w", encoding="utf-8"), default="-", help="A file; else it is printed."
)
async def export(installation: Installation, out: TextIO, **wanted: str) -> None:
    """Write all of it, the newest first, a JSON object in each line."""
    async for row in audit_rows(installation, AuditFilter(**wanted)):
        out.write(msgspec.json.encode(row).decode() + "\n")
