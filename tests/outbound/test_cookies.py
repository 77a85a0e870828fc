"""A server that sets cookies, and two companies that call it: nothing of one's call is in the other's."""

from collections.abc import AsyncIterator

import pytest
from makeready.outbound.client import Outbound
from makeready.outbound.download import Files, unnoted
from makeready_alerts.channels import post_signed
from makeready_hooks.http import HttpRequest
from plain_server import THIS_MACHINE, Server

HOSTS = ["127.0.0.1", "localhost"]
"""A host of numbers and one with a name: jars treat them differently."""
COOKIES = b"Set-Cookie: session=of-the-first; Path=/\r\nSet-Cookie: plain=1\r\n"
SETS_COOKIES = b"HTTP/1.1 200 OK\r\n" + COOKIES + b"Content-Length: 2\r\n\r\n{}"


@pytest.fixture(params=HOSTS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    async with Server(SETS_COOKIES) as made:
        made.url = made.url.replace("127.0.0.1", request.param)
        yield made


def cookies(server: Server) -> list[bytes]:
    lines = [line for head in server.requests for line in head.lower().split(b"\r\n")]
    return [line for line in lines if line.startswith(b"cookie:")]


async def test_a_cookie_that_a_vendor_sets_for_one_company_is_not_sent_for_another(server: Server) -> None:
    outbound = Outbound(reach=THIS_MACHINE)
    for company in ("northfield", "southfield", "northfield"):
        http = outbound.for_connector(company, "shop", None)
        answer = await http.send(HttpRequest(method="GET", url=server.url))
        assert "set-cookie" in answer.headers, "a connector still sees what its vendor answers"
    await outbound.aclose()
    assert (len(server.requests), cookies(server)) == (3, [])


async def test_a_cookie_that_a_connector_sends_itself_goes_with_its_own_call_only(server: Server) -> None:
    outbound = Outbound(reach=THIS_MACHINE)
    for company, headers in (("northfield", {"Cookie": "own=1"}), ("southfield", {})):
        http = outbound.for_connector(company, "shop", None)
        await http.send(HttpRequest(method="GET", url=server.url, headers=headers))
    await outbound.aclose()
    assert cookies(server) == [b"cookie: own=1"]


async def test_a_cookie_of_a_file_server_is_not_sent_for_the_next_file(server: Server) -> None:
    files = Files(THIS_MACHINE)
    await files.fetch(server.url, limit=10)
    await files.fetch(server.url, limit=10)
    await files.look(server.url)
    await files.aclose()
    assert (len(server.requests), cookies(server)) == (3, [])


async def test_a_cookie_of_a_receiver_of_alerts_is_not_sent_with_the_next_alert(server: Server) -> None:
    for number in range(2):
        await post_signed(server.url, "a secret", f"m{number}", 0, b"{}", unnoted, THIS_MACHINE)
    assert (len(server.requests), cookies(server)) == (2, [])
