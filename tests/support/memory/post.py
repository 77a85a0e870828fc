"""A mail server and a webhook on loopback, for tests of what people are told."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from makeready.attention.model import AlertRules
from makeready_alerts.watch import WATCH_WORK
from makeready_hooks.errors import MakereadyError
from pretend import Bench, line, order
from steps import ask_to_look, settle

MINUTE = 60


class Post:
    """Both in one, as far as an alert needs them."""

    def __init__(self) -> None:
        self.smtp_url = self.hook_url = ""
        self.mails: list[str] = []
        self.hooks: list[tuple[dict[str, str], bytes]] = []
        self.paths: list[str] = []
        """Of the calls in `hooks`."""
        self.status = b"204 No Content"

    async def smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            writer.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")
            if line.upper().startswith(b"QUIT"):
                break
        writer.close()
        await writer.wait_closed()

    async def http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.paths.append(head.split()[1])
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        self.hooks.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(b"HTTP/1.1 " + self.status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    @property
    def environ(self) -> Mapping[str, str]:
        return {"MAKEREADY_SMTP_URL": self.smtp_url, "MAKEREADY_MAIL_FROM": "makeready@northfield.example"}


@asynccontextmanager
async def listening() -> AsyncIterator[Post]:
    made = Post()
    mail = await asyncio.start_server(made.smtp, "127.0.0.1", 0)
    hook = await asyncio.start_server(made.http, "127.0.0.1", 0)
    made.smtp_url = f"smtp://127.0.0.1:{mail.sockets[0].getsockname()[1]}?tls=off"
    made.hook_url = f"http://127.0.0.1:{hook.sockets[0].getsockname()[1]}/alerts"
    yield made
    for server in (mail, hook):
        server.close()
        await server.wait_closed()


async def tell(bench: Bench, **rules: object) -> None:
    """Let the subscriber be told by these rules."""
    for name in ("webhook_url", "chat_url", "ntfy_url"):
        if url := rules.get(name):
            rules[name] = bench.installation.vault.seal(str(url))
    changed = msgspec.structs.replace(bench.subscriber, alerts=AlertRules(**rules))
    await bench.installation.store.subscribers.save([changed])


async def begin(bench: Bench, post: Post, at: float | None = None, **rules: Any) -> None:
    """Watch a company that is told through a webhook; ``at``: when, if not now."""
    bench.clock.now = bench.clock.now if at is None else at
    secret = bench.installation.vault.seal("secret")
    await tell(bench, webhook_url=post.hook_url, webhook_secret=secret, **rules)
    subscriber = await bench.installation.subscriber("northfield")
    await bench.installation.store.work.add(WATCH_WORK.wanted_by(subscriber, bench.clock()))


async def wait(bench: Bench, seconds: float) -> None:
    """Let time pass, a minute at a time."""
    end = bench.clock.now + seconds
    while bench.clock.now < end:
        bench.clock.now = min(bench.clock.now + MINUTE, end)
        await settle(bench)


async def send(bench: Bench, number: str, *troubles: MakereadyError) -> None:
    bench.shop.orders[number] = order(number, line())
    bench.mis.before_effect += troubles
    await ask_to_look(bench, number)
    await settle(bench)
