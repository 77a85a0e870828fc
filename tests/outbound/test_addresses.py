"""Addresses of files, connectors and alerts that were made to reach into our own network, tried against real servers."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.outbound.addresses import Reach, is_public, read_address
from makeready.outbound.client import Outbound
from makeready.outbound.download import Files, unnoted
from makeready_alerts.channels import post_signed
from makeready_hooks.errors import ConfigError, Refused
from makeready_hooks.http import HttpRequest

FORBIDDEN, PUBLIC = "127.0.0.1", "127.0.0.2"
"""What plays the machine that nobody may reach, and what plays the rest of the world."""
DISGUISES = [
    "127.0.0.1",
    "127\u30020\u30020\u30021",
    "127\uff0e0\uff0e0\uff0e1",
    "127\uff610\uff610\uff611",
    "\uff11\uff12\uff17.0.0.1",
    "\u2460\u2461\u2466.0.0.1",
    "%31%32%37.0.0.1",
    "127.0.0.1.",
    "127\u30020.0.1\u3002",
    "2130706433",
    "127.1",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.01",
    "0.0.0.0",  # noqa: S104 - it is called, not listened at
    "0",
    "localhost",
    "LOCALHOST",
    "local\u00adhost",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[fe80::1%25lo]",
    "user:word@127\u30020\u30020\u30021",
]
ODD = [
    "http://[",
    "http://[::1",
    "http://[v1.x]/",
    "http://shop.example:99999/file",
    "http://shop.example:0/file",
    "http://shop.example:-1/file",
    "http://shop.example:port/file",
    "http://" + "a" * 64 + ".example/file",
    "http://" + "a." * 200 + "example/file",
    "http://\u00fc" + "a" * 80 + ".example/file",
    "http://a..example/file",
    "http://.../file",
    "http://xn--/file",
    "http://a b.example/file",
    "http://\ud800.example/file",
    "http://shop.example/\x00",
    "http://",
    "file:///etc/passwd",
    "",
    "not an address",
]


class Door:
    """A server that counts who came in."""

    def __init__(self) -> None:
        self.visits: list[bytes] = []
        self.reply = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits.append(b"")
        head = await reader.readuntil(b"\r\n\r\n")
        self.visits[-1] = head
        writer.write(self.reply)
        writer.close()
        await writer.wait_closed()

    def send_to(self, address: str) -> None:
        location = f"Location: {address}\r\n".encode()
        self.reply = b"HTTP/1.1 302 Found\r\n" + location + b"Content-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.fixture
async def doors() -> AsyncIterator[tuple[Door, Door, int]]:
    """The forbidden server and the public one, on one port."""
    secret, public = Door(), Door()
    inside = await asyncio.start_server(secret.answer, FORBIDDEN, 0)
    port = inside.sockets[0].getsockname()[1]
    outside = await asyncio.start_server(public.answer, PUBLIC, port)
    yield secret, public, port
    for server in (inside, outside):
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize("host", DISGUISES, ids=ascii)
async def test_no_way_to_write_a_private_address_reaches_it(doors: tuple[Door, Door, int], host: str) -> None:
    secret, _, port = doors
    files = Files()
    with pytest.raises(Refused):
        await files.look(f"http://{host}:{port}/secret")
    with pytest.raises(Refused):
        await files.fetch(f"http://{host}:{port}/secret", limit=100)
    await files.aclose()
    assert secret.visits == []


@pytest.mark.parametrize("host", DISGUISES, ids=ascii)
async def test_no_redirect_to_a_private_address_is_followed(doors: tuple[Door, Door, int], host: str) -> None:
    secret, public, port = doors
    files = Files(Reach.read(PUBLIC))
    public.send_to(f"http://{host}:{port}/secret")
    with pytest.raises(Refused):
        await files.look(f"http://{PUBLIC}:{port}/start")
    await files.aclose()
    assert (len(public.visits), secret.visits) == (1, [])


@pytest.mark.parametrize("url", ODD, ids=ascii)
async def test_what_is_no_address_is_refused_with_a_sentence(doors: tuple[Door, Door, int], url: str) -> None:
    _, public, port = doors
    files = Files(Reach.read(PUBLIC))
    with pytest.raises(Refused) as caught:
        await files.look(url)
    assert str(caught.value).startswith("The file")
    if url.startswith("http") and url.isprintable():
        public.send_to(url)
        with pytest.raises(Refused, match="The file"):
            await files.look(f"http://{PUBLIC}:{port}/start")
    await files.aclose()


@pytest.mark.parametrize("host", DISGUISES, ids=ascii)
async def test_no_connector_and_no_alert_calls_a_private_address(
    doors: tuple[Door, Door, int], host: str
) -> None:
    secret, _, port = doors
    url = f"http://{host}:{port}/secret"
    outbound = Outbound()
    http = outbound.for_connector("northfield", "mis", None)
    for request in (
        HttpRequest(method="GET", url=url),
        HttpRequest(method="POST", url=url, changes_something=True),
    ):
        with pytest.raises(ConfigError):
            await http.send(request)
    with pytest.raises(ConfigError):
        await post_signed(url, "a secret", "id", 0, b"{}", unnoted, Reach())
    await outbound.aclose()
    assert secret.visits == []


@pytest.mark.parametrize("url", ODD, ids=ascii)
async def test_what_is_no_address_of_a_server_is_a_setting_to_correct(url: str) -> None:
    outbound = Outbound(reach=Reach.read(PUBLIC))
    with pytest.raises(ConfigError, match="The address of a server"):
        await outbound.for_connector("a", "mis", None).send(HttpRequest(method="GET", url=url))
    with pytest.raises(ConfigError, match="The address of a server"):
        await post_signed(url, "a secret", "id", 0, b"{}", unnoted, Reach.read(PUBLIC))
    await outbound.aclose()


@pytest.mark.parametrize(
    ("allowed", "host", "reached"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.0/8", "localhost", True),
        ("10.0.0.0/8 localhost", "localhost", True),
        ("LocalHost.", "localhost", True),
        ("localhost", "127.0.0.1", False),
        ("127.0.0.2", "127.0.0.1", False),
        ("10.0.0.0/8, fc00::/7", "localhost", False),
        ("mis.example", "localhost", False),
    ],
)
async def test_what_an_operator_allows_is_reached_and_nothing_else(
    doors: tuple[Door, Door, int], allowed: str, host: str, reached: bool
) -> None:
    secret, _, port = doors
    outbound = Outbound(reach=Reach.read(allowed))
    http = outbound.for_connector("northfield", "mis", None)
    sent = http.send(HttpRequest(method="GET", url=f"http://{host}:{port}/"))
    if reached:
        assert (await sent).body == b"secret"
    else:
        leads = "" if host == "127.0.0.1" else "leads to .*, which "
        with pytest.raises(ConfigError, match=f"^{host} {leads}lies in a private network. Ask the operator"):
            await sent
    await outbound.aclose()
    assert len(secret.visits) == reached


def test_a_network_that_is_allowed_is_so_however_its_addresses_are_written() -> None:
    reach = Reach.read("10.0.0.0/8, ::1")
    within = ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203", "2002:a01:203::", "::1"]
    assert all(reach.allows("mis.example", one) for one in within)
    without = ["11.0.0.1.", "127.0.0.1", "::", "fe80::1", "192.168.0.1", "mis.example", ""]
    assert not any(reach.allows("mis.example", one) for one in without)


@pytest.mark.parametrize(
    "text", ["10.0.0.1/8", "10.0.0.0/33", "10.1", "300.1.1.1", "a b!", "https://mis.example"]
)
def test_a_permission_that_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError, match="is neither a network nor the name of a host"):
        Reach.read(text)


@given(st.one_of(st.text(), st.text().map("http://{}".format), st.text().map("https://x.example:{}/".format)))
def test_any_text_is_an_address_or_refused(url: str) -> None:
    try:
        read_address(url)
    except Refused as exc:
        assert str(exc).startswith("The file's address")


async def test_a_name_keeps_its_place_in_the_call_whatever_address_it_is_reached_at(
    doors: tuple[Door, Door, int],
) -> None:
    inside, _, port = doors
    files = Files(Reach.read(FORBIDDEN))
    assert await files.fetch(f"http://localhost:{port}/file", limit=100) == b"secret"
    await files.aclose()
    assert f"host: localhost:{port}".encode() in inside.visits[0].lower()


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "100.64.0.1", "169.254.169.254", "192.168.1.1", "224.0.0.1", "255.255.255.255", "fe80::1",
     "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::a00:1",
     "64:ff9b:1::a00:1", "2002:a00:1::", "fe80::1%eth0", "2001::1"],
)  # fmt: skip
def test_an_address_that_is_not_of_the_open_internet_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808", "2002:808:808::"])
def test_an_address_of_the_open_internet_is_known(address: str) -> None:
    assert is_public(address)
