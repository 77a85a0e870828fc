"""A mail server that others wrote (aiosmtpd), on loopback; what it takes is kept."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """It refuses every mail as long as ``refusal`` is no empty text."""

    def __init__(self) -> None:
        self.url = ""
        self.mails: list[EmailMessage] = []
        self.refusal = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.refusal:
            return self.refusal
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 ok"

    @property
    def environ(self) -> Mapping[str, str]:
        return {"MAKEREADY_SMTP_URL": self.url, "MAKEREADY_MAIL_FROM": "makeready@bridge.example"}

    def text(self, number: int = -1) -> str:
        return str(self.mails[number].get_content())


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    made = Mailbox()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(made, hostname="mail.example"), "127.0.0.1", 0
    )
    made.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}?tls=off"
    yield made
    server.close()
    await server.wait_closed()
