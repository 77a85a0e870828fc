"""What commands share: running, printing, errors."""

import asyncio
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from makeready_hooks.errors import ConfigError
from makeready_hooks.names import FILE_NAME

from makeready.access.audit import Act, audited, on_the_command_line
from makeready.installation import Installation
from makeready.orders.life.witness import WitnessFile

T = TypeVar("T")

PIPED_WIDTH = 200

Command = Callable[..., None]
Use = Callable[..., Awaitable[int | None]]

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")


def with_installation(
    action: str = "",
    *,
    subscriber: str = "{subscriber}",
    target: str = "",
    detail: str = "",
    makes_file: bool = False,
) -> Callable[[Use], Command]:
    """Make a coroutine function a command that is given the installation, then its options; it returns an exit code.

    ``makes_file``: it may be the first command of an installation.

    One that changes something names its ``action``: it is kept in the audit log, with the texts beside it, in which
    ``{name}`` is what that option was given; a dry run is not kept.
    """

    def made(use: Use) -> Command:
        @click.pass_obj
        @wraps(use)
        def command(db: Path, /, **given: Any) -> None:
            act = Act(
                action=action,
                subscriber=_filled(subscriber, given),
                target=_filled(target, given),
                detail=_filled(detail, given),
            )
            changes = action and not given.get("dry_run")
            if code := run(
                db,
                lambda one: use(one, **given),
                act if changes else None,
                makes_file=makes_file and not given.get("dry_run"),
            ):
                raise SystemExit(code)

        return command

    return made


def with_subscriber(action: str = "", *, target: str = "", detail: str = "") -> Callable[[Use], Command]:
    """The same of a function that is given the installation and its first argument, the subscriber, then its options.

    It ends with a ConfigError if there is no such subscriber.
    """

    def made(use: Use) -> Command:
        @wraps(use)
        async def found(installation: Installation, *, subscriber: str, **given: Any) -> int | None:
            return await use(installation, await installation.subscriber(subscriber), **given)

        command = with_installation(action, target=target, detail=detail)(found)
        return click.argument("subscriber")(command)

    return made


def _filled(text: str, given: Mapping[str, Any]) -> str:
    """Several are joined; what was not given is empty."""
    texts = {name: ", ".join(one) if isinstance(one, tuple) else one or "" for name, one in given.items()}
    return text.format_map(defaultdict(str, texts))


def check_state_file(db: Path, *, makes_file: bool) -> None:
    """Whether a command goes on where there is no state file. One that is gone is never replaced in silence.

    Raises ConfigError with the ways out.
    """
    if db.exists():
        return
    if (witness := WitnessFile(db).path).exists():
        raise ConfigError(
            f"The state file {db.absolute()} is gone: {witness.name} beside it says that there was one.",
            field="--db",
            fix="Put the last backup at its place. To begin with an empty one all the same: makeready --new serve.",
        )
    if not makes_file:
        raise ConfigError(
            f"There is no state file at {db.absolute()}.",
            field="--db",
            fix="Give its path with --db or MAKEREADY_DB. To make one: makeready serve.",
        )
    click.echo(f"A new state file is made: {db.absolute()}", err=True)


def run(
    db: Path,
    use: Callable[[Installation], Awaitable[T]],
    act: Act | None = None,
    *,
    makes_file: bool = False,
) -> T:
    """Run one use of an installation to its end. One that changes something is an ``act``, kept in the audit log."""
    check_state_file(db, makes_file=makes_file)

    async def main() -> T:
        async with Installation.opened(db) as installation:
            if act is None:
                return await use(installation)
            async with audited(installation, on_the_command_line(), act):
                return await use(installation)

    return asyncio.run(main())


def folder_option(meaning: str) -> Callable[[Use], Use]:
    """``--out``: where files are written."""
    return click.option(
        "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help=meaning
    )


def write_file(folder: Path, name: str, content: bytes) -> None:
    """Into a folder that is made if it does not exist; its path is printed."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME.write(name)
    path.write_bytes(content)
    click.echo(str(path))


def print_json(value: Any) -> None:
    click.echo(json.dumps(msgspec.to_builtins(value), indent=2, ensure_ascii=False))


def print_table(headings: tuple[str, ...], lines: Sequence[tuple[str, ...]], *, empty: str) -> None:
    """A table; or the sentence ``empty``, which says what to do next. Only the last column may break."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - a script that asks for JSON does not pay for it
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    if not lines:
        click.echo(empty)
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=heading != headings[-1])
    for line in lines:
        table.add_row(*line)
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    Console(highlight=False, markup=False, width=width).print(table)


def nested_settings(texts: Sequence[str]) -> dict[str, Any]:
    """``shop.test.user=x`` becomes ``{"shop": {"test": {"user": "x"}}}``.

    Raises click.BadParameter for a text that is not of that form.
    """
    nested: dict[str, Any] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        *tables, name = path.split(".")
        if not equals or not tables:
            raise click.BadParameter(f"{text}: write CONNECTOR.SETTING=VALUE", param_hint="--set")
        inner = nested
        for table in tables:
            inner = inner.setdefault(table, {})
        inner[name] = _value(value)
    return nested


def _value(text: str) -> Any:
    """true, 12 and 1.5 as TOML reads them; everything else is a text."""
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, bool | int | float | list) else text
