"""``makeready adopt``: products that a shop has become the MIS's, and keep their history."""

from pathlib import Path

import click
import msgspec

from makeready.access.audit import Act
from makeready.installation import Installation
from makeready.products import adopt as adopting
from makeready.products import jobs
from makeready.products.commands import carrying
from makeready.products.commands.imports import site_option
from makeready.products.csv_file import HEADINGS, PRODUCT, SHOP_PRODUCT, Row, Rows, read_pairs
from makeready.products.plan import Plan
from makeready.terminal import as_json, print_json, print_table, run, subscriber_argument
from makeready.web.csv_text import csv_of

pairs_argument = click.argument("pairs", nargs=-1, metavar="[SHOP-PRODUCT=PRODUCT]...")
file_option = click.option(
    "--from-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"CSV with the columns: {HEADINGS[SHOP_PRODUCT][0]}; {HEADINGS[PRODUCT][0]}.",
)


@click.group()
def adopt() -> None:
    """Bind products that a shop has to products of the MIS.

    Name, public part number, pictures and descriptions stay; part number, pricing engine and MIS
    Product ID change. `undo` gives back what was there.
    """


@adopt.command()
@subscriber_argument
@click.argument("text", default="")
@site_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the certain ones as CSV, to be looked through and given to `plan`.",
)
@as_json
@click.pass_obj
def suggest(db: Path, subscriber: str, text: str, site: str, out: Path | None, as_json: bool) -> None:
    """Find products of the shop that have the number or the name of one of the MIS's."""

    async def use(installation: Installation) -> tuple[adopting.Suggestion, ...]:
        found = await installation.subscriber(subscriber)
        return await adopting.suggest(installation, found, site, text)

    found = run(db, use)
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
        out.write_text(_as_csv(found), "utf-8")


def _as_csv(found: tuple[adopting.Suggestion, ...]) -> str:
    heading = (HEADINGS[SHOP_PRODUCT][0], HEADINGS[PRODUCT][0], "name", "because")
    certain = [one for one in found if one.certain]
    return csv_of(
        [heading, *((one.shop_product_id, one.product_id, one.shop_name, one.because) for one in certain)]
    )


@adopt.command()
@subscriber_argument
@pairs_argument
@site_option
@file_option
@as_json
@click.pass_obj
def plan(
    db: Path, subscriber: str, pairs: tuple[str, ...], site: str, from_file: Path | None, as_json: bool
) -> None:
    """Show what adopting would change, and which rows are wrong. Nothing happens by it."""
    act = Act(action="adopt plan", subscriber=subscriber, target=site)
    made = run(db, lambda installation: _plan(installation, subscriber, site, pairs, from_file), act)
    carrying.show_plan(made, as_json=as_json)
    if made.errors:
        raise SystemExit(1)


async def _plan(
    installation: Installation, name: str, site: str, pairs: tuple[str, ...], from_file: Path | None
) -> Plan:
    read = _rows(from_file)
    rows = [*(_pair(text) for text in pairs), *read.rows]
    if not rows and not read.errors:
        raise carrying.no_products()
    subscriber = await installation.subscriber(name)
    made = await adopting.plan_adoption(installation, subscriber, site, rows)
    return msgspec.structs.replace(made, errors=(*read.errors, *made.errors))


def _rows(path: Path | None) -> Rows:
    return read_pairs(path.read_bytes()) if path else Rows(rows=())


def _pair(text: str) -> Row:
    shop_product, equals, product = text.rpartition("=")
    if not equals:
        raise click.BadParameter(f"{text}: write SHOP-PRODUCT=PRODUCT", param_hint="PAIRS")
    return Row(product=product, shop_product=shop_product)


@adopt.command("run")
@subscriber_argument
@pairs_argument
@click.option("--site", default="", help="The shop's domain.")
@file_option
@click.option("--job", type=int, help="Run this plan, exactly; or try again what failed in it.")
@as_json
@click.pass_obj
def run_job(
    db: Path,
    subscriber: str,
    pairs: tuple[str, ...],
    site: str,
    from_file: Path | None,
    job: int | None,
    as_json: bool,
) -> None:
    """Run a plan with --job, or plan pairs and run that.

    `makeready import status`, `pause`, `resume` and `cancel` are for adoptions as well. Exit code 1 if
    a row was wrong or a product could not be adopted.
    """

    async def use(installation: Installation) -> int:
        found = await installation.subscriber(subscriber)
        made = None if job else await _plan(installation, subscriber, site, pairs, from_file)
        if made:
            carrying.show_errors(made)
        number = job or (made.job.id if made else 0)
        await jobs.start(installation, found, number)
        await carrying.carry_out(installation, found, number, quiet=as_json)
        now, items = await carrying.report(installation, found, number)
        carrying.show_report(now, items, as_json=as_json)
        return carrying.exit_code(items, made.errors if made else ())

    target = f"import {job}" if job else site
    raise SystemExit(run(db, use, Act(action="adopt run", subscriber=subscriber, target=target)))


@adopt.command()
@subscriber_argument
@click.argument("products", nargs=-1, required=True)
@site_option
@click.pass_obj
def undo(db: Path, subscriber: str, products: tuple[str, ...], site: str) -> None:
    """Give adopted PRODUCTS (ids of the MIS) back the part number, engines and id that they had."""

    async def use(installation: Installation) -> tuple[adopting.Undone, ...]:
        found = await installation.subscriber(subscriber)
        return await adopting.undo(installation, found, site, products)

    act = Act(action="adopt undo", subscriber=subscriber, target=site, detail=", ".join(products))
    done = run(db, use, act)
    for one in done:
        click.echo(one.problem or f"{one.product_id} is as it was before.", err=bool(one.problem))
        for sentence in one.by_hand:
            click.echo(f"Left to do by hand: {sentence}")
    if any(one.problem for one in done):
        raise SystemExit(1)
