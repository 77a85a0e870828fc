"""What carries bytes in this process: looked at in what runs, since each has a slower stand-in that nobody would notice."""

import asyncio
from importlib.metadata import version

import structlog
from aiohttp import http_parser

from makeready.web.connections import LimitedProtocol

SLOW = "in Python"
log = structlog.get_logger("makeready.web")


def in_use() -> dict[str, str]:
    """Names and versions. Call it in the loop that is meant."""
    compiled = http_parser.HttpResponseParser is not http_parser.HttpResponseParserPy
    parser, _, _ = LimitedProtocol.__bases__[0].__module__.rpartition(".")[2].partition("_")
    return {
        "event loop": _named(type(asyncio.get_running_loop()).__module__.partition(".")[0]),
        "server": f"{_named('uvicorn')} with {_named(parser)}",
        "calls": f"{_named('aiohttp')}{'' if compiled else f', {SLOW}'}, {_named('httpx')}",
    }


def note_what_is_in_use() -> None:
    """In the log; a warning if it is not what was chosen, since everything takes several times as long then."""
    found = in_use()
    chosen = found["event loop"].startswith("uvloop ") and SLOW not in found["calls"]
    (log.info if chosen else log.warning)("runs on" if chosen else "runs on what is slow", **found)


def _named(name: str) -> str:
    return f"{name} {version(name)}" if name != "asyncio" else f"asyncio, {SLOW}"
