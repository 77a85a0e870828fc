"""Messages that leave for people: by e-mail, and by a webhook signed as Standard Webhooks describe."""

import asyncio
import base64
import hashlib
import hmac
import smtplib
from collections.abc import Mapping
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import httpx
from makeready_hooks.errors import ConfigError, RetryLater

from makeready.http.forgetful import forgetful_client
from makeready.http.noting import Begin, host_of

SMTP_VARIABLE = "MAKEREADY_SMTP_URL"
FROM_VARIABLE = "MAKEREADY_MAIL_FROM"
SECRET_PREFIX = "whsec_"  # noqa: S105 - the form of a secret, not one
DEADLINE_S = 20.0
SMTP_DONE = 250


async def send_mail(
    environ: Mapping[str, str],
    to: tuple[str, ...],
    subject: str,
    text: str,
    message_id: str,
    begin: Begin,
) -> None:
    """Through ``smtp://user:password@host:587`` (or ``smtps://``) in MAKEREADY_SMTP_URL.

    ``message_id`` names the message, so that one that is sent twice can be known for the same.

    Raises ConfigError if no server is set, RetryLater if it does not take the message.
    """
    server = urlsplit(environ.get(SMTP_VARIABLE, ""))
    sender = environ.get(FROM_VARIABLE, "")
    if server.scheme not in ("smtp", "smtps") or not server.hostname or not sender:
        raise ConfigError(
            "Alerts go by e-mail, but no mail server is set.",
            field=SMTP_VARIABLE,
            fix=f"Set {SMTP_VARIABLE}=smtp://user:password@host:587 and {FROM_VARIABLE} for the server's process.",
        )
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), _one_line(subject)
    message["Message-ID"] = f"<{message_id}@{server.hostname}>"
    message.set_content(text)
    host, port = server.hostname, server.port or (465 if server.scheme == "smtps" else 587)
    login = (unquote(server.username), unquote(server.password or "")) if server.username else None
    call = begin("MAIL", host, "")
    try:
        await asyncio.to_thread(_deliver, server.scheme, host, port, login, message)
    except (smtplib.SMTPException, OSError) as exc:
        error = RetryLater(f"The mail server {host} does not take the alert ({type(exc).__name__}).")
        call.ended(error=error.message)
        raise error from None
    call.ended(status=SMTP_DONE)


def _one_line(subject: str) -> str:
    """A vendor's words may hold line breaks, which a header cannot."""
    return " ".join(subject.split())


def _deliver(scheme: str, host: str, port: int, login: tuple[str, str] | None, message: EmailMessage) -> None:
    kind = smtplib.SMTP_SSL if scheme == "smtps" else smtplib.SMTP
    with kind(host, port, timeout=DEADLINE_S) as connection:
        if scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls()
        if login:
            connection.login(*login)
        connection.send_message(message)


async def post_signed(url: str, secret: str, message_id: str, at: int, body: bytes, begin: Begin) -> None:
    """POST with ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``. Raises RetryLater.

    The path is not noted: such an address is often a secret itself.
    """
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, message_id, at, body),
    }
    call = begin("POST", host_of(url), "")
    try:
        async with forgetful_client(timeout_s=DEADLINE_S) as client:
            response = await client.post(url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as exc:
        error = RetryLater(f"The alert's webhook cannot be reached ({type(exc).__name__}).")
        call.ended(error=error.message)
        raise error from None
    call.ended(status=response.status_code, size=len(response.content))
    if not 200 <= response.status_code < 300:
        raise RetryLater(f"The alert's webhook answers {response.status_code}.")


def signature(secret: str, message_id: str, at: int, body: bytes) -> str:
    """``v1,`` and the Base64 of the HMAC-SHA256 of ``id.timestamp.body``.

    A secret of the form ``whsec_…`` is Base64; any other is taken as its bytes.
    """
    key = secret.encode()
    if secret.startswith(SECRET_PREFIX):
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
