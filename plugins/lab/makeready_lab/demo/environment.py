"""The demonstration's world: both emulators and the server, each on a free loopback port."""

import asyncio
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from makeready.cli import COMMANDS
from makeready.installation import Installation
from makeready.web.app import create_app
from makeready.web.server import EmbeddedServer, bind, configuration, url_of
from makeready_hooks.errors import ConfigError
from makeready_hooks.testing.emulation import EmulatorSetup, EmulatorType, MisDriver, ShopDriver
from msgspec import Struct

from makeready_lab.emulators.registry import PairOfNames, pair_of

HOST = "127.0.0.1"
USER = "operator"


class World(Struct, frozen=True, kw_only=True):
    installation: Installation
    server_url: str
    user_name: str
    """Of an operator who may sign in to the pages."""
    password: str
    """Empty without pages: then there is nobody to sign in."""
    shop_type: EmulatorType
    shop_url: str
    shop: ShopDriver
    mis_type: EmulatorType
    mis_url: str
    mis: MisDriver


@asynccontextmanager
async def world(
    db: Path, switches: Mapping[str, Mapping[str, str]], names: PairOfNames
) -> AsyncIterator[World]:
    """Start everything; stop it at the end. ``switches`` are the emulators', by their names."""
    shop_type, mis_type = pair_of(names)
    async with AsyncExitStack() as stack:
        shop_url = await stack.enter_async_context(_emulating(shop_type, switches))
        mis_url = await stack.enter_async_context(_emulating(mis_type, switches))
        installation = Installation.open(db)
        stack.push_async_callback(installation.aclose)
        bound, password = bind(HOST, 0), await _add_user(db)
        await installation.store.subscribers.set_public_url(url_of(bound))
        await stack.enter_async_context(_serving(create_app(installation), bound))
        shop, mis = shop_type.driver(shop_url), mis_type.driver(mis_url)
        stack.push_async_callback(shop.aclose)
        stack.push_async_callback(mis.aclose)
        yield World(
            installation=installation,
            server_url=url_of(bound),
            user_name=USER,
            password=password,
            shop_type=shop_type,
            shop_url=shop_url,
            shop=shop,
            mis_type=mis_type,
            mis_url=mis_url,
            mis=mis,
        )


async def _add_user(db: Path) -> str:
    """Make a user by the command of the extension that has users. Returns the password; empty without one."""
    if not any(entry.name.startswith("user:") for entry in entry_points(group=COMMANDS)):
        return ""
    command = [sys.executable, "-m", "makeready", "--db", str(db), "user", "add", USER, "--role", "operator"]
    process = await asyncio.create_subprocess_exec(*command, "--generate", stdout=PIPE, stderr=PIPE)
    password, trouble = await process.communicate()
    if process.returncode:
        raise ConfigError(f"The user of the demonstration was not made: {trouble.decode().strip()}")
    return password.decode().strip()


@asynccontextmanager
async def _emulating(kind: EmulatorType, switches: Mapping[str, Mapping[str, str]]) -> AsyncIterator[str]:
    bound = bind(HOST, 0)
    app = kind.build(EmulatorSetup(base_url=url_of(bound), switches=switches.get(kind.name, {})))
    async with _serving(app, bound):
        yield url_of(bound)


@asynccontextmanager
async def _serving(app: Any, bound: Any) -> AsyncIterator[None]:
    server = EmbeddedServer(configuration(app))
    running = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started:
        if running.done():
            raise ConfigError("A server of the demonstration did not start.") from running.exception()
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await running


def new_folder(out: Path | None) -> Path:
    """A folder for the demonstration's files. Raises ConfigError if it holds an earlier state."""
    if out is None:
        return Path(tempfile.mkdtemp(prefix="makeready-demo-"))
    out.mkdir(parents=True, exist_ok=True)
    if (out / "makeready.db").exists():
        raise ConfigError(
            f"{out} holds an earlier demonstration.",
            field="out",
            fix="Remove it, or name another folder with --out.",
        )
    return out
