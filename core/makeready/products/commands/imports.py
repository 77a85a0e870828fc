"""``makeready import``: products of the MIS become products of a shop."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec
from makeready_hooks.errors import ConfigError

from makeready.access.audit import Act
from makeready.installation import Installation
from makeready.products import choices, jobs, links
from makeready.products.choices import Existing, ImportRequest
from makeready.products.commands import carrying
from makeready.products.csv_file import Row, RowError, Rows, read_products
from makeready.products.model import LinkRow
from makeready.products.plan import Plan, plan_import
from makeready.terminal import as_json, print_json, print_table, run, subscriber_argument
from makeready.times import format_utc

Command = Callable[..., None]
job_argument = click.argument("job", type=int)
site_option = click.option("--site", required=True, help="The shop's domain.")


@click.group()
def imports() -> None:
    """Make products of the MIS in a shop, each once, whatever is interrupted.

    `plan` shows what would happen; `run` does it, and goes on where it was interrupted.
    """


def _wishes(command: Command) -> Command:
    """The options of a plan. Those that are not given come from the profile, if one is named."""
    options = (
        click.argument("products", nargs=-1, metavar="[PRODUCTS]..."),
        click.option("--site", default="", help="Domain of the shop to import into."),
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
            help="What to do if the shop has the number or name: skip (if not given), adopt, or new.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@imports.command()
@subscriber_argument
@_wishes
@as_json
@click.pass_obj
def plan(db: Path, /, subscriber: str, as_json: bool, **given: Any) -> None:
    """Show what an import of PRODUCTS (ids or codes) would create, adopt and skip, and why.

    The plan gets a number; nothing happens until `import run --job NUMBER`. Exit code 1 if a row is wrong.
    """
    act = Act(action="import plan", subscriber=subscriber, target=given["site"])
    made = run(db, lambda installation: _plan(installation, subscriber, given), act)
    carrying.show_plan(made, as_json=as_json)
    if made.errors:
        raise SystemExit(1)


async def _plan(installation: Installation, name: str, given: dict[str, Any]) -> Plan:
    subscriber = await installation.subscriber(name)
    if not given["site"]:
        raise ConfigError("No site was named.", field="site", fix="Give --site DOMAIN.")
    wish, rows, errors = await _wish(installation, name, given)
    if given["save_profile"]:
        await choices.save_profile(installation, subscriber, given["save_profile"], wish)
    made = await plan_import(installation, subscriber, wish, rows)
    return msgspec.structs.replace(made, errors=(*errors, *made.errors))


async def _wish(
    installation: Installation, name: str, given: dict[str, Any]
) -> tuple[ImportRequest, tuple[Row, ...], tuple[RowError, ...]]:
    subscriber = await installation.subscriber(name)
    wish = ImportRequest(site=given["site"])
    if given["profile"]:
        wish = await choices.profile(installation, subscriber, wish.site, given["profile"])
    named = {
        "markup_percent": given["markup"],
        "groups": given["groups"] or None,
        "categories": given["categories"] or None,
        "workflow": given["workflow"],
        "upload_required": given["require_upload"],
        "public_part_number": given["public_part_number"],
        "existing": Existing(given["existing"]) if given["existing"] else None,
    }
    chosen = {name: value for name, value in named.items() if value is not None}
    wish = msgspec.structs.replace(
        wish, product_ids=given["products"], all_matching=given["all_matching"], **chosen
    )
    read = _rows(given["from_file"])
    return wish, read.rows, read.errors


def _rows(path: Path | None) -> Rows:
    return read_products(path.read_bytes()) if path else Rows(rows=())


@imports.command("run")
@subscriber_argument
@_wishes
@click.option("--job", type=int, help="Run this plan, exactly; or try again what failed in it.")
@click.option("--no-wait", is_flag=True, help="Leave the work to the server.")
@as_json
@click.pass_obj
def run_job(
    db: Path, /, subscriber: str, job: int | None, no_wait: bool, as_json: bool, **given: Any
) -> None:
    """Run a plan with --job, or plan PRODUCTS (ids or codes) and run that.

    If this command is interrupted, run it again with --job, or let the server finish. Exit code 1 if
    a row was wrong or a product could not be made.
    """

    async def use(installation: Installation) -> int:
        made = None if job else await _plan(installation, subscriber, given)
        if made:
            carrying.show_errors(made)
        number = job or (made.job.id if made else 0)
        errors = made.errors if made else ()
        return await _start(installation, subscriber, number, no_wait, as_json, errors)

    target = f"import {job}" if job else given["site"]
    raise SystemExit(run(db, use, Act(action="import run", subscriber=subscriber, target=target)))


async def _start(
    installation: Installation,
    name: str,
    number: int,
    no_wait: bool,
    as_json: bool,
    errors: tuple[RowError, ...] = (),
) -> int:
    subscriber = await installation.subscriber(name)
    await jobs.start(installation, subscriber, number)
    if not no_wait:
        await carrying.carry_out(installation, subscriber, number, quiet=as_json)
    now, items = await carrying.report(installation, subscriber, number)
    carrying.show_report(now, items, as_json=as_json)
    return carrying.exit_code(items, errors)


@imports.command()
@subscriber_argument
@click.argument("job", type=int, required=False)
@click.option("--follow", is_flag=True, help="Show the progress until the import ends.")
@as_json
@click.pass_obj
def status(db: Path, subscriber: str, job: int | None, follow: bool, as_json: bool) -> None:
    """Show how far import JOB is, and what became of each product. Without JOB, list all imports."""

    async def use(installation: Installation) -> None:
        found = await installation.subscriber(subscriber)
        if job is None:
            all_jobs = await installation.store.imports.jobs(subscriber)
            progress = [await jobs.progress(installation, found, one.id) for one in all_jobs]
            if as_json:
                print_json(progress)
                return
            lines = [
                (str(one.id), one.site, format_utc(one.created_at), jobs.sentence(now))
                for one, now in zip(all_jobs, progress, strict=True)
            ]
            print_table(("import", "site", "planned (UTC)", "state"), lines, empty="There is no import yet.")
            return
        if follow:
            async for now in jobs.watch(installation, found, job):
                click.echo(jobs.sentence(now), err=True)
        now, items = await carrying.report(installation, found, job)
        carrying.show_report(now, items, as_json=as_json)

    run(db, use)


@imports.command()
@subscriber_argument
@job_argument
@click.pass_obj
def pause(db: Path, subscriber: str, job: int) -> None:
    """Stop import JOB after the products that are under way; `resume` goes on."""

    async def use(installation: Installation) -> None:
        await jobs.pause(installation, await installation.subscriber(subscriber), job)

    run(db, use, Act(action="import pause", subscriber=subscriber, target=f"import {job}"))
    click.echo(f"Import {job} is paused.")


@imports.command()
@subscriber_argument
@job_argument
@click.option("--no-wait", is_flag=True, help="Leave the work to the server.")
@as_json
@click.pass_obj
def resume(db: Path, subscriber: str, job: int, no_wait: bool, as_json: bool) -> None:
    """Go on with import JOB."""
    act = Act(action="import resume", subscriber=subscriber, target=f"import {job}")
    raise SystemExit(
        run(db, lambda installation: _start(installation, subscriber, job, no_wait, as_json), act)
    )


@imports.command()
@subscriber_argument
@job_argument
@click.pass_obj
def cancel(db: Path, subscriber: str, job: int) -> None:
    """End import JOB. What is in the shop stays there."""

    async def use(installation: Installation) -> None:
        await jobs.cancel(installation, await installation.subscriber(subscriber), job)

    run(db, use, Act(action="import cancel", subscriber=subscriber, target=f"import {job}"))
    click.echo(f"Import {job} is cancelled.")


@imports.command()
@subscriber_argument
@job_argument
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="A folder; the current one if not given.",
)
@click.pass_obj
def file(db: Path, subscriber: str, job: int, out: Path) -> None:
    """Write the shop's own import file for what its API did not set in import JOB."""

    async def use(installation: Installation) -> Any:
        return await jobs.left_to_do(installation, await installation.subscriber(subscriber), job)

    if (written := run(db, use)) is None:
        click.echo("Nothing is left to do by hand.")
        return
    out.mkdir(parents=True, exist_ok=True)
    path = out / written.name
    path.write_bytes(written.content)
    click.echo(str(path))


