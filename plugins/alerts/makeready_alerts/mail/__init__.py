"""Mail through a server that is named in the environment: over TLS that is checked, unless an operator says otherwise."""

import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote

from makeready.outbound.call_timer import StartCall
from makeready.outbound.client import trusted
from makeready_hooks.errors import ConfigError, MakereadyError
from makeready_hooks.outside import split_address
from msgspec import Struct

SMTP_VARIABLE = "MAKEREADY_SMTP_URL"
FROM_VARIABLE = "MAKEREADY_MAIL_FROM"
DEADLINE_S = 30.0
"""For all of it, however the server drips."""
SMTP_DONE = 250


class MailServer(Struct, frozen=True, kw_only=True):
    host: str
    port: int
    tls: str
    """``at once``, ``asked for`` by STARTTLS, or ``off``."""
    user: str | None
    password: str


def mail_server(environ: Mapping[str, str]) -> MailServer | None:
    """From ``smtp://user:password@host:587`` or ``smtps://…``; ``?tls=off`` encrypts nothing. None if none is named."""
    server = split_address(environ.get(SMTP_VARIABLE, ""))
    if server.scheme not in ("smtp", "smtps") or not server.hostname:
        return None
    is_off = parse_qs(server.query).get("tls") == ["off"]
    at_once = server.scheme == "smtps"
    return MailServer(
        host=server.hostname,
        port=server.port or (465 if at_once else 587),
        tls="at once" if at_once else "off" if is_off else "asked for",
        user=unquote(server.username) if server.username else None,
        password=unquote(server.password or ""),
    )


def is_mail_set(environ: Mapping[str, str]) -> bool:
    """Whether there is a server and a sender."""
    return mail_server(environ) is not None and bool(environ.get(FROM_VARIABLE))


async def send_mail(
    environ: Mapping[str, str],
    to: tuple[str, ...],
    subject: str,
    text: str,
    message_id: str,
    begin: StartCall,
    *,
    trust: ssl.SSLContext | None = None,
) -> None:
    """``message_id`` names the message, so that one that is sent twice can be known for the same. ``trust``: the authorities
    whose certificates are taken, if not the system's.

    Raises ConfigError if no server is set, or if it does not encrypt as it should; RetryLater if it does not take it.
    """
    from makeready_alerts.mail import smtp  # noqa: PLC0415 - with 2 MB, and most servers send no mail

    server, sender = mail_server(environ), environ.get(FROM_VARIABLE, "")
    if server is None or not sender:
        raise ConfigError(
            "A message goes by e-mail, but no mail server is set.",
            field=SMTP_VARIABLE,
            fix=f"Set {SMTP_VARIABLE}=smtp://user:password@host:587 and {FROM_VARIABLE} for the server's process.",
        )
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), one_line(subject)
    message["Message-ID"] = f"<{message_id}@{server.host}>"
    message.set_content(text)
    call = begin("MAIL", server.host, "")
    try:
        refused = await smtp.deliver(server, message, trust or trusted(), DEADLINE_S)
    except MakereadyError as error:
        call.ended(error=error.message)
        raise
    call.ended(status=SMTP_DONE, error="; ".join(refused))


def one_line(subject: str) -> str:
    """A vendor's words may hold line breaks, which a header cannot."""
    return " ".join(subject.split())
