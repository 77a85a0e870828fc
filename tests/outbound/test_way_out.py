"""An authority of the printer's own, and a proxy: named by an operator, in the environment. Real servers on loopback."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from certified import Certified
from makeready.outbound.addresses import Reach
from makeready.outbound.client import Outbound, check_environment, trusted
from makeready_hooks.errors import ConfigError, RetryLater
from makeready_hooks.http import HttpRequest
from plain_server import THIS_MACHINE, Server
from processes import run_anew

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
OUTSIDE = "8.8.8.8"
"""An address of the open internet, which the proxy of a test plays."""


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("MAKEREADY_CA_FILE", "MAKEREADY_PROXY"):
        monkeypatch.delenv(name, raising=False)
    trusted.cache_clear()
    yield
    trusted.cache_clear()


class Proxy:
    """It leads everything to one server."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.leads_to = 0
        self.refuses = False
        self.ways: list[asyncio.Task[None] | None] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.ways.append(asyncio.current_task())
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head)
        if self.refuses:
            writer.write(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        far_reader, far = await asyncio.open_connection("127.0.0.1", self.leads_to)
        if head.startswith(b"CONNECT"):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            far.write(head)
        await asyncio.gather(_carry(reader, far), _carry(far_reader, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    writer.close()
    await writer.wait_closed()


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Proxy]:
    made = Proxy()
    server = await asyncio.start_server(made.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("MAKEREADY_PROXY", f"http://ada:hush@127.0.0.1:{port}")
    yield made
    server.close()
    await asyncio.gather(*filter(None, made.ways))


async def send(url: str, reach: Reach = THIS_MACHINE) -> int:
    outbound = Outbound(reach=reach)
    request = HttpRequest(method="POST", url=url, body=b"{}", changes_something=True, deadline_s=5)
    try:
        return (await outbound.for_connector("a", "mis", None).send(request)).status
    finally:
        await outbound.aclose()


async def test_an_authority_of_the_printer_s_own_is_taken_beside_the_known_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Certified(tmp_path, "ca.example")
    known = len(trusted().get_ca_certs())
    tls = Certified(tmp_path, "mis", names=("127.0.0.1",), by=own).server
    async with Server(OK, tls=tls) as server:
        with pytest.raises(ConfigError, match="MAKEREADY_CA_FILE"):
            await send(server.url)
        monkeypatch.setenv("MAKEREADY_CA_FILE", str(own.file))
        trusted.cache_clear()
        check_environment()
        assert await send(server.url) == 200
    assert len(trusted().get_ca_certs()) == known + 1


@pytest.mark.parametrize("content", [None, "", "x"])
def test_a_file_without_authorities_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("MAKEREADY_CA_FILE", str(file))
    said = rf"^{file} cannot be read, or holds no certificate in PEM\. Set MAKEREADY_CA_FILE"
    with pytest.raises(ConfigError, match=said):
        check_environment()


def test_no_process_starts_with_one(tmp_path: Path) -> None:
    env = {"MAKEREADY_CA_FILE": str(tmp_path / "gone.pem")}
    done = run_anew("serve", "--port", "0", db=tmp_path / "makeready.db", env=env)
    assert done.returncode == 3
    assert f"{tmp_path}/gone.pem cannot be read, or holds no certificate in PEM." in " ".join(
        done.stderr.split()
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "text", ["proxy.example:3128", "socks5://127.0.0.1:1", "https://p.example", "http://", "http://["]
)
def test_a_proxy_that_is_none_is_one_sentence(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("MAKEREADY_PROXY", text)
    with pytest.raises(
        ConfigError, match=r"^The address of the proxy cannot be used\. Write MAKEREADY_PROXY as in http://"
    ):
        check_environment()


async def test_calls_into_the_open_internet_go_through_the_proxy(
    proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Certified(tmp_path, "ca.example")
    monkeypatch.setenv("MAKEREADY_CA_FILE", str(own.file))
    async with Server(OK, tls=Certified(tmp_path, "mis", names=(OUTSIDE,), by=own).server) as server:
        proxy.leads_to = server.port
        assert await send(f"https://{OUTSIDE}/api", Reach()) == 200
    assert proxy.asked[0].startswith(b"CONNECT 8.8.8.8:443 ")
    assert b"Proxy-Authorization: Basic YWRhOmh1c2g=" in proxy.asked[0]
    assert b"roxy" not in server.requests[0]


async def test_no_proxy_leads_into_a_private_network_and_what_is_allowed_there_is_called_directly(
    proxy: Proxy,
) -> None:
    async with Server(OK) as server:
        for host in ("127.0.0.1", "localhost", "10.1.2.3", "[::1]"):
            with pytest.raises(ConfigError, match="lies in a private network"):
                await send(server.url_at(host), Reach())
        assert await send(server.url) == 200
    assert proxy.asked == []
    assert len(server.requests) == 1


async def test_a_proxy_that_refuses_or_is_away_is_told_as_such(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.refuses = True
    with pytest.raises(RetryLater, match=r"8.8.8.8 cannot be reached \(the proxy does not let us through\)"):
        await send(f"https://{OUTSIDE}/api")
    monkeypatch.setenv("MAKEREADY_PROXY", "http://127.0.0.1:9")
    with pytest.raises(RetryLater, match=r"8.8.8.8 cannot be reached \(the proxy cannot be reached\)"):
        await send(f"https://{OUTSIDE}/api")
