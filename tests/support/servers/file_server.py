"""A server of files on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FileServer:
    """Serves what a test puts in ``answers``, by path; 404 for the rest."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.heads: list[bytes] = []
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        path = head.split(b" ")[1].decode()
        missing = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
        writer.write(self.answers.get(path, missing))
        writer.close()
        await writer.wait_closed()

    def put(self, path: str, content: bytes, status: str = "200 OK", extra: str = "") -> str:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\nContent-Type: application/pdf\r\n{extra}\r\n"
        self.answers[path] = head.encode() + content
        return self.url + path


@asynccontextmanager
async def serving() -> AsyncIterator[FileServer]:
    made = FileServer()
    listening = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield made
    listening.close()
    await listening.wait_closed()
