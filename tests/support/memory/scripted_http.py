"""A vendor that answers from a script: the outbound client of a connector, without a network."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from makeready_hooks.http import HttpAnswer, HttpRequest


def answer(body: Any = b"", status: int = 200) -> HttpAnswer:
    """An answer with this body: bytes as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return HttpAnswer(status=status, headers={}, body=raw)


class ScriptedHttp:
    """Answers with a function, or from a list in its order; keeps all requests."""

    def __init__(self, script: Callable[[HttpRequest], HttpAnswer] | Iterable[HttpAnswer]) -> None:
        self._script = script if callable(script) else iter(script)
        self.requests: list[HttpRequest] = []

    async def send(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(request)
        await asyncio.sleep(0)  # other tasks get their turn, as with a real line
        return self._script(request) if callable(self._script) else next(self._script)

    def sent_to(self, path: str) -> list[HttpRequest]:
        """The requests whose address ends like this."""
        return [request for request in self.requests if request.url.endswith(path)]
