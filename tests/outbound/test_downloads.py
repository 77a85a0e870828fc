"""A file that comes without end holds nobody up for ever."""

import asyncio

import pytest
from makeready.outbound import download
from makeready.outbound.addresses import anywhere
from makeready.outbound.download import Files
from makeready_hooks.errors import RetryLater


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)
    except OSError:
        writer.close()


async def test_a_file_that_drips_is_given_up_after_the_time_for_a_whole_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(download, "WHOLE_FILE_S", 0.3)
    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    files = Files(may_reach=anywhere)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a.pdf"
    with pytest.raises(RetryLater, match="cannot be reached"):
        await asyncio.wait_for(files.fetch(url, limit=10_000_000), 10)
    assert (await files.look(url)).size == 9_999_999
    await files.aclose()
    server.close()
    await asyncio.sleep(0.05)
