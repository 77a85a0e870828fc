"""A server of files, and a company whose files may lie there."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
from file_server import FileServer
from pretend import Bench


@pytest.fixture
async def server() -> AsyncIterator[FileServer]:
    made = FileServer()
    listening = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield made
    listening.close()
    await listening.wait_closed()


@pytest.fixture
async def private(bench: Bench) -> Bench:
    """A subscriber whose files may lie in a private network, as those of these tests do."""
    rules = msgspec.structs.replace(bench.subscriber.orders, private_files=True)
    await bench.installation.store.subscribers.save([msgspec.structs.replace(bench.subscriber, orders=rules)])
    return bench
