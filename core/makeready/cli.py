"""``makeready``: the root command. Subcommands are imported when they are used, so that help is quick."""

import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path

import click

EXIT_INTERRUPTED = 130

EPILOG = """\b
Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 a setting is wrong or missing,
4 the other side refused, 5 not possible just now, 6 the outcome is not known.
\b
Begin with: makeready serve, or makeready demo where the laboratory is installed"""

COMMANDS = "makeready.commands"
"""Entry points of commands. The name is the command's, and its one-line help after a colon."""


class InstalledCommands(click.Group):
    """Knows the names and one-line helps of its commands; imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(installed_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = installed_commands().get(cmd_name)
        if found is None:
            return None
        _spare_what_nobody_sees()
        command: click.Command = found.load()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _help(entry)) for name, entry in installed_commands().items()])


def _spare_what_nobody_sees() -> None:
    """Where they are installed, structlog and httpx load them for what is not used here: 75 modules, 6 MB, 30 ms."""
    spared = {"rich", "pygments", "greenlet"} - set(sys.modules)
    sys.modules.update(dict.fromkeys(spared))  # type: ignore[arg-type]  # for so long there are none
    try:
        import httpx  # noqa: F401, PLC0415
        import structlog  # noqa: F401, PLC0415
    finally:
        for name in spared:
            del sys.modules[name]


@cache
def installed_commands() -> dict[str, EntryPoint]:
    """Of the core and of every extension, by name."""
    found = sorted(entry_points(group=COMMANDS), key=lambda entry: entry.name)
    return {entry.name.partition(":")[0]: entry for entry in found}


def _help(entry: EntryPoint) -> str:
    return entry.name.partition(":")[2].strip()


def _show_version(ctx: click.Context, _: click.Parameter, given: bool) -> None:
    if not given:
        return
    click.echo(f"makeready {version('makeready')}")
    if ctx.params["verbose"]:
        import uvloop  # noqa: PLC0415 - as above

        from makeready.web.in_use import in_use  # noqa: PLC0415

        async def look() -> dict[str, str]:
            return in_use()

        for what, name in uvloop.run(look()).items():
            click.echo(f"{what}: {name}")
    ctx.exit()


@click.command(cls=InstalledCommands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="MAKEREADY_DB",
    default="makeready.db",
    show_default=True,
    help="The state file; made by serve and by the commands that add something. Also MAKEREADY_DB.",
)
@click.option("--new", is_flag=True, help="Make an empty state file where one was before and is gone.")
@click.option(
    "--verbose",
    "-v",
    is_flag=True,
    is_eager=True,
    help="Log every call on stderr. With --version: what carries its bytes.",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.pass_context
def cli(ctx: click.Context, db: Path, new: bool, verbose: bool) -> None:
    """Carry products, prices and stock from a print MIS to web shops, and approved orders back."""
    from makeready.logs import configure  # noqa: PLC0415 - structlog is not needed to show help

    if new:
        _make_empty(db)
    ctx.obj = db
    configure(verbose=verbose)


def _make_empty(db: Path) -> None:
    try:
        db.open("x").close()
    except OSError as exc:
        raise click.BadParameter(f"{db}: {exc.strerror}.", param_hint="--new") from exc
    click.echo(f"A new state file is made: {db.absolute()}", err=True)


def main() -> None:
    """The one place where an error becomes a line on stderr and an exit code."""
    try:
        sys.exit(cli(standalone_mode=False))
    except click.exceptions.Abort:
        sys.exit(EXIT_INTERRUPTED)
    except click.ClickException as exc:
        exc.show()
        sys.exit(exc.exit_code)
    except Exception as exc:  # noqa: BLE001 - most are raised again
        sys.exit(_told(exc))


def _told(exc: Exception) -> int:
    """The exit code of what a person can do something about; anything else is raised."""
    from makeready_hooks.errors import MakereadyError, RetryLater  # noqa: PLC0415 - not needed to show help

    from makeready.storage.errors import StateFileError  # noqa: PLC0415

    if isinstance(exc, MakereadyError):
        click.echo(f"Error: {exc}", err=True)
        return exc.exit_code
    if not isinstance(exc, StateFileError):
        raise exc
    click.echo(f"Error: {exc}. Free the disk, or wait until the other process is done.", err=True)
    return RetryLater.exit_code
