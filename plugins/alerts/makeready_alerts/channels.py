"""How people are told: mail, a signed call to a web address, a chat, ntfy."""

import asyncio
import base64
import hashlib
import hmac
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping

import msgspec
import structlog
from makeready.attention.channel import ALERTS, AlertChannel, Message
from makeready.attention.model import AlertKind
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.outbound.addresses import Reach, place, server_address
from makeready.outbound.call_timer import StartCall
from makeready.outbound.client import failures, for_a_person, forgetful_client, guarded
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import ConfigError, MakereadyError, RetryLater

from makeready_alerts.mail import send_mail
from makeready_alerts.services.send import chat_address, ntfy_address, send_by_service

log = structlog.get_logger("makeready.alerts")


ENVIRON: Mapping[str, str] = os.environ
"""Where the mail server is named."""

SECRET_PREFIX = "whsec_"  # noqa: S105 - the form of a secret, not one
DEADLINE_S = 20.0
Send = Callable[[Installation, Subscriber, Message, Mapping[str, str]], Awaitable[None]]
MAX_ANSWER_BYTES = 65_536
"""Of a receiver, of which only the status is of interest."""


def channels_of(subscriber: Subscriber, kind: AlertKind | None = None) -> tuple[AlertChannel, ...]:
    """How its people want to be told, of one kind if it is given; nothing if they do not."""
    return tuple(
        channel
        for channel in installed().alert_channels
        if channel.wanted(subscriber) and (kind is None or kind in channel.kinds(subscriber))
    )


async def _mail(
    installation: Installation, subscriber: Subscriber, message: Message, environ: Mapping[str, str]
) -> None:
    subject = f"{subscriber.title}: {message.subject}"
    begin = installation.start_call(subscriber.name, ALERTS)
    await send_mail(environ, subscriber.alerts.email_to, subject, message.text, message.id, begin)


async def _webhook(
    installation: Installation, subscriber: Subscriber, message: Message, environ: Mapping[str, str]
) -> None:
    secret, url = (_opened(installation, subscriber, one) for one in ("webhook_secret", "webhook_url"))
    body, begin = msgspec.json.encode(message.data), installation.start_call(subscriber.name, ALERTS)
    await post_signed(url, secret, message.id, int(installation.clock()), body, begin, installation.reach)


def _opened(installation: Installation, subscriber: Subscriber, name: str) -> str:
    return installation.vault.open(
        getattr(subscriber.alerts, name), field=f"alerts.{name}", company=subscriber.name
    )


def _service(setting: str, address: Callable[[str], str]) -> Send:
    """Sends through a service that Apprise knows, at the address that a setting gives."""

    async def send(
        installation: Installation, subscriber: Subscriber, message: Message, environ: Mapping[str, str]
    ) -> None:
        url = address(_opened(installation, subscriber, setting))
        subject = f"{subscriber.title}: {message.subject}"
        begin = installation.start_call(subscriber.name, ALERTS)
        await send_by_service(url, f"alerts.{setting}", subject, message.text, begin)

    return send


MAIL = AlertChannel(
    name="mail",
    title="E-mail",
    wanted=lambda one: bool(one.alerts.email_to),
    whom=lambda one: ", ".join(one.alerts.email_to),
    kinds=lambda one: one.alerts.email_for,
    send=_mail,
)
WEBHOOK = AlertChannel(
    name="webhook",
    title="Web address",
    wanted=lambda one: bool(one.alerts.webhook_url),
    whom=lambda one: "the web address in the settings",
    kinds=lambda one: one.alerts.webhook_for,
    send=_webhook,
)
CHAT = AlertChannel(
    name="chat",
    title="Chat",
    wanted=lambda one: bool(one.alerts.chat_url),
    whom=lambda one: "the chat channel in the settings",
    kinds=lambda one: one.alerts.chat_for,
    send=_service("chat_url", chat_address),
)
NTFY = AlertChannel(
    name="ntfy",
    title="ntfy",
    wanted=lambda one: bool(one.alerts.ntfy_url),
    whom=lambda one: "the topic in the settings",
    kinds=lambda one: one.alerts.ntfy_for,
    send=_service("ntfy_url", ntfy_address),
)


async def each_channel(
    channels: Iterable[AlertChannel], use: Callable[[AlertChannel], Awaitable[None]]
) -> MakereadyError | None:
    """Use each channel, whatever the trouble of another. Returns the first trouble."""
    troubles: list[MakereadyError] = []
    for channel in channels:
        try:
            await use(channel)
        except (RetryLater, ConfigError) as exc:
            log.warning("an alert could not be told", channel=channel.name, error=str(exc))
            troubles.append(exc)
        except Exception:  # a defect of one channel is not another's
            log.exception("an alert could not be told", channel=channel.name)
            troubles.append(
                RetryLater(f"Alerts by {channel.name} fail with an internal error; the log has it.")
            )
    return troubles[0] if troubles else None


async def post_signed(
    url: str, secret: str, message_id: str, at: int, body: bytes, begin: StartCall, reach: Reach
) -> None:
    """POST with ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``. Raises RetryLater, and ConfigError for an
    address that is none, or where no call may lead, and for a certificate that is not taken.

    The path is not noted: such an address is often a secret itself.
    """
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, message_id, at, body),
    }
    host, _ = place(server_address(url))
    call = begin("POST", host, "")
    size = 0
    try:
        async with (
            asyncio.timeout(DEADLINE_S),
            forgetful_client(guarded(reach), timeout_s=DEADLINE_S) as client,
            client.stream("POST", url, content=body, headers=headers) as response,
        ):
            async for chunk in response.aiter_raw():
                size += len(chunk)
                if size > MAX_ANSWER_BYTES:
                    break
    except failures() as exc:
        from makeready.outbound import sockets  # noqa: PLC0415 - see there

        error = for_a_person(exc, host) or RetryLater(
            f"The alert's webhook cannot be reached ({sockets.reason(exc, DEADLINE_S)})."
        )
        call.ended(error=error.message)
        raise error from None
    call.ended(status=response.status_code, size=size)
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
