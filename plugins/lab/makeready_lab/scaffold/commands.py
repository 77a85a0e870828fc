"""``makeready new``: what a developer of connectors begins with."""

from pathlib import Path

import click
from makeready_hooks import Role

from makeready_lab.scaffold.names import check_name
from makeready_lab.scaffold.write import ROLES, write
from makeready_lab.specification.write import specified


@click.group()
def new() -> None:
    """Begin a connector of your own."""


@new.command()
@click.argument("name")
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in ROLES]),
    help="Whether its vendor produces orders (mis) or sells (storefront).",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder to make.  [default: makeready-NAME, here]",
)
@click.option(
    "--openapi",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The vendor's OpenAPI document: its shapes and calls are written as well, into makeready_NAME/specified.",
)
def connector(name: str, role: str, into: Path | None, openapi: Path | None) -> None:
    """Write a connector NAME, with an emulator of its vendor and tests that pass, to be made yours.

    NAME is the vendor's, in lower-case letters and digits: it becomes that of the package, of the settings and of addresses.
    What is written plays an invented vendor. Change the emulator to what is known of yours, then the connector, until the
    tests pass again: docs/tutorial.md does it step by step.
    """
    check_name(name)
    folder = into or Path(f"makeready-{name}")
    made = write(name, Role(role), folder, specified(openapi, name) if openapi else {})
    lines = sum(path.read_text("utf-8").count("\n") for path in made)
    click.echo(f"{folder}: {len(made)} files, {lines} lines.")
    click.echo(f"Next: cd {folder}, install it and run its tests as its README.md says.")
