"""A server that is not at work says so, by what it has in memory: what fails may be the very file that alerts are kept in.

Every server looks at its own ``/readyz``, as somebody outside would. What was told is not kept: after a restart it is told
again if it still holds.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import structlog
from makeready.attention.channel import AlertChannel, Message
from makeready.attention.model import AlertRules
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.times import format_utc

from makeready_alerts.channels import ENVIRON, MAIL, channels_of, each_channel
from makeready_alerts.moments import local, with_zone

LOOK_EVERY_S = 15.0
TOLD_AFTER_S = 60.0
"""A long lock or a restart of another process is over by then."""
DEADLINE_S = 10.0
WHAT_IT_MEANS = (
    "Webhooks are answered with 503, so that the shops repeat them; nothing that was taken in is lost, and it goes on by "
    "itself once the cause is gone. What to do: docs/operations.md, The state file."
)

Told = tuple[str, tuple[str, ...]]
"""A channel, and who is told by it."""

log = structlog.get_logger("makeready.alerts")


def readiness_of(url: str) -> Callable[[], Awaitable[str]]:
    """Asks the server at ``url``: why it is not ready, in words; "" if it is."""

    async def ask() -> str:
        import aiohttp  # noqa: PLC0415 - see `makeready.outbound.sockets`

        deadline = aiohttp.ClientTimeout(total=DEADLINE_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=deadline, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.get(f"{url}/readyz", allow_redirects=False) as answer,
            ):
                return "" if answer.status == 200 else str((await answer.json())["error"])
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as exc:
            return f"it does not answer ({type(exc).__name__})"

    return ask


class Emergency:
    """Of one server."""

    def __init__(
        self,
        installation: Installation,
        trouble: Callable[[], Awaitable[str]],
        environ: Mapping[str, str] = ENVIRON,
    ) -> None:
        """``trouble``: why the server is not at work; "" if it is."""
        self._installation = installation
        self._trouble = trouble
        self._environ = environ
        self._subscribers: Sequence[Subscriber] = ()
        self._since = 0.0
        self._told: set[Told] = set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.look()
            except Exception:  # it is the last one that could tell
                log.exception("looking after the server failed")
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Tell what has lasted, or that it is over; each channel once, and again while it fails."""
        now = self._installation.clock()
        if trouble := await self._trouble():
            self._since = self._since or now
            if now - self._since >= TOLD_AFTER_S:
                await self._tell(partial(_begun, trouble, self._since), self._told)
            return
        self._subscribers = await self._installation.store.subscribers.all()
        if self._told:
            silent = self._everybody() - self._told
            await self._tell(partial(_over, self._since), silent)
        self._since, self._told = 0.0, set()

    def _everybody(self) -> set[Told]:
        return {_whom(channel, one) for one in self._subscribers for channel in channels_of(one, "alarms")}

    async def _tell(self, said: Callable[[AlertRules], Message], done: set[Told]) -> None:
        """All but those who are ``done``, which takes in who was told. ``said``: the message, by a company's clock."""
        for subscriber in self._subscribers:
            for channel in channels_of(subscriber, "alarms"):
                whom = _whom(channel, subscriber)
                if whom not in done and not await each_channel(
                    [channel], self._use(subscriber, said(subscriber.alerts))
                ):
                    done.add(whom)

    def _use(self, subscriber: Subscriber, message: Message) -> Callable[[AlertChannel], Awaitable[None]]:
        return lambda channel: channel.send(self._installation, subscriber, message, self._environ)


def _whom(channel: AlertChannel, subscriber: Subscriber) -> Told:
    """Whoever gets mail for several companies gets one."""
    return channel.name, subscriber.alerts.email_to if channel.name == MAIL.name else (subscriber.name,)


def _begun(trouble: str, since: float, rules: AlertRules) -> Message:
    text = f"{trouble[:1].upper()}{trouble[1:]}, since {local(since, rules)}.\n\n{WHAT_IT_MEANS}\n"
    data: dict[str, object] = {"type": "server.not_ready", "since": format_utc(since), "error": trouble}
    return Message(subject="Makeready is not at work", text=with_zone(text, rules), data=data)


def _over(since: float, rules: AlertRules) -> Message:
    text = f"It was not since {local(since, rules)}. What waited is being done.\n"
    data: dict[str, object] = {"type": "server.ready", "since": format_utc(since)}
    return Message(subject="Makeready is at work again", text=with_zone(text, rules), data=data)


class Emergencies:
    """Of all servers of this process."""

    def __init__(self) -> None:
        self._running: dict[int, asyncio.Task[None]] = {}

    def begin(self, installation: Installation, url: str) -> None:
        looking = Emergency(installation, readiness_of(url))
        self._running[id(installation)] = asyncio.create_task(looking.run())

    async def end(self, installation: Installation) -> None:
        if task := self._running.pop(id(installation), None):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
