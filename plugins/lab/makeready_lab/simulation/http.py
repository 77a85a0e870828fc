"""Calls in virtual time: they reach the emulator's application, or they do not, or later."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping

import httpx
from makeready_hooks import CallLimit
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, RetryLater
from makeready_hooks.http import Http, HttpAnswer, HttpRequest
from makeready_hooks.testing.emulation import AsgiApp

from makeready_lab.simulation.faults import AFTER, BEFORE, Crash, Fate
from makeready_lab.simulation.weather import Weather

Effect = Callable[[], Awaitable[object]]


class Agenda:
    """Effects that come later, by their moment in virtual time."""

    def __init__(self) -> None:
        self._later: list[tuple[float, int, Effect]] = []
        self._calls: list[float] = []

    def add(self, at: float, effect: Effect, *, is_call: bool = False) -> None:
        """``is_call``: somebody called for it, and does not wait any more."""
        self._later.append((at, len(self._later), effect))
        if is_call:
            self._calls.append(at)
        self._later.sort(key=lambda one: one[:2])

    async def run_until(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            _, _, effect = self._later.pop(0)
            await effect()

    def calls_are_under_way(self, now: float) -> bool:
        return any(at > now for at in self._calls)

    def next_at(self) -> float | None:
        return self._later[0][0] if self._later else None


_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nothing leaves this process. Reading the system's takes a third as long as a short life."""


AWAY = HttpAnswer(status=503, headers={}, body=b"")


class SimulatedHttp:
    """An `Http` for one vendor, whose services are found by their addresses. ``outage``: the weather in which it is away."""

    def __init__(
        self,
        apps: Mapping[str, AsgiApp],
        fate: Fate,
        agenda: Agenda,
        clock: Callable[[], float],
        weather: Weather | None = None,
        outage: str = "",
        note: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._note = note
        self._weather = weather
        self._outage = outage
        services = {url: httpx.ASGITransport(app) for url, app in apps.items()}
        self._client = httpx.AsyncClient(mounts=services, verify=_NO_CERTIFICATES, trust_env=False)
        self._fate = fate
        self._agenda = agenda
        self._clock = clock

    async def send(self, request: HttpRequest) -> HttpAnswer:
        what = f"{request.method} {request.url}"
        try:
            answer = await self._sent(request)
        except (MakereadyError, Crash) as exc:
            self._note(f"{what}: {exc or 'the process dies'}")
            raise
        self._note(f"{what}: {answer.status}")
        return answer

    async def _sent(self, request: HttpRequest) -> HttpAnswer:
        self._fate.maybe_crash("crash_before_call")
        if self._weather and not self._fate.quiet:
            await self._agenda.run_until(self._clock())  # who slept before this call slept over them
        if self._weather and self._weather.is_on(self._outage):
            return AWAY
        if self._fate.happens("no_connection"):
            raise RetryLater("no connection")
        if self._fate.happens("lost_before"):
            raise _lost(request, "no answer; it had no effect")
        if self._fate.odds.status_before and self._fate.happens("status_before"):
            return HttpAnswer(status=self._fate.random.choice(BEFORE), headers={}, body=b"")
        if self._fate.happens("late"):
            at = self._clock() + self._fate.random.uniform(0, request.deadline_s * self._fate.odds.lateness)
            self._agenda.add(at, lambda: self._perform_late(request), is_call=True)
            raise _lost(request, "no answer; it takes effect later")
        answer = await self._perform(request)
        self._fate.maybe_crash("crash_after_call")
        if self._fate.happens("lost_after"):
            raise _lost(request, "no answer, though it was done")
        if self._fate.odds.status_after and self._fate.happens("status_after"):
            return HttpAnswer(status=self._fate.random.choice(AFTER), headers={}, body=b"<html></html>")
        return answer

    async def _perform_late(self, request: HttpRequest) -> None:
        answer = await self._perform(request)
        self._note(f"{request.method} {request.url}, of before, takes effect: {answer.status}")

    async def _perform(self, request: HttpRequest) -> HttpAnswer:
        response = await self._client.request(
            request.method,
            request.url,
            params=list(request.query) or None,
            headers=dict(request.headers),
            content=request.body,
        )
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpAnswer(status=response.status_code, headers=headers, body=response.content)

    async def aclose(self) -> None:
        await self._client.aclose()


class SimulatedOutbound:
    """Hands each connector the client of its vendor."""

    def __init__(self, clients: dict[str, SimulatedHttp]) -> None:
        self._clients = clients

    def for_connector(self, subscriber: str, connector: str, limit: CallLimit | None) -> Http:
        return self._clients[connector]

    def clock_skew(self, subscriber: str, connector: str) -> float | None:
        return None

    async def aclose(self) -> None:
        await asyncio.gather(*(client.aclose() for client in self._clients.values()))


def _lost(request: HttpRequest, what: str) -> MakereadyError:
    return OutcomeUnknown(what) if request.changes_something else RetryLater(what)
