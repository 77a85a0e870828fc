"""Tell people through one channel, and keep what came of it."""

from collections.abc import Mapping, Sequence

from makeready.attention.channel import AlertChannel, Message
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import MakereadyError
from msgspec.structs import replace

from makeready_alerts.model import Alert, Said, Telling, ToldKind
from makeready_alerts.store.history import history_of

KEPT_S = 365 * 86_400.0
"""Of the history."""
DEFECT = "It failed with an internal error; the log has it."


class Teller:
    """Of one company. ``now``: of all that it tells."""

    def __init__(
        self, installation: Installation, subscriber: Subscriber, environ: Mapping[str, str], now: float
    ) -> None:
        self._installation = installation
        self._subscriber = subscriber
        self._environ = environ
        self._now = now
        self._history = history_of(installation)

    async def message(self, channel: AlertChannel, message: Message, kind: ToldKind) -> None:
        """What does not last: it is over with being told. What the channel could not tell before is in it as well.

        Raises what the channel raises.
        """
        name, topic = self._subscriber.name, f"{kind}:{message.id}"
        raised_at = await self._history.raised_at(name, topic) or self._now
        alert = Alert(
            topic=topic,
            raised_at=raised_at,
            kind=kind,
            title=message.subject,
            text=message.text,
            over_at=self._now,
        )
        await self._history.keep(name, [alert], (), now=self._now, before=self._now - KEPT_S)
        tries = await self._history.forget_failed(name, channel.name, kind, but=topic)
        await self._send(channel, message, [self._telling(channel, topic, raised_at, "begun", 1 + tries)])

    async def changes(
        self,
        channel: AlertChannel,
        message: Message,
        begun: Sequence[tuple[str, float]],
        over: Sequence[tuple[str, float]],
    ) -> None:
        """What lasts, by topic and since when. Raises what the channel raises."""
        tellings = [self._telling(channel, *one, "begun") for one in begun]
        tellings += [self._telling(channel, *one, "over") for one in over]
        await self._send(channel, message, tellings)

    def _telling(
        self, channel: AlertChannel, topic: str, raised_at: float, said: Said, tries: int = 1
    ) -> Telling:
        whom = channel.whom(self._subscriber)
        return Telling(
            topic=topic,
            raised_at=raised_at,
            channel=channel.name,
            said=said,
            whom=whom,
            at=self._now,
            tries=tries,
        )

    async def _send(self, channel: AlertChannel, message: Message, tellings: Sequence[Telling]) -> None:
        try:
            await channel.send(self._installation, self._subscriber, message, self._environ)
        except Exception as exc:
            said = str(exc) if isinstance(exc, MakereadyError) else DEFECT
            await self._note(tellings, said)
            raise
        await self._note(tellings, "")

    async def _note(self, tellings: Sequence[Telling], error: str) -> None:
        await self._history.note(self._subscriber.name, [replace(one, error=error) for one in tellings])
