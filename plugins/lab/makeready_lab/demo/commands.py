"""``makeready demo``: the product's main job in two minutes."""

import asyncio
import json
import os
import shlex
import shutil
import signal
import sys
from pathlib import Path

import click
import msgspec
from makeready_hooks.errors import MakereadyError
from rich.console import Console

from makeready_lab.demo.environment import World, new_folder, world
from makeready_lab.demo.report import StepFailedError, Teller
from makeready_lab.demo.scenario import NAME, Story
from makeready_lab.emulators.commands import parse_switches
from makeready_lab.emulators.registry import PairOfNames, allow_this_machine, emulators, name_pair

DB_NAME = "makeready.db"


@click.command()
@click.option(
    "--headless", is_flag=True, help="Stop after the story. Exit code 0 only if every step happened."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for report.json, mis-orders.json, shop-products.json and the state; else a temporary one.",
)
@click.option(
    "--switch",
    "switches",
    multiple=True,
    metavar="EMULATOR.NAME=VALUE",
    help="Make an emulator behave differently, and see what becomes of the story. Repeatable.",
)
@name_pair
def demo(headless: bool, out: Path | None, switches: tuple[str, ...], shop: str, mis: str) -> None:
    """Start emulators of a shop and an MIS and the server, and tell the whole story.

    Everything runs on free ports of 127.0.0.1 over real HTTP. Without --headless it keeps running,
    so that you can look around, until Ctrl-C.
    """
    allow_this_machine()
    chosen = _by_emulator(switches)
    folder = new_folder(out)
    teller = Teller(Console(highlight=False))
    asyncio.run(_demo(folder, teller, chosen, PairOfNames(shop=shop, mis=mis), stay=not headless))
    if not teller.all_done:
        raise SystemExit(1)


def _by_emulator(switches: tuple[str, ...]) -> dict[str, dict[str, str]]:
    found = emulators()
    chosen: dict[str, dict[str, str]] = {}
    for text in switches:
        name, _, switch = text.partition(".")
        kind = found.one(name, "emulator", field="switch")
        chosen.setdefault(name, {}).update(parse_switches(kind, (switch,)))
    return chosen


async def _demo(
    folder: Path, teller: Teller, switches: dict[str, dict[str, str]], names: PairOfNames, *, stay: bool
) -> None:
    console = Console(highlight=False)
    console.print(
        "Makeready, from an empty installation to orders in the MIS. The shop allows 10 calls in 10 seconds, "
        "unless --switch turns its limit off.\n"
    )
    async with world(folder / DB_NAME, switches, names) as everything:
        try:
            await Story(everything, teller).tell()
        except (StepFailedError, MakereadyError, LookupError, ValueError):
            stay = False  # the failed step has told it
        finally:
            await _write_files(folder, everything, teller)
        _say_where_to_look(console, folder, everything)
        if stay:
            console.print("\nRunning until Ctrl-C.")
            await _interrupted()


async def _write_files(folder: Path, everything: World, teller: Teller) -> None:
    report = {
        "outcome": "done" if teller.all_done else "failed",
        "steps": msgspec.to_builtins(teller.steps),
    }
    received = await everything.mis.orders_received()
    _write(folder / "report.json", report)
    (folder / "mis-orders.json").write_bytes(b"[\n" + b",\n".join(received) + b"\n]\n")
    _write(folder / "shop-products.json", await everything.shop.products())


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _say_where_to_look(console: Console, folder: Path, everything: World) -> None:
    console.print("\nWhere to look:")
    pages = f"{everything.server_url}/admin (name {everything.user_name}, password {everything.password})"
    lines = (
        ("pages", pages if everything.password else "none: install makeready-admin to see them"),
        (f"{everything.shop_type.title} (emulator)", everything.shop_url),
        (f"{everything.mis_type.title} (emulator)", everything.mis_url),
        ("orders as the MIS received them", str(folder / "mis-orders.json")),
        ("the story as data", str(folder / "report.json")),
        ("an order's history", f"{_typed()} --db {folder / DB_NAME} orders show {NAME} 6994"),
    )
    for what, where in lines:
        console.print(f"  {what}: {where}", soft_wrap=True, markup=False)


def _typed() -> str:
    """What runs this program in the shell of whoever reads it: its name, or where it is if that is not on the path."""
    beside = Path(sys.executable).with_name("makeready")
    if shutil.which("makeready"):
        return "makeready"
    return shlex.quote(os.path.relpath(beside)) if beside.is_file() else f"{sys.executable} -m makeready"


async def _interrupted() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
