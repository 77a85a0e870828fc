"""`makeready_hooks.http.Http` over an application in the same process, with a line that can be cut."""

import asyncio
from collections.abc import Callable

import httpx

from makeready_hooks.errors import MakereadyError, OutcomeUnknown, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.testing.emulation import AsgiApp


class AsgiHttp:
    """A client for one vendor. Set ``down`` for an outage, ``cut`` to lose every answer after its effect."""

    def __init__(self, app: AsgiApp) -> None:
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
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app))

    async def send(self, request: HttpRequest) -> HttpAnswer:
        if self.down:
            raise RetryLater("The vendor cannot be reached.")
        self.sent.append((request.method, httpx.URL(request.url).path))
        if request.changes_something:
            self.changes.append(httpx.URL(request.url).path)
        try:
            async with asyncio.timeout(request.deadline_s):
                response = await self._client.request(
                    request.method,
                    request.url,
                    params=list(request.query) or None,
                    headers=dict(request.headers),
                    content=request.body,
                )
        except Exception as exc:  # whatever breaks over there, a client sees a line that went dead
            raise self._lost(request) from exc
        self.lose -= 1
        if self.cut or self.lose == 0 or (self.lose_change and request.changes_something):
            raise self._lost(request)
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = self.spoil(response.content) if self.spoil else response.content
        return HttpAnswer(status=response.status_code, headers=headers, body=body)

    async def aclose(self) -> None:
        await self._client.aclose()

    def _lost(self, request: HttpRequest) -> MakereadyError:
        text = f"No answer to {request.method} {httpx.URL(request.url).path}."
        return OutcomeUnknown(text) if request.changes_something else RetryLater(text)
