"""``makeready orders list``: lines by state, words, number and day."""

from collections.abc import Sequence
from typing import Any

import click
import msgspec
from makeready.installation import Installation
from makeready.orders.line_filter import LineFilter
from makeready.orders.model import UNREADABLE, UnreadableOrder
from makeready.orders.views.search import STATES
from makeready.outbound.capture import as_data
from makeready.subscribers.model import Subscriber
from makeready.terminal import as_json, print_json, print_table, with_subscriber
from makeready.times import format_utc, parse_time

from_option = click.option("--from", "start", default="", metavar="DAY", help="Changed then or later, UTC.")
to_option = click.option(
    "--to", "end", default="", metavar="DAY", help="Changed until the end of that day, UTC."
)


@click.command("list")
@with_subscriber()
@click.option("--state", type=click.Choice(STATES), help="Only lines in this state.")
@from_option
@to_option
@click.option("--query", default="", help="An order's number, a submission's key, or the MIS's number.")
@click.option(
    "--customer",
    default="",
    metavar="WORDS",
    help="Words of the name, company or e-mail, or their beginnings.",
)
@click.option(
    "--product",
    default="",
    metavar="WORDS",
    help="Words of the product or its part number, or their beginnings.",
)
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="At most so many lines."
)
@as_json
async def list_lines(
    installation: Installation,
    subscriber: Subscriber,
    state: str | None,
    start: str,
    end: str,
    limit: int,
    as_json: bool,
    **words: str,
) -> None:
    """List order lines, the most recently changed first; before them orders that cannot be read."""
    wanted = LineFilter(
        state=state or "",
        start=parse_time(start, field="from"),
        end=parse_time(end, field="to", is_end=True),
        **words,
    )
    found = await installation.store.lines.find(subscriber.name, wanted, limit=limit)
    unreadable = await installation.store.unreadable.find(subscriber.name, wanted, limit=limit)
    if as_json:
        print_json([*unreadable_data(unreadable), *msgspec.to_builtins(found)])
        return
    if unreadable:
        rows = [(one.order_number, UNREADABLE, format_utc(one.since), one.problem) for one in unreadable]
        print_table(("order", "state", "since (UTC)", "reason"), rows, empty="")
        if not found:
            return
        click.echo()
    several = len({row.mis for row in found} - {""}) > 1
    lines = [
        (
            f"{row.order_number}-{row.line}",
            row.shown_state,
            " ".join(filter(None, (row.mis if several else "", row.mis_number or row.mis_id or "-"))),
            row.customer,
            row.description,
            format_utc(row.updated_at),
            row.reason or row.notice,
        )
        for row in found
    ]
    headings = ("line", "state", "MIS order", "customer", "product", "changed (UTC)", "reason")
    none = "No orders match." if wanted != LineFilter() else "No order has come in yet."
    print_table(headings, lines, empty=none)


def unreadable_data(orders: Sequence[UnreadableOrder]) -> list[dict[str, Any]]:
    """For a script: the document as JSON if it is that, else as text."""
    return [
        {
            "order_number": one.order_number,
            "state": UNREADABLE,
            "site": one.site,
            "problem": one.problem,
            "document": as_data(one.document),
            "since": one.since,
            "looked_at": one.looked_at,
        }
        for one in orders
    ]
