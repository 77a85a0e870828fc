"""A file that comes without end holds nobody up for ever."""

import asyncio

import pytest
from makeready.outbound import download
from makeready.outbound.download import Files
from makeready_hooks.errors import RetryLater
from plain_server import THIS_MACHINE


class Dripping:
    """A server whose file never ends."""

    def __init__(self) -> None:
        self.ended = False
        self.speaking: list[asyncio.Task[None] | None] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.speaking.append(asyncio.current_task())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n")
        while not self.ended:
            writer.write(b"x")
            await asyncio.sleep(0.01)
        writer.close()


async def test_a_file_that_drips_is_given_up_after_the_time_for_a_whole_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(download, "WHOLE_FILE_S", 0.3)
    dripping, files = Dripping(), Files(THIS_MACHINE)
    server = await asyncio.start_server(dripping.talk, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a.pdf"
    with pytest.raises(RetryLater, match="cannot be reached"):
        await asyncio.wait_for(files.fetch(url, limit=10_000_000), 10)
    assert (await files.look(url)).size == 9_999_999
    await files.aclose()
    dripping.ended = True
    server.close()
    await asyncio.gather(*filter(None, dripping.speaking))


@pytest.mark.parametrize(
    "told", [b"\xb2", b"9" * 5000, b"-1", b"", b"5 "], ids=["square", "endless", "less", "none", "five"]
)
async def test_a_size_that_is_no_number_is_not_known(told: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = (
            b"HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\nContent-Range: bytes 0-0/%b\r\n\r\nx"
            % told
        )
        writer.write(head)
        await writer.drain()
        writer.close()

    files, server = Files(THIS_MACHINE), await asyncio.start_server(talk, "127.0.0.1", 0)
    found = await files.look(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a.pdf")
    assert found.size == (5 if told == b"5 " else None)
    await files.aclose()
    server.close()
