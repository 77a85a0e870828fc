"""The way of one request through the API: token, faults, the effect, the answer, the journal."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from makeready_tharstern_emulator.api.endpoints import Endpoint, find_endpoint
from makeready_tharstern_emulator.faults.cuts import cut, wait_for_goodbye
from makeready_tharstern_emulator.faults.draw import draw
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.wire import replies
from makeready_tharstern_emulator.wire.calls import Call, Query, token_of
from makeready_tharstern_emulator.wire.replies import Answer, InvalidRequest

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_MOST_BODY = 64_000_000
_MOST_REMEMBERED = 500


class NoAnswer(Exception):
    """Thrown where the connection ends without an answer."""


async def serve(site: Site, function: str, scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request to the API, or end its connection."""
    call = _read_call(site, function, scope)
    if not await _read_body(call, receive):
        return
    entry = site.journal.open(call)
    try:
        answer = await _answer(site, call, receive)
    except NoAnswer:
        site.journal.close(entry, None)
        await cut(receive, send)
        return
    site.journal.close(entry, answer)
    await _send(send, answer)


def _read_call(site: Site, function: str, scope: Message) -> Call:
    text = scope["query_string"].decode("latin-1")
    authorization = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    return Call(
        verb=scope["method"],
        function=function,
        query=Query(text, plain_arrays=site.switches.on("plain-arrays")),
        query_text=text,
        token=token_of(authorization.decode("latin-1")),
        faults=draw(scope["method"], function, site.switches, site.chance),
    )


async def _read_body(call: Call, receive: Receive) -> bool:
    """Read the whole body; False if the client left before its end: such a request never arrived.

    A body beyond the limit is cut short there, and then is no JSON any more.
    """
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return False
        more = message.get("more_body", False)
        if size < _MOST_BODY:
            chunks.append(message.get("body", b""))
        size += len(message.get("body", b""))
    call.body = b"".join(chunks)[:_MOST_BODY]
    return True


async def _answer(site: Site, call: Call, receive: Receive) -> Answer:
    """The answer as it leaves. Throws NoAnswer."""
    endpoint = _endpoint(call)
    if isinstance(endpoint, Answer):
        return endpoint
    if "slow" in call.faults:
        await asyncio.sleep(site.switches.number("slow-s"))
    await _fault_without_end(site, call, receive)
    if not _may(site, call, endpoint):
        return _expired(site)
    if answer := _fault_before(site, call, endpoint):
        return answer
    if "effect-late" in call.faults:
        site.background.start(_later(site, call, endpoint))
        raise NoAnswer
    if endpoint.takes_time:
        await asyncio.sleep(site.switches.number("estimate-s"))
    return _fault_after(site, call, perform(site, call, endpoint))


def _endpoint(call: Call) -> Endpoint | Answer:
    """Who answers; or what the web server says for an unknown path, or another verb."""
    by_verb, call.arguments = find_endpoint(call.function)
    if not by_verb:
        return replies.page(404)
    found = by_verb.get(call.verb)
    return found or replies.message(
        405, f"The requested resource does not support http method '{call.verb}'."
    )


async def _fault_without_end(site: Site, call: Call, receive: Receive) -> None:
    if "reset" in call.faults:
        raise NoAnswer
    if "hang" in call.faults:
        try:
            async with asyncio.timeout(site.switches.number("hang-s")):
                await wait_for_goodbye(receive)
        except TimeoutError:
            pass
        raise NoAnswer


def _may(site: Site, call: Call, endpoint: Endpoint) -> bool:
    if not endpoint.needs_token:
        return True
    if "token-expired" in call.faults:
        site.tokens.expire(call.token)
    return site.tokens.use(call.token)


def _expired(site: Site) -> Answer:
    """What an expired token gets is unknown: three forms (section 1.2 leaves it open)."""
    form = site.switches.text("expired-reply")
    if form == "401-html":
        return replies.page(401)
    if form == "200-false":
        return replies.failure(
            "The API token is invalid or has expired.", member=site.names["status.message"]
        )
    return replies.message(401, "Authorization has been denied for this request.")


def _fault_before(site: Site, call: Call, endpoint: Endpoint) -> Answer | None:
    if "error-before" in call.faults:
        return _server_error(site)
    if "empty-success" in call.faults:
        return replies.success(endpoint.empty)
    return _stale(site, call)


def _stale(site: Site, call: Call) -> Answer | None:
    """The last answer to the same reading call, if a stale one is wanted."""
    return site.remembered.get(_question(call)) if "stale-read" in call.faults else None


def _question(call: Call) -> str:
    return f"{call.verb} {call.function}?{call.query_text}"


def perform(site: Site, call: Call, endpoint: Endpoint) -> Answer:
    """Let the effect happen, and commit it."""
    try:
        answer = endpoint.handler(site, call)
    except InvalidRequest as exc:
        answer = replies.invalid(exc.errors, as_arrays=site.switches.text("model-state") == "arrays")
    site.world.save()
    if call.verb == "GET":
        _remember(site, call, answer)
    return answer


def _remember(site: Site, call: Call, answer: Answer) -> None:
    if len(site.remembered) >= _MOST_REMEMBERED:
        site.remembered.clear()
    site.remembered[_question(call)] = answer


async def _later(site: Site, call: Call, endpoint: Endpoint) -> None:
    """The request lives on in the server after its connection was cut."""
    await asyncio.sleep(site.switches.number("effect-late-s"))
    perform(site, call, endpoint)


def _fault_after(site: Site, call: Call, answer: Answer) -> Answer:
    if "answer-lost" in call.faults:
        raise NoAnswer
    if "error-after" in call.faults:
        return _server_error(site)
    if "html-answer" in call.faults:
        return replies.page(200)
    if "truncated" in call.faults:
        return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type)
    return answer


def _server_error(site: Site) -> Answer:
    status = site.switches.whole("error-status")
    match site.switches.text("error-body"):
        case "json":
            return replies.message(status, "An error has occurred.")
        case "empty":
            return Answer(status, b"", replies.HTML)
        case _:
            return replies.page(status)


async def _send(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", b"%d" % len(answer.body)),
        (b"cache-control", b"no-cache"),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
