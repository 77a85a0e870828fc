"""A test that tells at once whether it arrived: by each channel of a company, or by the mail server alone."""

from collections.abc import Mapping

from makeready.attention.channel import Message
from makeready.installation import Installation
from makeready.outbound.download import unnoted
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import MakereadyError
from msgspec import Struct

from makeready_alerts.channels import ENVIRON, channels_of
from makeready_alerts.mail import send_mail
from makeready_alerts.moments import local, with_zone
from makeready_alerts.tell import DEFECT, Teller


class Tried(Struct, frozen=True, kw_only=True):
    """What came of one channel's test."""

    channel: str
    title: str
    whom: str
    error: str = ""
    """Empty if it was delivered."""


async def send_test(
    installation: Installation, subscriber: Subscriber, environ: Mapping[str, str] = ENVIRON
) -> list[Tried]:
    """By every channel that the company has, whatever it tells by it; empty if it has none."""
    now = installation.clock()
    teller = Teller(installation, subscriber, environ, now)
    text = (
        f"This is a test, sent on {local(now, subscriber.alerts)}. Alerts about {subscriber.title} come here."
    )
    data: dict[str, object] = {"type": "test", "subscriber": subscriber.name, "at": now}
    message = Message(subject="a test of the alerts", text=with_zone(text, subscriber.alerts), data=data)
    found = []
    for channel in channels_of(subscriber):
        error = ""
        try:
            await teller.message(channel, message, "test")
        except MakereadyError as exc:
            error = str(exc)
        except Exception:  # noqa: BLE001 - a defect of one channel is not another's; the person who asks is told of it
            error = DEFECT
        title = channel.title or channel.name
        found.append(Tried(channel=channel.name, title=title, whom=channel.whom(subscriber), error=error))
    return found


async def send_test_mail(to: str, message_id: str, environ: Mapping[str, str] = ENVIRON) -> None:
    """Through the mail server of this process. Raises as `send_mail`."""
    text = "This is a test of Makeready's mail server. If you read it, mail arrives.\n"
    await send_mail(environ, (to,), "A test of Makeready's mail server", text, message_id, unnoted)
