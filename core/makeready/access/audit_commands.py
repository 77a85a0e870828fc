"""``makeready audit``: what people did, in the pages, in the JSON API and at the command line."""

from pathlib import Path
from typing import TextIO

import click
import msgspec

from makeready.access.audit import audit_rows
from makeready.access.model import AuditFilter
from makeready.installation import Installation
from makeready.terminal import as_json, print_json, print_table, run
from makeready.times import format_utc

subscriber_option = click.option("--subscriber", default="", help="Only what was done to this one.")
actor_option = click.option("--actor", default="", help="Only what this user, token or account did.")
action_option = click.option("--action", default="", help="Only this, such as orders, or orders ignore.")


@click.group()
def audit() -> None:
    """See what people did. Nothing is ever taken out of this log."""


@audit.command("list")
@subscriber_option
@actor_option
@action_option
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="At most so many."
)
@as_json
@click.pass_obj
def list_some(db: Path, subscriber: str, actor: str, action: str, limit: int, as_json: bool) -> None:
    """List the newest first."""
    wanted = AuditFilter(subscriber=subscriber, actor=actor, action=action)
    found = run(db, lambda installation: installation.store.audit.find(wanted, limit=limit))
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
@subscriber_option
@actor_option
@action_option
@click.option(
    "--out", type=click.File("w", encoding="utf-8"), default="-", help="A file; else it is printed."
)
@click.pass_obj
def export(db: Path, subscriber: str, actor: str, action: str, out: TextIO) -> None:
    """Write all of it, the newest first, a JSON object in each line."""
    wanted = AuditFilter(subscriber=subscriber, actor=actor, action=action)

    async def use(installation: Installation) -> None:
        async for row in audit_rows(installation, wanted):
            out.write(msgspec.json.encode(row).decode() + "\n")

    run(db, use)
