"""The ASGI application: reads a request, lets faults strike, answers by the table, keeps the journal."""

import asyncio
import math
import time
from typing import Any

import msgspec
from makeready_hooks.testing.emulation import EmulatorSetup

from makeready_pressero_emulator import api, control, pages
from makeready_pressero_emulator.assumed import UNAUTHORIZED
from makeready_pressero_emulator.call import Call, query_of
from makeready_pressero_emulator.endpoints import Endpoint, Router
from makeready_pressero_emulator.faults.cuts import Receive, Send, cut, gone
from makeready_pressero_emulator.state.journal import Entry, kept
from makeready_pressero_emulator.wire import files
from makeready_pressero_emulator.wire.answers import Answer, ApiError, json_answer
from makeready_pressero_emulator.world import World

ENDPOINTS: tuple[Endpoint, ...] = (*api.ENDPOINTS, *files.ENDPOINTS, *pages.ENDPOINTS, *control.ENDPOINTS)
"""All that it answers, for the table in the documentation."""

_ROUTER = Router(ENDPOINTS)
_HTML_ERROR = b"<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


class PresseroEmulator:
    """One subscriber's Pressero: API, storefronts and control API on one address."""

    def __init__(self, setup: EmulatorSetup) -> None:
        self.world = World(setup)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.world.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Any, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        call, endpoint = self._call(scope, body)
        began = time.perf_counter()
        answer = self._barred(call, scope["path"])
        kind = "" if answer else self.world.faults.for_request(call.entry.method, scope["path"])
        call.entry.fault = kind
        if answer is None:
            answer = await self._under_fault(kind, call, endpoint, receive, send)
        call.entry.ms = round((time.perf_counter() - began) * 1000, 3)
        if answer is not None:
            _note(call.entry, answer, endpoint)
            await _send(send, answer, body=scope["method"] != "HEAD")

    def _call(self, scope: Any, body: bytes) -> tuple[Call, Endpoint | None]:
        verb = "GET" if scope["method"] == "HEAD" else scope["method"]
        match = _ROUTER.find(verb, scope["path"])
        entry = self._entry(scope)
        if match.endpoint and match.endpoint.secret:
            entry.path = match.endpoint.path
        else:
            entry.request = kept(body)
        call = Call(
            world=self.world,
            params=match.params,
            query=query_of(scope["query_string"]),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            body=body,
            entry=entry,
        )
        return call, match.endpoint

    def _entry(self, scope: Any) -> Entry:
        client = scope["client"][0] if scope.get("client") else ""
        verb, path, query = scope["method"], scope["path"], scope["query_string"].decode("latin-1")
        if verb == "GET" and path.startswith("/_emulator/"):
            return Entry(n=0, at="", client=client, method=verb, path=path, query=query)
        return self.world.journal.open(client, verb, path, query)

    def _barred(self, call: Call, path: str) -> Answer | None:
        """The 429 that comes before anything else; only for the API."""
        if not _is_api(path) or not self.world.switches.on("rate-limit"):
            return None
        wait_s = self.world.limit.wait_s(call.entry.client)
        if not wait_s:
            return None
        more = {"Retry-After": str(math.ceil(wait_s))} if self.world.switches.on("retry-after") else {}
        return json_answer({"Message": "Too Many Requests"}, 429, **more)

    async def _under_fault(
        self, kind: str, call: Call, endpoint: Endpoint | None, receive: Receive, send: Send
    ) -> Answer | None:
        """The answer, or None if the connection was cut without one."""
        match kind:
            case "error-before":
                return self._error()
            case "html-error":
                return Answer(status=502, body=_HTML_ERROR, content_type="text/html")
            case "reset" | "hang" | "late-effect":
                await self._never_answered(kind, call, endpoint, receive, send)
                return None
            case "slow":
                await self.world.clock.sleep(self.world.switches.number("slow-s"))
        answer = await self._handled(call, endpoint)
        if kind == "answer-lost":
            call.entry.answer = kept(answer.body)
            await cut(receive, send)
            return None
        return self._spoilt(kind, answer)

    async def _never_answered(
        self, kind: str, call: Call, endpoint: Endpoint | None, receive: Receive, send: Send
    ) -> None:
        if kind == "late-effect":
            due = self.world.clock.monotonic() + self.world.switches.number("late-effect-s")
            self.world.spawn(self._late(call, endpoint, due))
        if kind == "hang":
            await self._hang(receive)
        await cut(receive, send, reset=kind == "reset")

    def _spoilt(self, kind: str, answer: Answer) -> Answer:
        """What is sent although the effect happened."""
        match kind:
            case "error-after":
                return self._error()
            case "truncated-json":
                return msgspec.structs.replace(answer, body=answer.body[: len(answer.body) // 2])
        return answer

    def _error(self) -> Answer:
        status = int(self.world.switches.number("error-status"))
        return json_answer({"Message": "An error has occurred."}, status)

    async def _handled(self, call: Call, endpoint: Endpoint | None) -> Answer:
        try:
            return await self._run(call, endpoint)
        except ApiError as error:
            if pages.is_page(call):
                return pages.error_page(call, error)
            return json_answer(error.content, error.status)

    async def _run(self, call: Call, endpoint: Endpoint | None) -> Answer:
        if endpoint is None:
            raise _no_endpoint(call)
        header = call.headers.get("authorization", "")
        if _is_api(endpoint.path) and endpoint.token and not self.world.tokens.opens(header):
            raise ApiError(401, UNAUTHORIZED)
        return await endpoint.handler(call)

    async def _late(self, call: Call, endpoint: Endpoint | None, due: float) -> None:
        """The request lives on in the server after its connection was cut."""
        await self.world.clock.until(due)
        answer = await self._handled(call, endpoint)
        call.entry.answer = kept(answer.body)

    async def _hang(self, receive: Receive) -> None:
        """Say nothing until the peer goes, or the time is up."""
        waiting = asyncio.ensure_future(gone(receive))
        until = self.world.clock.sleep(self.world.switches.number("hang-s"))
        await _either(waiting, asyncio.ensure_future(until))


def build(setup: EmulatorSetup) -> PresseroEmulator:
    return PresseroEmulator(setup)


def _is_api(path: str) -> bool:
    return path.lstrip("/")[:4].lower() == "api/"


def _no_endpoint(call: Call) -> ApiError:
    allowed = _ROUTER.find(call.entry.method, call.entry.path).allowed
    if allowed:
        reason = f"The requested resource does not support http method '{call.entry.method}'."
        return ApiError(405, reason)
    return ApiError(404, f"No HTTP resource was found that matches the request URI '{call.entry.path}'.")


async def _read(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _either(*tasks: asyncio.Task[None]) -> None:
    """Wait for the first, and drop the others."""
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _send(send: Send, answer: Answer, *, body: bool) -> None:
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in answer.headers.items()),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body if body else b""})


def _note(entry: Entry, answer: Answer, endpoint: Endpoint | None) -> None:
    entry.status = answer.status
    secret = endpoint is not None and endpoint.secret
    text = answer.content_type.startswith(("application/json", "text/"))
    if text and not secret:
        entry.answer = kept(answer.body)
