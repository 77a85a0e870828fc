"""Mail through a server that is named in the environment: over TLS that is checked, unless an operator says otherwise."""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote

import aiosmtplib
from makeready.outbound.call_timer import StartCall
from makeready.outbound.client import trusted
from makeready_hooks.errors import ConfigError, MakereadyError, RetryLater
from makeready_hooks.outside import split_address
from msgspec import Struct

SMTP_VARIABLE = "MAKEREADY_SMTP_URL"
FROM_VARIABLE = "MAKEREADY_MAIL_FROM"
DEADLINE_S = 30.0
"""For all of it, however the server drips."""
LOOK_S = 3.0
SMTP_DONE = 250
MOST_ANSWER = 200
"""Characters."""


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
    server, sender = mail_server(environ), environ.get(FROM_VARIABLE, "")
    if server is None or not sender:
        raise ConfigError(
            "A message goes by e-mail, but no mail server is set.",
            field=SMTP_VARIABLE,
            fix=f"Set {SMTP_VARIABLE}=smtp://user:password@host:587 and {FROM_VARIABLE} for the server's process.",
        )
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), _one_line(subject)
    message["Message-ID"] = f"<{message_id}@{server.host}>"
    message.set_content(text)
    call = begin("MAIL", server.host, "")
    try:
        async with asyncio.timeout(DEADLINE_S):
            refused = await _deliver(server, message, trust or trusted())
    except (aiosmtplib.SMTPException, OSError) as exc:
        error = await _meaning(exc, server)
        call.ended(error=error.message)
        raise error from None
    call.ended(status=SMTP_DONE, error="; ".join(refused))


def _client(server: MailServer, trust: ssl.SSLContext) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=DEADLINE_S,
        use_tls=server.tls == "at once",
        start_tls=server.tls == "asked for",
        tls_context=trust if server.tls != "off" else None,
    )


async def _deliver(server: MailServer, message: EmailMessage, trust: ssl.SSLContext) -> list[str]:
    """To whom it was not delivered although others got it, and why."""
    async with _client(server, trust) as client:
        if server.user is not None:
            await client.login(server.user, server.password)
        refused, _ = await client.send_message(message)
        return [f"{to} is not taken ({answer.code} {answer.message})" for to, answer in refused.items()]


async def _shown(server: MailServer, unverified: ssl.SSLContext) -> bytes:
    """The certificate that was not taken, for words alone: nothing is said over such a connection. Empty if not shown."""
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(LOOK_S), _client(server, unverified) as client:
            under = client.transport.get_extra_info("ssl_object") if client.transport else None
            return under.getpeercert(binary_form=True) or b"" if under else b""
    return b""


async def _meaning(exc: Exception, server: MailServer) -> MakereadyError:
    bad = next((one for one in _chain(exc) if isinstance(one, ssl.SSLCertVerificationError)), None)
    if bad is not None:
        from makeready.outbound.sockets import certificates  # noqa: PLC0415 - see there

        shown = await _shown(server, certificates.unverified())
        error = certificates.meaning(f"the mail server {server.host}", bad, shown)
        return ConfigError(error.message, field=SMTP_VARIABLE, fix=error.fix)
    if server.tls == "asked for" and "starttls" in str(exc).lower():
        return ConfigError(
            f"The mail server {server.host} does not encrypt (no STARTTLS), so neither login nor alert is sent.",
            field=SMTP_VARIABLE,
            fix="Use smtps:// if it has a port for that; for a server in your own network, add ?tls=off to the address.",
        )
    if isinstance(exc, aiosmtplib.SMTPAuthenticationError):
        return ConfigError(
            f"The mail server {server.host} refuses the login ({_answer(exc)}).",
            field=SMTP_VARIABLE,
            fix=f"Correct the name and the password in {SMTP_VARIABLE}.",
        )
    if isinstance(exc, aiosmtplib.SMTPConnectError | OSError) and not isinstance(exc, TimeoutError):
        return RetryLater(f"The mail server {server.host} cannot be reached ({type(exc).__name__}).")
    return RetryLater(f"The mail server {server.host} does not take the message ({_answer(exc)}).")


def _answer(exc: Exception) -> str:
    """What the server said, on one line."""
    if isinstance(exc, aiosmtplib.SMTPRecipientsRefused):
        return ", ".join(f"{one.recipient}: {_answer(one)}" for one in exc.recipients)
    if isinstance(exc, aiosmtplib.SMTPResponseException):
        return _one_line(f"{exc.code} {exc.message}")[:MOST_ANSWER]
    return type(exc).__name__


def _chain(exc: BaseException | None) -> list[BaseException]:
    return [] if exc is None else [exc, *_chain(exc.__cause__ or exc.__context__)]


def _one_line(subject: str) -> str:
    """A vendor's words may hold line breaks, which a header cannot."""
    return " ".join(subject.split())
