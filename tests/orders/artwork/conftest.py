"""A server of files, and a company whose files may lie there."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from file_server import FileServer, serving
from pretend import Bench


@pytest.fixture
async def server() -> AsyncIterator[FileServer]:
    async with serving() as made:
        yield made


@pytest.fixture
async def private(bench: Bench) -> Bench:
    """A subscriber whose files may lie in a private network, as those of these tests do."""
    rules = msgspec.structs.replace(bench.subscriber.orders, private_files=True)
    await bench.installation.store.subscribers.save([msgspec.structs.replace(bench.subscriber, orders=rules)])
    return bench
