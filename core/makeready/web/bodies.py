"""Bodies of calls that come in."""

from makeready_hooks.errors import CallRejected
from starlette.requests import Request

MAX_BODY_BYTES = 1_000_000


async def read_body(request: Request) -> bytes:
    """Raises CallRejected if it is too large; then the rest is not read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        check_size(len(body))
    return bytes(body)


def check_size(size: int) -> None:
    """Raises CallRejected for a body that is too large."""
    if size > MAX_BODY_BYTES:
        raise CallRejected(f"The body is over {MAX_BODY_BYTES} bytes.", status=413)
