"""Bodies of calls that come in."""

from makeready_hooks.errors import CallRejected
from starlette.requests import ClientDisconnect, Request

MAX_BODY_BYTES = 1_000_000


async def read_body(request: Request, begun: bytes = b"") -> bytes:
    """Raises CallRejected if it is too large: then the rest is not read; or if the caller leaves before its end."""
    body = bytearray(begun)
    try:
        async for chunk in request.stream():
            body += chunk
            check_size(len(body))
    except ClientDisconnect:
        raise CallRejected("The caller left before the end of the body.") from None
    return bytes(body)


def check_size(size: int) -> None:
    """Raises CallRejected for a body that is too large."""
    if size > MAX_BODY_BYTES:
        raise CallRejected(f"The body is over {MAX_BODY_BYTES} bytes.", status=413)
