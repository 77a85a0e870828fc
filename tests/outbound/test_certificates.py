"""A certificate that is not taken is told in words, to a person and at once. Real servers and certificates, on loopback."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from certified import Certified, day
from makeready.outbound.addresses import Reach
from makeready.outbound.client import Outbound
from makeready.outbound.download import Files, unnoted
from makeready.outbound.model import CallRow
from makeready.outbound.sockets import GuardedTransport
from makeready_alerts.channels import post_signed
from makeready_hooks.errors import ConfigError, RetryLater
from makeready_hooks.http import HttpRequest
from plain_server import THIS_MACHINE, Server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
HERE = ("localhost", "127.0.0.1", "::1")
HOSTS = pytest.mark.parametrize("host", ["127.0.0.1", "::1"])


class Printer:
    """One with an authority of its own, and calls that take its certificates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.authority = Certified(folder, "ca.example", title="Northfield Print CA")
        self.calls: list[CallRow] = []
        transport = GuardedTransport(self.authority.trust, THIS_MACHINE)
        self.outbound = Outbound(transport=transport, note=self.calls.append)

    def certificate(self, **values) -> Certified:
        return Certified(self._folder, "mis", **{"names": HERE, "by": self.authority, **values})

    async def send(self, url: str) -> int:
        http = self.outbound.for_connector("a", "mis", None)
        request = HttpRequest(method="POST", url=url, changes_something=True, deadline_s=5)
        return (await http.send(request)).status


@pytest.fixture
async def printer(tmp_path: Path) -> AsyncIterator[Printer]:
    made = Printer(tmp_path)
    yield made
    await made.outbound.aclose()


@HOSTS
async def test_a_certificate_of_a_known_authority_is_taken(printer: Printer, host: str) -> None:
    async with Server(OK, host=host, tls=printer.certificate().server) as server:
        assert await printer.send(server.url) == 200


async def test_a_name_that_leads_to_several_addresses_is_taken(printer: Printer) -> None:
    async with Server(OK, tls=printer.certificate().server) as server:
        assert await printer.send(server.url_at("localhost")) == 200


@HOSTS
@pytest.mark.parametrize(
    ("values", "said", "way_out"),
    [
        ({"days": -1}, f"issued by Northfield Print CA, expired on {day(-1)}.", "Have it renewed"),
        (
            {"since": 2},
            f"issued by Northfield Print CA, is valid from {day(2)} on, which is not yet.",
            "clocks of both machines",
        ),
        (
            {"names": ("mis.example", "10.1.2.3")},
            f"issued by Northfield Print CA, valid until {day(9)}, is for mis.example, 10.1.2.3 and for no other name.",
            "Correct the address",
        ),
        (
            {"by": None, "title": "mis"},
            f"signed by itself, valid until {day(9)}, is of no authority that is known here.",
            "MAKEREADY_CA_FILE",
        ),
    ],
    ids=["expired", "too early", "other host", "of itself"],
)
async def test_one_that_is_not_taken_is_told_with_its_issuer_its_date_and_the_way_out(
    printer: Printer, host: str, values: dict[str, object], said: str, way_out: str
) -> None:
    async with Server(OK, host=host, tls=printer.certificate(**values).server) as server:
        with pytest.raises(ConfigError) as caught:
            await printer.send(server.url)
    assert caught.value.message == f"The certificate of {host}, {said}"
    assert way_out in caught.value.fix
    assert server.requests == [], "nothing was sent"
    assert [(one.status, one.error) for one in printer.calls] == [(0, caught.value.message)]


async def test_one_of_an_unknown_authority_names_that(printer: Printer, tmp_path: Path) -> None:
    other = Certified(tmp_path, "ca.example", title="Somebody's\n CA")
    async with Server(OK, tls=printer.certificate(by=other).server) as server:
        with pytest.raises(
            ConfigError, match=r"127.0.0.1, issued by Somebody's CA, valid until .* of no authority"
        ):
            await printer.send(server.url)


async def test_a_server_without_tls_is_not_taken_for_one_with_a_bad_certificate(printer: Printer) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 What?\r\n\r\n")
        writer.close()

    plain = await asyncio.start_server(talk, "127.0.0.1", 0)
    with pytest.raises(RetryLater, match="it does not speak TLS as it should"):
        await printer.send(f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}/")
    plain.close()


async def test_files_and_alerts_say_the_same(printer: Printer) -> None:
    files, said = (
        Files(THIS_MACHINE),
        f"^The certificate of 127.0.0.1, signed by itself, valid until {day(9)}, is of no",
    )
    async with Server(OK, tls=printer.certificate(by=None).server) as server:
        with pytest.raises(ConfigError, match=said):
            await files.look(server.url)
        with pytest.raises(ConfigError, match=said):
            await post_signed(server.url, "a secret", "id", 0, b"{}", unnoted, THIS_MACHINE)
    await files.aclose()


async def test_no_certificate_is_looked_at_where_no_call_may_lead(printer: Printer) -> None:
    """The answer of the second look is shown to people: it goes nowhere else than the first."""
    async with Server(OK, host="127.0.0.2", tls=printer.certificate(days=-1).server) as server:
        transport = GuardedTransport(printer.authority.trust, Reach.read("127.0.0.1"))
        outbound = Outbound(transport=transport)
        with pytest.raises(ConfigError, match="lies in a private network"):
            await outbound.for_connector("a", "mis", None).send(HttpRequest(method="GET", url=server.url))
        await outbound.aclose()
    assert server.requests == []
