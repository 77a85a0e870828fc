"""``makeready orders list``: lines by state, words, number and day."""

from pathlib import Path

import click

from makeready.installation import Installation
from makeready.orders.model import LineFilter, LineRow, LineState
from makeready.terminal import as_json, print_json, print_table, run, subscriber_argument
from makeready.times import format_utc, parse_time

from_option = click.option("--from", "start", default="", metavar="DAY", help="Changed then or later, UTC.")
to_option = click.option(
    "--to", "end", default="", metavar="DAY", help="Changed until the end of that day, UTC."
)


@click.command("list")
@subscriber_argument
@click.option(
    "--state", type=click.Choice([state.value for state in LineState]), help="Only lines in this state."
)
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
@click.pass_obj
def list_lines(
    db: Path,
    subscriber: str,
    state: str | None,
    start: str,
    end: str,
    query: str,
    customer: str,
    product: str,
    limit: int,
    as_json: bool,
) -> None:
    """List order lines, the most recently changed first."""
    wanted = LineFilter(
        state=state or "",
        start=parse_time(start, field="from"),
        end=parse_time(end, field="to", is_end=True),
        query=query,
        customer=customer,
        product=product,
    )

    async def use(installation: Installation) -> list[LineRow]:
        await installation.subscriber(subscriber)
        return await installation.store.lines.find(subscriber, wanted, limit=limit)

    found = run(db, use)
    if as_json:
        print_json(found)
        return
    lines = [
        (
            f"{row.order_number}-{row.line}",
            row.state,
            row.mis_number or row.mis_id or "-",
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