@imports.command()
@subscriber_argument
@site_option
@click.option("--delete", metavar="NAME", help="Delete this one.")
@as_json
@click.pass_obj
def profiles(db: Path, subscriber: str, site: str, delete: str | None, as_json: bool) -> None:
    """List the saved choices of a site."""

    async def use(installation: Installation) -> dict[str, ImportRequest]:
        found = await installation.subscriber(subscriber)
        if delete:
            await choices.profile(installation, found, site, delete)
            await installation.store.profiles.delete(subscriber, site, delete)
        return await choices.profiles(installation, found, site)

    act = Act(action="import profile-delete", subscriber=subscriber, target=delete or "")
    found = run(db, use, act if delete else None)
    if as_json:
        print_json(found)
        return
    lines = [
        (name, f"{wish.markup_percent} %", wish.workflow or "-", ", ".join(wish.groups) or "all groups")
        for name, wish in found.items()
    ]
    print_table(("profile", "mark-up", "workflow", "groups"), lines, empty="There is no profile yet.")


@imports.command()
@subscriber_argument
@click.argument("products", nargs=-1, required=True)
@site_option
@click.pass_obj
def unlink(db: Path, subscriber: str, products: tuple[str, ...], site: str) -> None:
    """Forget that PRODUCTS (ids of the MIS) are in a shop. The shop's products stay as they are."""

    async def use(installation: Installation) -> tuple[links.Unlinked, ...]:
        found = await installation.subscriber(subscriber)
        return await links.unlink(installation, found, site, products)

    act = Act(action="import unlink", subscriber=subscriber, target=site, detail=", ".join(products))
    done = run(db, use, act)
    for one in done:
        click.echo(one.problem or f"{one.product_id} is no longer linked.", err=bool(one.problem))
    if any(one.problem for one in done):
        raise SystemExit(1)


@imports.command()
@subscriber_argument
@site_option
@as_json
@click.pass_obj
def orphans(db: Path, subscriber: str, site: str, as_json: bool) -> None:
    """Compare a shop's imported products with the shop and the MIS. Nothing is changed."""

    async def use(installation: Installation) -> links.Orphans:
        return await links.find_orphans(installation, await installation.subscriber(subscriber), site)

    found = run(db, use)
    if as_json:
        print_json(found)
        return
    lines = [
        *(_orphan(link, "deleted in the shop") for link in found.gone_from_shop),
        *(_orphan(link, "no longer for sale in the MIS") for link in found.gone_from_mis),
        *(
            _orphan(link, f"its part number in the shop is {shop.part_number}")
            for link, shop in found.renumbered
        ),
        *(("-", one.id, one.part_number, f"{one.name}: not linked") for one in found.not_linked),
    ]
    headings = ("product", "shop's id", "part number", "what is wrong")
    print_table(headings, lines, empty="All fit together.")
    click.echo(f"{found.looked_at} products compared.")


def _orphan(link: LinkRow, what: str) -> tuple[str, ...]:
    return (link.product_id, link.shop_product_id, link.part_number, what)
