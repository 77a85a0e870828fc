"""``makeready price``: what a shop would be told, and why."""

import click
from makeready.installation import Installation
from makeready.products.part_numbers import EngineProductRef
from makeready.subscribers.model import Subscriber
from makeready.terminal import as_json, print_json, print_table, with_subscriber
from makeready_hooks.model.order import Buyer
from makeready_inspect.prices import explain_price
from makeready_prices.trace import PriceTrace


@click.command()
@with_subscriber()
@click.argument("product")
@click.option("--quantity", "-q", default=1, show_default=True, help="How many.")
@click.option("--site", default="", help="Domain of the shop: its customer code, mark-up and language hold.")
@click.option("--option", "options", multiple=True, metavar="ID=VALUE", help="A buyer's choice; repeatable.")
@click.option("--department", default="", help="Of the buyer, for the rules that choose the customer code.")
@click.option("--group", "groups", multiple=True, help="A user group of the buyer's; repeatable.")
@click.option("--buyer-id", default="", help="The shop's id of the buyer.")
@click.option("--external-id", default="", help="The id that the shop holds of the buyer for other systems.")
@click.option("--explain", is_flag=True, help="Show each step.")
@as_json
async def price(
    installation: Installation,
    subscriber: Subscriber,
    product: str,
    quantity: int,
    site: str,
    options: tuple[str, ...],
    department: str,
    groups: tuple[str, ...],
    buyer_id: str,
    external_id: str,
    explain: bool,
    as_json: bool,
) -> int:
    """Ask the price of the MIS's PRODUCT as SUBSCRIBER's shop does. Exit code 1 if there is none.

    A price that is fresh is not asked of the MIS again. A made-to-order product's leaves an estimate there.
    """
    buyer = Buyer(id=buyer_id, external_id=external_id, department=department, groups=groups or None)
    link = EngineProductRef(product_id=product, site=site)
    story = await explain_price(installation, subscriber, link, quantity, _pairs(options), buyer)
    if as_json:
        print_json(story)
    else:
        _show(story, explain=explain)
    return bool(story.error)


def _pairs(options: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for text in options:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise click.BadParameter(f"{text}: write ID=VALUE", param_hint="--option")
        pairs.append((key, value))
    return tuple(pairs)


def _show(story: PriceTrace, *, explain: bool) -> None:
    if explain:
        lines = [
            (one.name, "" if one.total is None else str(one.total), f"{one.ms:.1f}", one.text)
            for one in story.steps
        ]
        print_table(("step", "total", "ms", "what"), lines, empty="There are no steps.")
    if story.error:
        click.echo(f"No price: {story.error}")
        return
    reference = f", {story.source}" if story.reference else ""
    click.echo(f"{story.total} for {story.quantity}, {story.weight_kg} kg{reference} ({story.ms:.1f} ms)")
