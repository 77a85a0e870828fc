"""Names that cannot be looked up, that lead elsewhere by now, or to several addresses. Real servers, and a name server of
the test's own.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from makeready.outbound.addresses import Reach
from makeready.outbound.client import Outbound, trusted
from makeready.outbound.sockets import GuardedTransport
from makeready_hooks.errors import ConfigError, OutcomeUnknown, RetryLater
from makeready_hooks.http import HttpRequest
from plain_server import THIS_MACHINE, Server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
NAME = "mis.northfield.example"


class Names(AbstractResolver):
    """Every name leads to these addresses, or fails in this way."""

    def __init__(self, *addresses: str, fails: OSError | None = None) -> None:
        self.addresses: Sequence[str] = addresses
        self._fails = fails

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self._fails:
            raise self._fails
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for one in self.addresses
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def calling(names: Names, reach: Reach = THIS_MACHINE) -> AsyncIterator[Callable[[str], object]]:
    outbound = Outbound(transport=GuardedTransport(trusted(), reach, resolver=names))
    http = outbound.for_connector("a", "mis", None)

    async def send(url: str) -> int:
        request = HttpRequest(method="POST", url=url, body=b"{}", changes_something=True, deadline_s=5)
        return (await http.send(request)).status

    yield send
    await outbound.aclose()


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "its name is not known"),
        (socket.gaierror(socket.EAI_NODATA, "No address"), "its name is not known"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "the name server does not answer"),
    ],
)
async def test_a_name_that_cannot_be_looked_up_passes_and_is_told(fails: OSError, said: str) -> None:
    async with calling(Names(fails=fails)) as send:
        with pytest.raises(
            RetryLater, match=rf"^{NAME} cannot be reached \({said}\)\. Check that its address"
        ):
            await send(f"https://{NAME}/")


async def test_an_address_that_changes_is_followed_within_seconds() -> None:
    names = Names("127.0.0.1")
    async with calling(names) as send:
        async with Server(OK, host="127.0.0.1") as before:
            assert await send(before.url_at(NAME)) == 200
        async with Server(OK, host="127.0.0.2", port=before.port) as after, asyncio.timeout(4):
            names.addresses = ["127.0.0.2"]
            while not after.requests:
                try:
                    await send(before.url_at(NAME))
                except RetryLater:
                    await asyncio.sleep(0.05)  # between tries: names are kept for a moment


@pytest.mark.parametrize("addresses", [("127.0.0.1", "::1"), ("::1", "127.0.0.1"), ("::1",)])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_one_address_of_several_is_enough(addresses: tuple[str, ...], host: str) -> None:
    if host not in addresses:
        host = addresses[0]
    async with calling(Names(*addresses)) as send, Server(OK, host=host) as server:
        assert await send(server.url_at(NAME)) == 200


async def test_all_are_closed() -> None:
    async with calling(Names("127.0.0.1", "::1")) as send, Server(OK) as server:
        pass
    async with calling(Names("127.0.0.1", "::1")) as send:
        with pytest.raises(RetryLater, match=r"\(connection refused\)"):
            await send(server.url_at(NAME))


async def test_an_address_that_may_not_be_reached_does_not_hide_one_that_may() -> None:
    reach = Reach.read("127.0.0.1")
    async with calling(Names("::1", "127.0.0.1"), reach) as send, Server(OK) as server:
        assert await send(server.url_at(NAME)) == 200
    async with calling(Names("::1", "127.0.0.1"), reach) as send:
        with pytest.raises(ConfigError, match="leads to ::1, which lies in a private network"):
            await send(server.url_at(NAME))


async def test_a_call_that_went_to_the_one_that_may_be_reached_is_in_doubt_if_nothing_is_answered() -> None:
    async with calling(Names("::1", "127.0.0.1"), Reach.read("127.0.0.1")) as send, Server(None) as server:
        with pytest.raises(OutcomeUnknown, match="it hung up without an answer"):
            await send(server.url_at(NAME))
    assert len(server.requests) == 1


async def test_the_network_library_asks_the_name_server_of_the_machine() -> None:
    """What the library takes for a failure of a name is what the machine's own look-up raises."""
    with pytest.raises(socket.gaierror) as caught:
        await asyncio.get_running_loop().getaddrinfo("a-name-of-nobody.invalid", 80)
    assert caught.value.errno in (socket.EAI_NONAME, socket.EAI_NODATA, socket.EAI_AGAIN)
    assert issubclass(aiohttp.ClientConnectorDNSError, aiohttp.ClientConnectorError)
