"""``makeready serve`` and ``makeready worker``."""

import asyncio
import gc
import logging
import signal
from pathlib import Path

import click
import structlog
import uvloop
from makeready_hooks.errors import ConfigError
from makeready_hooks.fit import offered

from makeready.connectors.watchdog import watchdog
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.logs import configure
from makeready.orders.life.check_in import check_in
from makeready.storage.database import safe_for_two_processes
from makeready.terminal import check_state_file
from makeready.web.app import create_app
from makeready.web.in_use import note_what_is_in_use
from makeready.web.server import bind, serve_until_told, url_of
from makeready.work import add_schedules, engine_for

log = structlog.get_logger("makeready.cli")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8300, show_default=True, help="The port; 0 takes a free one.")
@click.option(
    "--public-url",
    envvar="MAKEREADY_PUBLIC_URL",
    default="",
    help="Where the outside reaches this server, such as https://bridge.example. Remembered.",
)
@click.option("--no-work", is_flag=True, help="Only answer; leave due work to `makeready worker`.")
@click.pass_obj
def serve(db: Path, host: str, port: int, public_url: str, no_work: bool) -> None:
    """Run the server: it takes webhooks in, answers price questions, and does the work they cause.

    The pages are at /admin. While there is no user yet, a link is printed that makes the first one.
    Stop it with Ctrl-C; what is under way is finished, what is not is taken up at the next start.
    """
    configure(level=logging.INFO)
    check_state_file(db, makes_file=True)
    uvloop.run(_serve(db, host, port, public_url, work=not no_work))


async def _serve(db: Path, host: str, port: int, public_url: str, *, work: bool) -> None:
    async with Installation.opened(db) as installation:
        bound = bind(host, port)
        if public_url:
            await installation.set_public_url(public_url)
        click.echo(f"makeready listens at {url_of(bound)} (state: {db})")
        _tell_of_broken_plugins(installation)
        if work:
            _tell(await check_in(installation))
            await add_schedules(installation)
        for line in await installed().start(installation, url_of(bound)):
            click.echo(line)
        app = create_app(installation, work=work)
        _settle()
        with watchdog():
            await serve_until_told(app, bound)


def _settle() -> None:
    """What is loaded by now stays: 100,000 objects that the collector need not look through again, 50 ms each time. Nearly
    nothing of what orders leave behind is for it, so that it comes seldom: that is 3 % of an order.
    """
    note_what_is_in_use()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _tell(line: str) -> None:
    if line:
        click.echo(line)


def _tell_of_broken_plugins(installation: Installation) -> None:
    for one in [*installation.broken_plugins, *installed().broken]:
        log.error("a plugin cannot be loaded", plugin=one.name, origin=one.origin, why=one.why, fix=one.fix)
    for kind in installation.kinds.values():
        for text in offered(kind).outdated:
            log.warning("a connector was built for an older contract", connector=kind.name, changed=text)


@click.command()
@click.pass_obj
def worker(db: Path) -> None:
    """Do due work in a process of its own, beside `makeready serve --no-work` or another worker.

    It waits while the state file does not take changes. It ends with 1 if it cannot go on: start it again.
    """
    configure(level=logging.INFO)
    if not safe_for_two_processes():
        raise ConfigError(
            "This SQLite can damage its file when two processes write to it.",
            fix="Install pysqlite3 0.6.1 or newer, or let `makeready serve` do the work.",
        )
    check_state_file(db, makes_file=False)
    uvloop.run(_work(db))


async def _work(db: Path) -> None:
    async with Installation.opened(db) as installation:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        click.echo(f"makeready works on {db}")
        _tell(await check_in(installation))
        await add_schedules(installation)
        _tell_of_broken_plugins(installation)
        _settle()
        try:
            with watchdog():
                await engine_for(installation).run(stop)
        except Exception as exc:
            log.critical("the engine ended by a defect", exc_info=exc)
            raise SystemExit(1) from exc
