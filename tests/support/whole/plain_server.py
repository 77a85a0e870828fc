"""A server of a few lines on loopback, that answers what a test says."""

import asyncio

from makeready.outbound.addresses import Reach

THIS_MACHINE = Reach.read("127.0.0.0/8, ::1")
"""Where the servers of tests are: allowed as an operator allows a private network."""


class Server:
    """A server of a few lines that reads a request and then does what a test says."""

    def __init__(self, reply: bytes | None, *, wait: bool = False) -> None:
        self.requests: list[bytes] = []
        self._reply = reply
        self._wait = wait

    async def __aenter__(self) -> "Server":
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/api"
        self._released = asyncio.Event()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._released.set()
        self._server.close()
        await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(
            head + await reader.readexactly(2 if b"content-length: 2" in head.lower() else 0)
        )
        if self._wait:
            await self._released.wait()
        if self._reply is not None:
            writer.write(self._reply)
        writer.close()
        await writer.wait_closed()
