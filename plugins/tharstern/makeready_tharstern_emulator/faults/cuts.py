"""Ending a connection without an answer, in the ways in which networks do.

Under a server, the transport is found through the ``send`` that the server hands in (uvicorn binds
it to an object that has ``transport``) and aborted, with unsent data dropped: the client sees a
reset. In process there is no connection: an `httpx.ReadError` is raised, which is what the client
would see.
"""

import socket
import struct
from typing import Any

import httpx

_LINGER_0 = struct.pack("ii", 1, 0)
"""Close at once and with a reset (SO_LINGER on, 0 seconds)."""


class ConnectionCut(httpx.ReadError):
    """What a client in the same process sees of a cut."""


def transport_of(send: Any) -> Any:
    """The asyncio transport under a server's ``send``; None in process."""
    return getattr(getattr(send, "__self__", None), "transport", None)


async def cut(receive: Any, send: Any) -> None:
    """Reset the connection, and wait until the server has noticed. Raises ConnectionCut in process."""
    transport = transport_of(send)
    if transport is None:
        raise ConnectionCut("the connection was reset")
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_0)
    transport.abort()
    await wait_for_goodbye(receive)


async def wait_for_goodbye(receive: Any) -> None:
    """Until the connection is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
