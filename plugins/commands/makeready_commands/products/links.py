"""``makeready link``: products that a shop has are linked with the MIS's, and keep their history."""

from pathlib import Path
from typing import Any

import click
import msgspec
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.terminal import as_json, print_json, print_table, with_subscriber
from makeready.web.csv_text import csv_of
from makeready_imports import link_existing
from makeready_imports.csv_file import HEADINGS, PRODUCT, SHOP_PRODUCT, Row, Rows, read_pairs
from makeready_imports.plan import Plan

from makeready_commands.products import carrying
from makeready_commands.products.imports import mis_option, site_option

pairs_argument = click.argument("pairs", nargs=-1, metavar="[SHOP-PRODUCT=PRODUCT]...")
file_option = click.option(
    "--from-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"CSV with the columns: {HEADINGS[SHOP_PRODUCT][0]}; {HEADINGS[PRODUCT][0]}.",
)


@click.group()
def link() -> None:
    """Link products that a shop has with products of the MIS.

    Name, public part number, pictures and descriptions stay; part number, pricing engine and MIS
    Product ID change. `undo` gives back what was there.
    """


@link.command()
@with_subscriber()
@click.argument("text", default="")
@site_option
@mis_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the certain ones as CSV, to be looked through and given to `plan`.",
)
@as_json
async def suggest(
    installation: Installation,
    subscriber: Subscriber,
    text: str,
    site: str,
    mis: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Find products of the shop that have the number or the name of one of the MIS's."""
    found = await link_existing.suggest(installation, subscriber, site, text, mis)
    if as_json:
        print_json(found)
    else:
        lines = [
            (
                one.product_id,
                one.shop_product_id,
                one.shop_part_number,
                "yes" if one.certain else "one of several",
                f"{one.shop_name}: {one.because}",
            )
            for one in found
        ]
        headings = ("product", "shop's id", "part number", "certain", "name, because")
        print_table(headings, lines, empty="No product of the shop looks like one of the MIS's.")
    if out:
        _write_csv(out, found)


def _write_csv(out: Path, found: tuple[link_existing.Suggestion, ...]) -> None:
    heading = (HEADINGS[SHOP_PRODUCT][0], HEADINGS[PRODUCT][0], "name", "because")
    certain = [one for one in found if one.certain]
    lines = [(one.shop_product_id, one.product_id, one.shop_name, one.because) for one in certain]
    out.write_text(csv_of([heading, *lines]), "utf-8")


@link.command()
@with_subscriber("link plan", target="{site}")
@pairs_argument
@site_option
@mis_option
@file_option
@as_json
async def plan(installation: Installation, subscriber: Subscriber, as_json: bool, **given: Any) -> int:
    """Show what linking would change, and which rows are wrong. Nothing happens by it."""
    return carrying.show_plan(await _plan(installation, subscriber, **given), as_json=as_json)


async def _plan(
    installation: Installation,
    subscriber: Subscriber,
    site: str,
    mis: str,
    pairs: tuple[str, ...],
    from_file: Path | None,
) -> Plan:
    read = _rows(from_file)
    rows = [*(_pair(text) for text in pairs), *read.rows]
    if not rows and not read.errors:
        raise carrying.no_products()
    made = await link_existing.plan_links(installation, subscriber, site, rows, mis)
    return msgspec.structs.replace(made, errors=(*read.errors, *made.errors))


def _rows(path: Path | None) -> Rows:
    return read_pairs(path.read_bytes()) if path else Rows(rows=())


def _pair(text: str) -> Row:
    shop_product, equals, product = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text}: write SHOP-PRODUCT=PRODUCT", param_hint="PAIRS")
    return Row(product=product, shop_product=shop_product)


@link.command("run")
@with_subscriber()
@pairs_argument
@click.option("--site", default="", help="The shop's domain.")
@file_option
@carrying.job_option
@as_json
async def run_job(
    installation: Installation, subscriber: Subscriber, job: int | None, as_json: bool, **given: Any
) -> int:
    """Run a plan with --job, or plan pairs and run that.

    `import status`, `import pause`, `import resume` and `import cancel` are for links as well. Exit code 1 if
    a row was wrong or a product could not be linked.
    """
    return await carrying.plan_and_run(
        installation,
        subscriber,
        "link run",
        job,
        given["site"],
        lambda: _plan(installation, subscriber, **given),
        as_json=as_json,
    )


@link.command()
@with_subscriber("link undo", target="{site}", detail="{products}")
@click.argument("products", nargs=-1, required=True)
@site_option
async def undo(
    installation: Installation, subscriber: Subscriber, products: tuple[str, ...], site: str
) -> int:
    """Unlink PRODUCTS (ids of the MIS), and give them back the part number, engines and id that they had."""
    done = await link_existing.undo(installation, subscriber, site, products)
    for one in done:
        click.echo(one.problem or f"{one.product_id} is as it was before.", err=bool(one.problem))
        for sentence in one.by_hand:
            click.echo(f"Left to do by hand: {sentence}")
    return any(one.problem for one in done)
