"""A server of a few lines on loopback, that answers what a test says."""

import asyncio
import ssl

from makeready.outbound.addresses import Reach

THIS_MACHINE = Reach.read("127.0.0.0/8, ::1")
"""Where the servers of tests are: allowed as an operator allows a private network."""


class Server:
    """A server of a few lines that reads a request and then does what a test says."""

    def __init__(
        self,
        reply: bytes | None,
        *,
        wait: bool = False,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``tls``: it has a certificate."""
        self.requests: list[bytes] = []
        self.port = port
        self.reply = reply
        self._wait = wait
        self._host, self._tls = host, tls

    async def __aenter__(self) -> "Server":
        self._server = await asyncio.start_server(self._answer, self._host, self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = self.url_at(f"[{self._host}]" if ":" in self._host else self._host)
        self._released = asyncio.Event()
        return self

    def url_at(self, name: str) -> str:
        return f"{'https' if self._tls else 'http'}://{name}:{self.port}/api"

    async def __aexit__(self, *exc: object) -> None:
        self._released.set()
        self._server.close()
        await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):  # it was only looked at
            writer.close()
            return
        self.requests.append(
            head + await reader.readexactly(2 if b"content-length: 2" in head.lower() else 0)
        )
        if self._wait:
            await self._released.wait()
        if self.reply is not None:
            writer.write(self.reply)
        writer.close()
        await writer.wait_closed()
