"""Fetching the files that orders and attachments point to, as the real service does in the background.

For safety only loopback addresses are fetched: an order body must not make the emulator call out.
"""

import asyncio
import hashlib
import ssl
from functools import cache
from ipaddress import ip_address

import httpx

from makeready_tharstern_emulator.background.tasks import Background
from makeready_tharstern_emulator.faults.rates import Chance
from makeready_tharstern_emulator.state.records import File
from makeready_tharstern_emulator.state.world import World
from makeready_tharstern_emulator.switches import Switches
from makeready_tharstern_emulator.wire.calls import Call

_AT_ONCE = 8
_MOST_BYTES = 500_000_000


class Unfetched(Exception):
    """Why a file did not come, in words for a person."""


class Artwork:
    """Fetches files in the background and writes down what became of them."""

    def __init__(self, world: World, switches: Switches, chance: Chance, background: Background) -> None:
        self._world = world
        self._switches = switches
        self._chance = chance
        self._background = background
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def send_for(self, file: File, call: Call | None = None) -> None:
        """Start to fetch. The result becomes an effect of the call that named the file."""
        if self._switches.text("artwork") == "fetch":
            self._background.start(self._fetch(file, call))

    def resume(self) -> None:
        """Send again for files that were on their way when the emulator stopped."""
        for file in list(self._world.files.all()):
            if file.url and not file.fetched and not file.error:
                self.send_for(file)

    async def _fetch(self, file: File, call: Call | None) -> None:
        await asyncio.sleep(self._switches.number("artwork-delay-s"))
        try:
            self._allow(file.url)
            timeout_s = self._switches.number("artwork-timeout-s")
            async with self._slots, asyncio.timeout(timeout_s):
                file.bytes, file.sha256 = await _download(file.url, timeout_s)
            file.fetched = True
        except TimeoutError:
            file.error = "timed out"
        except (httpx.HTTPError, AttributeError) as exc:
            # AttributeError: anyio's, where a server hangs up at once and uvloop has let go of the socket.
            file.error = f"{type(exc).__name__}: {exc}"
        except Unfetched as exc:
            file.error = str(exc)
        self._world.files.put(file)
        self._world.save()
        if call:
            call.did(
                "artwork fetched" if file.fetched else "artwork not fetched", file=file.name, error=file.error
            )

    def _allow(self, url: str) -> None:
        if not is_loopback(url):
            raise Unfetched("not fetched: not a loopback address")
        rate = self._switches.rate("artwork-unreachable")
        if rate and rate.hits(self._chance.stream("artwork-unreachable")):
            raise Unfetched("the address could not be reached")


def is_loopback(url: str) -> bool:
    """True for http and https addresses in 127.0.0.0/8, ``localhost`` and ``::1``."""
    try:
        parsed = httpx.URL(url)
        if parsed.scheme not in ("http", "https"):
            return False
        return parsed.host == "localhost" or ip_address(parsed.host).is_loopback
    except (httpx.InvalidURL, ValueError):
        return False


async def _download(url: str, timeout_s: float) -> tuple[int, str]:
    """Size and SHA-256. Redirects are not followed: they could lead off this machine."""
    digest, size = hashlib.sha256(), 0
    client = httpx.AsyncClient(trust_env=False, verify=tls(), timeout=timeout_s)
    async with client, client.stream("GET", url) as response:
        if response.status_code != httpx.codes.OK:
            raise Unfetched(f"the address answered {response.status_code}")
        async for chunk in response.aiter_bytes():
            digest.update(chunk)
            size += len(chunk)
            if size > _MOST_BYTES:
                raise Unfetched(f"larger than {_MOST_BYTES} bytes")
    return size, digest.hexdigest()


@cache
def tls() -> ssl.SSLContext:
    """Made once: reading the system's certificates takes longer than a fetch."""
    return ssl.create_default_context()
