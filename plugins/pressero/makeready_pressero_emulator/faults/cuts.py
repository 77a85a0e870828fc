"""Cuts a connection as a broken network does, below HTTP.

ASGI has no word for it. Under uvicorn ``send`` is bound to an object that holds the transport, which
can be aborted; anywhere else (an in-process transport of httpx) the cut is the exception that httpx
itself raises when a server goes away.
"""

import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class ConnectionCut(httpx.RemoteProtocolError):
    """The server went away without an answer."""


async def cut(receive: Receive, send: Send, *, reset: bool = False) -> None:
    """Close the connection with nothing more said. With ``reset``, the peer sees RST, not an end.

    Raises:
        ConnectionCut: there is no socket, because client and emulator share a process.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionCut("the emulator cut the connection")
    if reset:
        _no_linger(transport)
    transport.abort()
    await gone(receive)


async def gone(receive: Receive) -> None:
    """Wait until the server has noticed that the peer is away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _no_linger(transport: Any) -> None:
    """Makes the kernel send RST at close."""
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
