"""Mail goes over TLS that is checked; a login never goes in clear unless an operator says so. Real sockets on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from certified import Certified
from makeready.outbound.download import unnoted
from makeready_alerts import mail
from makeready_alerts.channels import post_signed
from makeready_hooks.errors import ConfigError, RetryLater
from plain_server import THIS_MACHINE

HOST = "localhost"
Speaks = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
CAN = b"250-mail.example\r\n250-AUTH PLAIN LOGIN\r\n250 "


class Server:
    """What it hears, and in which way."""

    def __init__(self, tls: ssl.SSLContext | None, *, offers: bytes = b"STARTTLS") -> None:
        self.heard: list[tuple[bytes, bool]] = []
        self._tls = tls
        self._offers = offers

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        try:
            while line := await reader.readline():
                secret = writer.get_extra_info("ssl_object") is not None
                self.heard.append((line.strip(), secret))
                word = line.upper().split()[0]
                if word == b"EHLO":
                    writer.write(CAN + (b"8BITMIME" if secret else self._offers) + b"\r\n")
                elif word == b"STARTTLS":
                    writer.write(b"220 go on\r\n")
                    await writer.start_tls(self._tls or ssl.create_default_context())
                elif word == b"AUTH":
                    writer.write(b"235 ok\r\n")
                elif word == b"DATA":
                    writer.write(b"354 go on\r\n")
                    self.heard.append((await reader.readuntil(b"\r\n.\r\n"), secret))
                    writer.write(b"250 ok\r\n")
                else:
                    writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    @property
    def mails(self) -> list[bytes]:
        return [text for text, _ in self.heard if b"Subject:" in text]

    @property
    def in_clear(self) -> list[bytes]:
        return [text for text, secret in self.heard if not secret]


@asynccontextmanager
async def serving(made: Server, at_once: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    server = await asyncio.start_server(made.talk, "127.0.0.1", 0, ssl=at_once)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def send(url: str, trust: ssl.SSLContext | None = None) -> None:
    environ = {"MAKEREADY_SMTP_URL": url, "MAKEREADY_MAIL_FROM": "makeready@northfield.example"}
    people = ("ada@northfield.example",)
    await mail.send_mail(environ, people, "Two\nlines", "text", "id-1", unnoted, trust=trust)


@pytest.fixture
def good(tmp_path: Path) -> Certified:
    return Certified(tmp_path, HOST)


async def test_the_login_goes_over_tls_that_is_asked_for(good: Certified) -> None:
    made = Server(good.server)
    async with serving(made) as port:
        await send(f"smtp://ada:hush@{HOST}:{port}", good.trust)
    assert len(made.mails) == 1
    assert b"Subject: Two lines" in made.mails[0]
    assert {text.split()[0].upper() for text in made.in_clear} == {b"EHLO", b"STARTTLS"}


async def test_tls_from_the_beginning(good: Certified) -> None:
    made = Server(None)
    async with serving(made, good.server) as port:
        await send(f"smtps://ada:hush@{HOST}:{port}", good.trust)
    assert (len(made.mails), made.in_clear) == (1, [])


async def test_a_server_that_does_not_encrypt_gets_neither_login_nor_mail() -> None:
    made = Server(None, offers=b"8BITMIME")
    async with serving(made) as port:
        with pytest.raises(ConfigError, match=r"does not encrypt \(no STARTTLS\)") as caught:
            await send(f"smtp://ada:hush@{HOST}:{port}")
    assert "?tls=off" in (caught.value.fix or "")
    assert {text.split()[0].upper() for text in made.in_clear} <= {b"EHLO", b"QUIT"}


async def test_an_operator_can_say_that_nothing_is_encrypted() -> None:
    made = Server(None, offers=b"8BITMIME")
    async with serving(made) as port:
        await send(f"smtp://{HOST}:{port}?tls=off")
    assert len(made.mails) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize(
    ("name", "days", "said"),
    [
        ("other.example", 9, r"valid until \d+ \w+ \d{4}, is for other.example and for no other name"),
        (HOST, -1, r"expired on \d+ \w+ \d{4}\. Have it renewed"),
    ],
)
async def test_a_certificate_of_another_name_or_time_is_not_taken(
    tmp_path: Path, scheme: str, name: str, days: int, said: str
) -> None:
    wrong = Certified(tmp_path, name, days=days)
    made = Server(wrong.server)
    async with serving(made, wrong.server if scheme == "smtps" else None) as port:
        with pytest.raises(
            ConfigError, match=f"certificate of the mail server localhost, signed by itself, {said}"
        ):
            await send(f"{scheme}://ada:hush@{HOST}:{port}", wrong.trust)
    assert made.mails == []
    assert not any(b"AUTH" in text for text, _ in made.heard)


async def test_nobody_s_certificate_is_not_taken(good: Certified) -> None:
    async with serving(Server(good.server)) as port:
        with pytest.raises(ConfigError, match=r"of no authority .* \(MAKEREADY_CA_FILE\)"):
            await send(f"smtp://{HOST}:{port}")


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"2")
        await writer.drain()
        await asyncio.sleep(0.01)


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


@asynccontextmanager
async def without_end(speak: Speaks) -> AsyncIterator[int]:
    """A server that speaks until nobody listens any more."""
    left = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await speak(reader, writer)
        except OSError:
            writer.close()
            left.set()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await left.wait()


async def test_a_mail_server_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "DEADLINE_S", 0.3)
    async with without_end(drip) as port:
        with pytest.raises(RetryLater, match="TimeoutError"):
            await send(f"smtp://{HOST}:{port}?tls=off")


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    async with without_end(flood) as port, asyncio.timeout(10):
        await post_signed(f"http://127.0.0.1:{port}/", "secret", "id", 1, b"{}", unnoted, THIS_MACHINE)
