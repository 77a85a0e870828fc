"""`makeready_hooks.http.Http` for tests: a line that can be cut, over an application in this process, a vendor's sandbox or
answers that were kept.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

import httpx
import pytest

from makeready_hooks.errors import MakereadyError, OutcomeUnknown, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.testing.emulation import AsgiApp
from makeready_hooks.testing.faults import NOTHING, Fault

Forward = Callable[[HttpRequest], Awaitable[HttpAnswer]]


class Line:
    """A client for one vendor. Set ``down`` for an outage, ``cut`` to lose every answer after its effect.

    ``forward`` brings a request to whatever stands at the other end, and gives its answer.
    """

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self.down = False
        self.cut = False
        self.lose = 0
        """The answer to the n-th request from now is lost after its effect; 0: none."""
        self.lose_change = False
        """Answers to requests that change something are lost after their effect."""
        self.spoil: Callable[[bytes], bytes] | None = None
        """What becomes of the body of each answer on its way."""
        self.sent: list[tuple[str, str]] = []
        """Method and path of every request that left, without queries: those can hold credentials."""
        self.changes: list[str] = []
        """Paths of those that said that they change something."""
        self.requests: list[HttpRequest] = []
        """The same, whole."""
        self.heard: list[tuple[HttpRequest, HttpAnswer]] = []
        """What the vendor answered, before anything went wrong with it."""
        self.after: Callable[[HttpRequest], Awaitable[None]] | None = None
        """Called after each request, whatever came of it."""
        self._faults: list[tuple[range, Fault]] = []

    def inject(self, fault: Fault, at: int = 0, *, onward: bool = False) -> None:
        """Let it happen to the n-th request from now, with ``onward`` to all after it, too; to each, with 0. Of two faults
        the one that was injected first happens.
        """
        first = len(self.requests) + at
        self._faults.append((range(first, sys.maxsize if onward or not at else first + 1), fault))

    def mend(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.clear()

    async def send(self, request: HttpRequest) -> HttpAnswer:
        if self.down:
            raise RetryLater("The vendor cannot be reached.")
        self.sent.append((request.method, httpx.URL(request.url).path))
        self.requests.append(request)
        if request.changes_something:
            self.changes.append(httpx.URL(request.url).path)
        place = len(self.requests)
        await asyncio.sleep(0)  # others go on meanwhile, as on a real line
        fault = next((one for at, one in self._faults if place in at and one.befalls(request)), None)
        try:
            return await (self._through(fault, request) if fault else self._whole(request))
        finally:
            if self.after:
                await self.after(request)

    async def _through(self, fault: Fault, request: HttpRequest) -> HttpAnswer:
        answer = await self._reach(request) if fault.reaches else NOTHING
        if fault.holds:
            await asyncio.Event().wait()
        if fault.answer is None:
            raise self._lost(request)
        return fault.answer(request, answer)

    async def _whole(self, request: HttpRequest) -> HttpAnswer:
        answer = await self._reach(request)
        self.lose -= 1
        if self.cut or self.lose == 0 or (self.lose_change and request.changes_something):
            raise self._lost(request)
        body = self.spoil(answer.body) if self.spoil else answer.body
        return HttpAnswer(status=answer.status, headers=answer.headers, body=body)

    async def _reach(self, request: HttpRequest) -> HttpAnswer:
        try:
            async with asyncio.timeout(request.deadline_s):
                answer = await self._forward(request)
        except Exception as exc:  # whatever breaks over there, a client sees a line that went dead
            raise self._lost(request) from exc
        self.heard.append((request, answer))
        return answer

    async def aclose(self) -> None:
        """Nothing is open."""

    def _lost(self, request: HttpRequest) -> MakereadyError:
        text = f"No answer to {request.method} {httpx.URL(request.url).path}."
        return OutcomeUnknown(text) if request.changes_something else RetryLater(text)


class _HttpxLine(Line):
    def __init__(self, client: httpx.AsyncClient) -> None:
        super().__init__(self._ask)
        self._client = client

    async def _ask(self, request: HttpRequest) -> HttpAnswer:
        response = await self._client.request(
            request.method,
            request.url,
            params=list(request.query) or None,
            headers=dict(request.headers),
            content=request.body,
        )
        self._client.cookies.clear()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpAnswer(status=response.status_code, headers=headers, body=response.content)

    async def aclose(self) -> None:
        await self._client.aclose()


class AsgiHttp(_HttpxLine):
    """To an application in this process."""

    def __init__(self, app: AsgiApp) -> None:
        super().__init__(httpx.AsyncClient(transport=httpx.ASGITransport(app)))


class SandboxHttp(_HttpxLine):
    """To a vendor's sandbox, over the network."""

    def __init__(self) -> None:
        super().__init__(httpx.AsyncClient(follow_redirects=False, trust_env=False))


class CannedHttp(Line):
    """To answers that were kept: ``{"GET /v2/items": [b"…", …]}``, by method and path; the last one is given again and
    again. A test that asks for something else is skipped.
    """

    def __init__(self, answers: Mapping[str, Sequence[bytes | HttpAnswer]]) -> None:
        super().__init__(self._ask)
        self._answers = answers
        self._given: dict[str, int] = {}

    async def send(self, request: HttpRequest) -> HttpAnswer:
        name = self._name(request)
        if name not in self._answers:
            pytest.skip(f"no answer to {name} was kept")
        return await super().send(request)

    async def _ask(self, request: HttpRequest) -> HttpAnswer:
        name = self._name(request)
        answers, turn = self._answers[name], self._given.get(name, 0)
        self._given[name] = turn + 1
        kept = answers[min(turn, len(answers) - 1)]
        return kept if isinstance(kept, HttpAnswer) else HttpAnswer(status=200, headers={}, body=kept)

    @staticmethod
    def _name(request: HttpRequest) -> str:
        return f"{request.method} {httpx.URL(request.url).path}"
