"""How a message is handed to a mail server. Import it where one is sent: its library is hardly ever wanted."""

import asyncio
import ssl
from contextlib import suppress
from email.message import EmailMessage

import aiosmtplib
from makeready_hooks.errors import ConfigError, MakereadyError, RetryLater

from makeready_alerts.mail import DEADLINE_S, SMTP_VARIABLE, MailServer, one_line

LOOK_S = 3.0
MOST_ANSWER = 200
"""Characters."""


async def deliver(
    server: MailServer, message: EmailMessage, trust: ssl.SSLContext, within_s: float
) -> list[str]:
    """To whom it was not delivered although others got it, and why. Raises as `makeready_alerts.mail.send_mail`."""
    try:
        async with asyncio.timeout(within_s):
            return await _deliver(server, message, trust)
    except (aiosmtplib.SMTPException, OSError) as exc:
        raise await _meaning(exc, server) from None


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
        return one_line(f"{exc.code} {exc.message}")[:MOST_ANSWER]
    return type(exc).__name__


def _chain(exc: BaseException | None) -> list[BaseException]:
    return [] if exc is None else [exc, *_chain(exc.__cause__ or exc.__context__)]
