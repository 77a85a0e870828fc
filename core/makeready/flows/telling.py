"""One message through one channel. What was told is kept per channel, so that no other's trouble repeats it."""

import hashlib
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping

import msgspec
import structlog
from makeready_hooks.errors import ConfigError, MakereadyError, RetryLater
from msgspec import Struct

from makeready.http.notify import post_signed, send_mail
from makeready.installation import Installation
from makeready.records import AlertRules, Channel, Subscriber

ENVIRON: Mapping[str, str] = os.environ
"""Where the mail server is named."""

ALERTS = "alerts"
"""As which messages stand among the calls that were made."""

log = structlog.get_logger("makeready.alerts")


class Message(Struct, frozen=True, kw_only=True):
    """The same for people and for programs."""

    subject: str
    text: str
    data: dict[str, object]
    """Two messages are the same message if their data are."""

    @property
    def id(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self.data, order="sorted")).hexdigest()[:32]


def channels_of(rules: AlertRules) -> tuple[Channel, ...]:
    """How people want to be told; nothing if they do not."""
    wanted = ((Channel.MAIL, rules.email_to), (Channel.WEBHOOK, rules.webhook_url))
    return tuple(channel for channel, given in wanted if given)


async def tell(
    installation: Installation,
    subscriber: Subscriber,
    channel: Channel,
    message: Message,
    environ: Mapping[str, str],
) -> None:
    """Raises RetryLater or ConfigError if it could not be told."""
    rules = subscriber.alerts
    begin = installation.noting(subscriber.name, ALERTS)
    if channel is Channel.MAIL:
        subject = f"{subscriber.title}: {message.subject}"
        await send_mail(environ, rules.email_to, subject, message.text, message.id, begin)
        return
    secret = installation.vault.open(rules.webhook_secret, field="alerts.webhook_secret")
    body = msgspec.json.encode(message.data)
    await post_signed(rules.webhook_url, secret, message.id, int(installation.clock()), body, begin)


async def each_channel(
    channels: Iterable[Channel], use: Callable[[Channel], Awaitable[None]]
) -> MakereadyError | None:
    """Use each channel, whatever the trouble of another. Returns the first trouble."""
    troubles: list[MakereadyError] = []
    for channel in channels:
        try:
            await use(channel)
        except (RetryLater, ConfigError) as exc:
            log.warning("an alert could not be told", channel=channel.name.lower(), error=str(exc))
            troubles.append(exc)
    return troubles[0] if troubles else None


def counted(number: int, one: str, more: str = "") -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else more or one + 's'}"
