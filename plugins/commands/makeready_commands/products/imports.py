"""``makeready import``: products of the MIS become products of a shop."""

from pathlib import Path
from typing import Any

import click
import msgspec
from makeready.access.audit import Act, audited, on_the_command_line
from makeready.installation import Installation
from makeready.products.model import LinkRow
from makeready.subscribers.model import Subscriber
from makeready.terminal import (
    Use,
    as_json,
    folder_option,
    print_json,
    print_table,
    with_subscriber,
    write_file,
)
from makeready.times import format_utc
from makeready_hooks.errors import ConfigError
from makeready_imports import choices, jobs, links
from makeready_imports.choices import Existing, ImportRequest
from makeready_imports.csv_file import Rows, read_products
from makeready_imports.markups.plan import plan_markups
from makeready_imports.plan import Plan, plan_import

from makeready_commands.products import carrying

job_argument = click.argument("job", type=int)
site_option = click.option("--site", required=True, help="The shop's domain.")
mis_option = click.option(
    "--mis", default="", metavar="NAME", help="Which MIS, for a company with several: its connector."
)
no_wait_option = click.option("--no-wait", is_flag=True, help="Leave the work to the server.")


@click.group()
def imports() -> None:
    """Make products of the MIS in a shop, each once, whatever is interrupted.

    `plan` shows what would happen; `run` does it, and goes on where it was interrupted.
    """


