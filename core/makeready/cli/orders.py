"""``makeready orders``: what became of an order."""

from pathlib import Path
from typing import Any

import click
import msgspec
from makeready_hooks.errors import ConfigError

from makeready.cli.common import as_json, print_json, print_table, run, subscriber_argument
from makeready.flows.history import OrderStory, order_story
from makeready.installation import Installation
from makeready.records import LineRow
from makeready.store.states import LineState
from makeready.times import when


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

    async def use(installation: Installation) -> OrderStory | None:
        await installation.subscriber(subscriber)
        return await order_story(installation, subscriber, number)

    story = run(db, use)
    if story is None:
        raise ConfigError(
            f"Nothing is known of order {number}.", field="number", fix="See: makeready orders list."
        )
    if as_json:
        print_json(_as_data(story))
    else:
        _show(story)


def _as_data(story: OrderStory) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(story, builtin_types=(bytes,))
    for submission in data["submissions"]:
        submission["payload"] = msgspec.json.decode(submission["payload"])
    for webhook in data["webhooks"]:
        webhook["body"] = webhook["body"].decode("utf-8", "replace")
    return data


def _show(story: OrderStory) -> None:
    for line in story.lines:
        mis = f" as {line.mis_number or line.mis_id}" if line.mis_id else ""
        text = f"{story.order}-{line.line}  {line.quantity} x {line.description}: {line.state}{mis}"
        click.echo(f"{text}  {line.reason}".rstrip())
    for webhook in story.webhooks:
        click.echo(f"webhook: {webhook.event}")
    for row in story.history:
        click.echo(
            f"{when(row.at)}  line {row.line}: {row.from_state or 'new'} -> {row.to_state} ({row.cause})"
        )
    for error in story.errors:
        click.echo(f"will be tried again: {error}")
    for one in story.submissions:
        click.echo(
            f"sent as {one.key} ({one.environment}), attempt {one.attempts}, {when(one.sent_at)}; payload: --json"
        )
