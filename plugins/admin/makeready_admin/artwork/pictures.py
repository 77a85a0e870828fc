"""Pictures of files of an order: fetched where the file lies, drawn by another process, kept for a while."""

import asyncio
import sys

from makeready.installation import Installation
from makeready.orders.artwork.model import FileRow
from makeready.orders.artwork.sync import ARTWORK
from makeready.outbound.addresses import host_name
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import Refused

MOST_BYTES = 25_000_000
"""Of a file that is fetched for a picture."""
DRAWN_WITHIN_S = 20.0
AT_ONCE = asyncio.Semaphore(2)
"""Files that are drawn: orders are not to wait for pictures."""


async def picture_of(installation: Installation, subscriber: Subscriber, file: FileRow) -> bytes:
    """As PNG. Raises Refused for a file that may not be fetched, is too big, or is no picture; RetryLater if it is away."""
    hosts = subscriber.orders.file_hosts
    if hosts and host_name(file.url) not in hosts:
        raise Refused("Files of this host are not fetched.", fix="Add the host in the settings of orders.")
    if file.size and file.size > MOST_BYTES:
        raise Refused("The file is too big for a picture.", fix="Open it in the shop.")
    async with AT_ONCE:
        files = installation.files(allow_private=subscriber.orders.private_files)
        begin = installation.start_call(subscriber.name, ARTWORK)
        return await draw(await files.fetch(file.url, begin, limit=MOST_BYTES))


async def draw(content: bytes) -> bytes:
    """Raises Refused for what cannot be drawn."""
    module = "makeready_admin.artwork.render"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        drawn, _errors = await asyncio.wait_for(process.communicate(content), DRAWN_WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.wait()
        drawn = b""
    if process.returncode or not drawn:
        raise Refused("There is no picture of this kind of file.", fix="Open it in the shop.")
    return drawn