def _wishes(command: Use) -> Use:
    """The options of a plan. Those that are not given come from the profile, if one is named."""
    options = (
        click.argument("products", nargs=-1, metavar="[PRODUCTS]..."),
        click.option("--site", default="", help="Domain of the shop to import into."),
        mis_option,
        click.option(
            "--all-matching", metavar="TEXT", help='All that a search finds; "" for the whole catalogue.'
        ),
        click.option(
            "--from-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Products by id or code: one a line, or CSV with a column id or code.",
        ),
        click.option("--profile", help="Choices that were saved under this name."),
        click.option("--save-profile", metavar="NAME", help="Save the choices for this site."),
        click.option("--markup", help="Per cent on the MIS's price; 0 if not given."),
        click.option(
            "--group", "groups", multiple=True, help="A user group that may buy; repeatable. Else all."
        ),
        click.option("--category", "categories", multiple=True, help="A category; repeatable."),
        click.option("--workflow", help="The workflow that orders of these products follow."),
        click.option("--require-upload/--no-upload", default=None, help="A buyer must upload a file."),
        click.option(
            "--public-part-number",
            metavar="TEMPLATE",
            help="Made of {part_number}, {id}, {code}, {name}; the first if not given.",
        ),
        click.option(
            "--existing",
            type=click.Choice([one.value for one in Existing]),
            help="What to do if the shop has the number or name: skip (if not given), link, or new.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@imports.command()
@with_subscriber("import plan", target="{site}")
@_wishes
@as_json
async def plan(installation: Installation, subscriber: Subscriber, as_json: bool, **given: Any) -> int:
    """Show what an import of PRODUCTS (ids or codes) would create, link and skip, and why.

    The plan gets a number; nothing happens until `import run --job NUMBER`. Exit code 1 if a row is wrong.
    """
    return carrying.show_plan(await _plan(installation, subscriber, given), as_json=as_json)


async def _plan(installation: Installation, subscriber: Subscriber, given: dict[str, Any]) -> Plan:
    if not given["site"]:
        raise ConfigError("No site was named.", field="site", fix="Give --site DOMAIN.")
    wish = await _wish(installation, subscriber, given)
    read = _rows(given["from_file"])
    if given["save_profile"]:
        await choices.save_profile(installation, subscriber, given["save_profile"], wish)
    made = await plan_import(installation, subscriber, wish, read.rows)
    return msgspec.structs.replace(made, errors=(*read.errors, *made.errors))


async def _wish(installation: Installation, subscriber: Subscriber, given: dict[str, Any]) -> ImportRequest:
    wish = ImportRequest(site=given["site"])
    if given["profile"]:
        wish = await choices.profile(installation, subscriber, wish.site, given["profile"])
    named = {
        "mis": given["mis"] or None,
        "markup_percent": given["markup"],
        "groups": given["groups"] or None,
        "categories": given["categories"] or None,
        "workflow": given["workflow"],
        "upload_required": given["require_upload"],
        "public_part_number": given["public_part_number"],
        "existing": Existing(given["existing"]) if given["existing"] else None,
    }
    chosen = {name: value for name, value in named.items() if value is not None}
    return msgspec.structs.replace(
        wish, product_ids=given["products"], all_matching=given["all_matching"], **chosen
    )


def _rows(path: Path | None) -> Rows:
    return read_products(path.read_bytes()) if path else Rows(rows=())


@imports.command("markup")
@with_subscriber("markup plan", target="{site}")
@click.argument("products", nargs=-1, required=True)
@site_option
@click.option("--markup", required=True, help="Per cent on the MIS's price, such as 25 or 25.5.")
@as_json
async def plan_markup(
    installation: Installation,
    subscriber: Subscriber,
    products: tuple[str, ...],
    site: str,
    markup: str,
    as_json: bool,
) -> int:
    """Plan another mark-up of PRODUCTS (ids of the MIS) that are linked in a site.

    The plan gets a number; nothing happens until `import run --job NUMBER`. Exit code 1 if a product is not linked.
    """
    made = await plan_markups(installation, subscriber, site, markup, products)
    return carrying.show_plan(made, as_json=as_json)


@imports.command("run")
@with_subscriber()
@_wishes
@carrying.job_option
@no_wait_option
@as_json
async def run_job(
    installation: Installation,
    subscriber: Subscriber,
    job: int | None,
    no_wait: bool,
    as_json: bool,
    **given: Any,
) -> int:
    """Run a plan with --job, or plan PRODUCTS (ids or codes) and run that.

    If this command is interrupted, run it again with --job, or let the server finish. Exit code 1 if
    a row was wrong or a product could not be made.
    """
    return await carrying.plan_and_run(
        installation,
        subscriber,
        "import run",
        job,
        given["site"],
        lambda: _plan(installation, subscriber, given),
        wait=not no_wait,
        as_json=as_json,
    )


@imports.command()
@with_subscriber()
@click.argument("job", type=int, required=False)
@click.option("--follow", is_flag=True, help="Show the progress until the import ends.")
@as_json
async def status(
    installation: Installation, subscriber: Subscriber, job: int | None, follow: bool, as_json: bool
) -> None:
    """Show how far import JOB is, and what became of each product. Without JOB, list all imports."""
    if job is None:
        await _list_all(installation, subscriber, as_json=as_json)
        return
    if follow:
        async for now in jobs.watch(installation, subscriber, job):
            click.echo(jobs.sentence(now), err=True)
    await carrying.show_report(installation, subscriber, job, as_json=as_json)


async def _list_all(installation: Installation, subscriber: Subscriber, *, as_json: bool) -> None:
    found = await installation.store.imports.jobs(subscriber.name)
    progress = [await jobs.progress(installation, subscriber, one.id) for one in found]
    if as_json:
        print_json(progress)
        return
    lines = [
        (str(one.id), one.site, format_utc(one.created_at), jobs.sentence(now))
        for one, now in zip(found, progress, strict=True)
    ]
    print_table(("import", "site", "planned (UTC)", "state"), lines, empty="There is no import yet.")


@imports.command()
@with_subscriber("import pause", target="import {job}")
@job_argument
async def pause(installation: Installation, subscriber: Subscriber, job: int) -> None:
    """Stop import JOB after the products that are under way; `resume` goes on."""
    await jobs.pause(installation, subscriber, job)
    click.echo(f"Import {job} is paused.")


@imports.command()
@with_subscriber("import resume", target="import {job}")
@job_argument
@no_wait_option
@as_json
async def resume(
    installation: Installation, subscriber: Subscriber, job: int, no_wait: bool, as_json: bool
) -> int:
    """Go on with import JOB."""
    return await carrying.run_plan(installation, subscriber, job, wait=not no_wait, as_json=as_json)


@imports.command()
@with_subscriber("import cancel", target="import {job}")
@job_argument
async def cancel(installation: Installation, subscriber: Subscriber, job: int) -> None:
    """End import JOB. What is in the shop stays there."""
    await jobs.cancel(installation, subscriber, job)
    click.echo(f"Import {job} is cancelled.")


@imports.command()
@with_subscriber()
@job_argument
@folder_option("A folder; the current one if not given.")
async def file(installation: Installation, subscriber: Subscriber, job: int, out: Path) -> None:
    """Write the shop's own import file for what its API did not set in import JOB."""
    written = await jobs.left_to_do(installation, subscriber, job)
    if written is None:
        click.echo("Nothing is left to do by hand.")
    else:
        write_file(out, written.name, written.content)


@imports.command()
@with_subscriber()
@site_option
@click.option("--delete", metavar="NAME", help="Delete this one.")
@as_json
async def profiles(
    installation: Installation, subscriber: Subscriber, site: str, delete: str | None, as_json: bool
) -> None:
    """List the saved choices of a site."""
    if delete:
        act = Act(action="import profile-delete", subscriber=subscriber.name, target=delete)
        async with audited(installation, on_the_command_line(), act):
            await choices.profile(installation, subscriber, site, delete)
            await choices.delete_profile(installation, subscriber, site, delete)
    found = await choices.profiles(installation, subscriber, site)
    if as_json:
        print_json(found)
        return
    lines = [
        (name, f"{wish.markup_percent} %", wish.workflow or "-", ", ".join(wish.groups) or "all groups")
        for name, wish in found.items()
    ]
    print_table(("profile", "mark-up", "workflow", "groups"), lines, empty="There is no profile yet.")


@imports.command()
@with_subscriber("import unlink", target="{site}", detail="{products}")
@click.argument("products", nargs=-1, required=True)
@site_option
async def unlink(
    installation: Installation, subscriber: Subscriber, products: tuple[str, ...], site: str
) -> int:
    """Unlink PRODUCTS (ids of the MIS) of a shop. The shop's products stay as they are."""
    done = await links.unlink(installation, subscriber, site, products)
    for one in done:
        click.echo(one.problem or f"{one.product_id} is no longer linked.", err=bool(one.problem))
    return any(one.problem for one in done)


@imports.command()
@with_subscriber()
@site_option
@as_json
async def check_links(installation: Installation, subscriber: Subscriber, site: str, as_json: bool) -> None:
    """Compare a shop's imported products with the shop and the MIS. Nothing is changed."""
    found = await links.check_links(installation, subscriber, site)
    if as_json:
        print_json(found)
        return
    lines = [
        *(_misfit(link, "deleted in the shop") for link in found.gone_from_shop),
        *(_misfit(link, "no longer for sale in the MIS") for link in found.gone_from_mis),
        *(
            _misfit(link, f"its part number in the shop is {shop.part_number}")
            for link, shop in found.renumbered
        ),
        *(("-", one.id, one.part_number, f"{one.name}: not linked") for one in found.not_linked),
        *((one.product_id, "-", "-", "sold at the MIS's price, not linked") for one in found.sold),
    ]
    headings = ("product", "shop's id", "part number", "what is wrong")
    print_table(headings, lines, empty="All fit together.")
    click.echo(f"{found.looked_at} products compared.")


def _misfit(link: LinkRow, what: str) -> tuple[str, ...]:
    return (link.product_id, link.shop_product_id, link.part_number, what)
