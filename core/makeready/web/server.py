"""Sockets and uvicorn: one way to serve an ASGI application, for the server, emulators and the demo."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator
from typing import Any, cast

import uvicorn
from makeready_hooks.errors import ConfigError
from starlette.datastructures import State

from makeready.web.connections import ConnectionLimits, limited_protocol

BACKLOG = 2048


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens: calls wait for the server to start. Port 0 takes a free one.

    Raises ConfigError for a busy port or a wrong host.
    """
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted connections inherit it. Without, an answer's body waits 40 ms for the head's acknowledgement.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except (OSError, OverflowError) as exc:
        bound.close()
        raise ConfigError(
            f"{host}:{port} cannot be used: {exc}.",
            field="port",
            fix="Stop what runs there, or choose another with --port (0 takes a free one).",
        ) from exc
    return bound


def url_of(bound: socket.socket) -> str:
    """``http://127.0.0.1:8300``."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class EmbeddedServer(uvicorn.Server):
    """A server that leaves signals to whoever runs it, so that several can share a process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """An answer that has no end of its own, such as a page's news, ends with `stopping`."""
        if state := getattr(self.config.app, "state", None):
            stopping(state).set()
        await super().shutdown(sockets)


def stopping(state: State) -> asyncio.Event:
    """Of an application: set once its server ends."""
    if not hasattr(state, "stopping"):
        state.stopping = asyncio.Event()
    found: asyncio.Event = state.stopping
    return found


async def serve_until_told(app: Any, bound: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, finish what is under way, and return. A second signal cuts it short."""
    server = EmbeddedServer(configuration(app))
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await server.serve(sockets=[bound])


def configuration(app: Any, limits: ConnectionLimits | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", limited_protocol(limits or ConnectionLimits())),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
