"""A vendor's call as ASGI gives it, without a request object for each: it comes often."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from starlette.requests import Request

from makeready.web.bodies import check_size, read_body

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


def incoming(scope: Message, body: bytes) -> IncomingCall:
    """Header names are in lower case already, as ASGI wants them."""
    query: bytes = scope["query_string"]
    return IncomingCall(
        method=scope["method"],
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        query=dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {},
        body=body,
    )


async def body_of(scope: Message, receive: Receive) -> bytes:
    """Raises CallRejected for a body that is too long."""
    message = await receive()
    if not message.get("more_body") and message["type"] == "http.request":
        first: bytes = message.get("body", b"")
        check_size(len(first))
        return first
    return await read_body(Request(scope, receive), message.get("body", b""))


def messages(answer: CallAnswer) -> tuple[Message, Message]:
    headers = [
        (b"content-type", answer.content_type.encode("latin-1")),
        (b"content-length", str(len(answer.body)).encode()),
    ]
    start = {"type": "http.response.start", "status": answer.status, "headers": headers}
    return start, {"type": "http.response.body", "body": answer.body}
