"""``makeready products``."""

import shlex

import click
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.terminal import as_json, print_json, print_table, with_subscriber
from makeready_hooks.model.product import ProductSearch
from makeready_imports.catalogue import Listed, list_products

from makeready_commands.products.imports import mis_option


@click.command()
@with_subscriber()
@click.argument("text", default="")
@click.option("--site", default="", help="Mark what is in this shop already; its domain.")
@mis_option
@click.option("--cursor", default="", help="Of the page to show, as the page before it told.")
@click.option(
    "--page-size",
    type=click.IntRange(1, 500),
    help="Products a page; else imports.page_size of the subscriber, 50.",
)
@as_json
async def products(
    installation: Installation,
    subscriber: Subscriber,
    text: str,
    site: str,
    mis: str,
    cursor: str,
    page_size: int | None,
    as_json: bool,
) -> None:
    """Search the MIS's products that are for sale; TEXT is part of a number, code or name."""
    size = page_size or subscriber.imports.page_size
    search = ProductSearch(text=text, cursor=cursor, page_size=size)
    found = await list_products(installation, subscriber, search, site, mis)
    if as_json:
        print_json(found)
        return
    headings = ("id", "code", "in shop", "kind", "price", "stock", "kg", "name, price from a quantity")
    print_table(headings, [_line(one) for one in found.products], empty="No product matches.")
    click.echo(f"{len(found.products)}" if found.total is None else f"{len(found.products)} of {found.total}")
    if found.next:
        click.echo(f"For more: --cursor {shlex.quote(found.next)}")


def _line(one: Listed) -> tuple[str, ...]:
    product = one.product
    numbers = (product.price, product.stock, product.weight_kg)
    shown = tuple("-" if number is None else str(number) for number in numbers)
    breaks = ", ".join(f"{step.from_quantity}: {step.unit_price}" for step in product.price_breaks[1:])
    name = f"{product.title} ({breaks})" if breaks else product.title
    name = f"{name}, lead time {product.lead_time.text}" if product.lead_time else name
    return (product.id, product.code, "yes" if one.imported else "", product.kind.value, *shown, name)
