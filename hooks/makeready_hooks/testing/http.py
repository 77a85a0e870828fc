"""`makeready_hooks.http.Http` over an application in the same process, with a line that can be cut."""

import asyncio

import httpx

from makeready_hooks.emulation import AsgiApp
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest


class AsgiHttp:
    """A client for one vendor. Set ``down`` for an outage, ``cut`` to lose every answer after its effect."""

    def __init__(self, app: AsgiApp) -> None:
        self.down = False
        self.cut = False
        self.sent: list[tuple[str, str]] = []
        """Method and path of every request that left, without queries: those can hold credentials."""
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app))

    async def send(self, request: HttpRequest) -> HttpAnswer:
        if self.down:
            raise RetryLater("The vendor cannot be reached.")
        self.sent.append((request.method, httpx.URL(request.url).path))
        try:
            async with asyncio.timeout(request.deadline_s):
                response = await self._client.request(
                    request.method,
                    request.url,
                    params=list(request.query) or None,
                    headers=dict(request.headers),
                    content=request.body,
                )
        except (httpx.HTTPError, TimeoutError, OSError):
            raise self._lost(request) from None
        if self.cut:
            raise self._lost(request)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpAnswer(status=response.status_code, headers=headers, body=response.content)

    async def aclose(self) -> None:
        await self._client.aclose()

    def _lost(self, request: HttpRequest) -> MakereadyError:
        text = f"No answer to {request.method} {httpx.URL(request.url).path}."
        return OutcomeUnknown(text) if request.changes_something else RetryLater(text)
