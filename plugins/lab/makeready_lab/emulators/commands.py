"""``makeready emulate``: a vendor to talk to, without the vendor."""

import socket
from collections.abc import Mapping
from pathlib import Path

import click
import httpx
import tomli_w
import uvloop
from makeready.web.server import bind, serve_until_told, url_of
from makeready_hooks.errors import ConfigError
from makeready_hooks.testing.emulation import AsgiApp, EmulatorSetup, EmulatorType

from makeready_lab.emulators.registry import emulators


@click.command()
@click.argument("name", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=0, show_default=True, help="The port; 0 takes a free one.")
@click.option(
    "--switch", "switches", multiple=True, metavar="NAME=VALUE", help="Change a behaviour; repeatable."
)
@click.option(
    "--scenario",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What is there at the start.",
)
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="A file that keeps the state.")
@click.option("--seed", default=1, show_default=True, help="Makes ids and faults repeatable.")
@click.option("--list", "list_only", is_flag=True, help="List emulators, or NAME's switches, and stop.")
def emulate(
    name: str | None,
    host: str,
    port: int,
    switches: tuple[str, ...],
    scenario: Path | None,
    state: Path | None,
    seed: int,
    list_only: bool,
) -> None:
    """Run an emulator of the vendor NAME until Ctrl-C."""
    found = emulators()
    if name is None:
        _list_emulators(found.types)
        return
    kind = found.one(name, "emulator", field="name")
    if list_only:
        _list_switches(kind)
        return
    bound = bind(host, port)
    setup = EmulatorSetup(
        base_url=url_of(bound),
        seed=seed,
        scenario=scenario,
        state=state,
        switches=parse_switches(kind, switches),
    )
    app = kind.build(setup)
    uvloop.run(_serve(kind, app, bound))


async def _serve(kind: EmulatorType, app: AsgiApp, bound: socket.socket) -> None:
    driver = kind.driver(url_of(bound), transport=httpx.ASGITransport(app))
    settings = dict(await driver.connector_settings())
    await driver.aclose()
    click.echo(f"{kind.title} (emulator) listens at {url_of(bound)}")
    click.echo(f"A connector signs in with:\n{tomli_w.dumps(settings)}")
    await serve_until_told(app, bound)


def _list_emulators(kinds: Mapping[str, EmulatorType]) -> None:
    for kind in kinds.values():
        click.echo(f"{kind.name}: {kind.title} ({kind.role})")


def _list_switches(kind: EmulatorType) -> None:
    for switch in kind.switches:
        choices = f" [{'|'.join(switch.choices)}]" if switch.choices else ""
        click.echo(f"{switch.name}={switch.default}{choices}\n    {switch.help}")


def parse_switches(kind: EmulatorType, switches: tuple[str, ...]) -> dict[str, str]:
    """``NAME=VALUE`` each. Raises ConfigError for a name or a value that the emulator does not know."""
    known = {switch.name: switch for switch in kind.switches}
    parsed = {}
    for text in switches:
        name, equals, value = text.partition("=")
        if not equals or name not in known:
            raise ConfigError(
                f"{text} does not set a switch.",
                field="switch",
                fix=f"See: makeready emulate {kind.name} --list.",
            )
        if known[name].choices and value not in known[name].choices:
            raise ConfigError(
                f"{name} cannot be {value}.", field="switch", fix=f"Use: {', '.join(known[name].choices)}."
            )
        parsed[name] = value
    return parsed
