"""``makeready orders``: what became of an order."""

from pathlib import Path
from typing import Any

import click
import msgspec
from makeready_hooks.errors import ConfigError

from makeready.cli.common import as_json, print_json, print_table, run, subscriber_argument, when
from makeready.installation import Installation
from makeready.records import LineRow, Submission
from makeready.store.states import LineState


@click.group()
def orders() -> None:
    """See what became of orders."""


@orders.command("list")
@subscriber_argument
@click.option(
    "--state", type=click.Choice([state.value for state in LineState]), help="Only lines in this state."
)
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="At most so many lines."
)
@as_json
@click.pass_obj
def list_lines(db: Path, subscriber: str, state: str | None, limit: int, as_json: bool) -> None:
    """List order lines, the most recently changed first."""

    async def use(installation: Installation) -> list[LineRow]:
        await installation.subscriber(subscriber)
        return await installation.store.ledger.lines(subscriber, state=state or "", limit=limit)

    found = run(db, use)
    if as_json:
        print_json(found)
        return
    lines = [
        (
            f"{row.order_number}-{row.line}",
            row.state,
            row.mis_number or row.mis_id or "-",
            row.description,
            when(row.updated_at),
            row.reason,
        )
        for row in found
    ]
    headings = ("line", "state", "MIS order", "product", "changed (UTC)", "reason")
    print_table(headings, lines, empty="No order has come in yet.")


@orders.command()
@subscriber_argument
@click.argument("number")
@as_json
@click.pass_obj
def show(db: Path, subscriber: str, number: str, as_json: bool) -> None:
    """Show all that is known of order NUMBER: its lines, what was sent, and every step with its cause."""

    async def use(installation: Installation) -> dict[str, Any]:
        await installation.subscriber(subscriber)
        return await _everything(installation, subscriber, number)

    found = run(db, use)
    if as_json:
        print_json(found)
    else:
        _show(found)


async def _everything(installation: Installation, subscriber: str, number: str) -> dict[str, Any]:
    store = installation.store
    lines = await store.ledger.lines(subscriber, order_number=number, limit=1000)
    webhooks = await store.inbox.of_order(subscriber, number)
    if not lines and not webhooks:
        raise ConfigError(
            f"Nothing is known of order {number}.", field="number", fix="See: makeready orders list."
        )
    keys = sorted({line.submission for line in lines if line.submission})
    submissions = [await store.ledger.submission(subscriber, key) for key in keys]
    return {
        "order": number,
        "lines": sorted(lines, key=lambda line: line.line),
        "submissions": [_submission(one) for one in submissions if one and one.payload],
        "webhooks": [webhook.event for webhook in webhooks],
        "history": await store.ledger.history(subscriber, number),
        "errors": await store.work.errors(subscriber, number),
    }


def _submission(one: Submission) -> dict[str, Any]:
    return {
        "key": one.key,
        "environment": one.environment,
        "attempts": one.attempts,
        "sent_at": when(one.sent_at),
        "mis_id": one.mis_id,
        "mis_number": one.mis_number,
        "marked_in_shop": one.marked,
        "payload_hash": one.payload_hash,
        "payload": msgspec.json.decode(one.payload),
    }


def _show(found: dict[str, Any]) -> None:
    for line in found["lines"]:
        mis = f" as {line.mis_number or line.mis_id}" if line.mis_id else ""
        click.echo(
            f"{found['order']}-{line.line}  {line.quantity} x {line.description}: {line.state}{mis} {line.reason}".rstrip()
        )
    for webhook in found["webhooks"]:
        click.echo(f"webhook: {webhook}")
    for row in found["history"]:
        click.echo(
            f"{when(row.at)}  line {row.line}: {row.from_state or 'new'} -> {row.to_state} ({row.cause})"
        )
    for error in found["errors"]:
        click.echo(f"will be tried again: {error}")
    for one in found["submissions"]:
        click.echo(
            f"sent to the MIS ({one['environment']}), attempt {one['attempts']}, {one['sent_at']}: --json shows the payload"
        )
