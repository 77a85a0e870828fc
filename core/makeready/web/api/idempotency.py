"""The same call twice is one call: what a key was answered is kept for a day."""

import hashlib
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from makeready.access.model import Token
from makeready.installation import Installation
from makeready.web.api.problems import ApiError, response
from makeready.web.api.store import EarlierAnswer

HEADER = "Idempotency-Key"
MAX_KEY = 255
NOT_UNDERSTOOD = (400, 422)
NO_SUCCESS, OUR_TROUBLE = 400, 500
SHOWN_ONCE = (
    "This call was made already, and what it made is shown once only. Take it back, and make another."
)


async def once(
    installation: Installation,
    token: Token,
    request: Request,
    body: bytes,
    make: Callable[[], Awaitable[Response]],
    *,
    keep: bool = True,
) -> Response:
    """``make`` the answer, or give the one that was made for the same key before.

    Without ``keep`` only that there was one is kept: what it showed is shown once.

    Raises ApiError 422 if the key was used for another call, 409 while that one is under way. An answer
    that says that nothing was tried, or that the trouble is ours, is not kept: the call may be made again.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return await make()
    if not 0 < len(key) <= MAX_KEY:
        raise ApiError(422, f"The key must have 1 to {MAX_KEY} characters.", field=HEADER)
    answers = installation.store.answers
    fingerprint = _fingerprint(request, body)
    earlier = await answers.begin(token.name, key, fingerprint, now=installation.clock())
    if earlier is not None:
        return _repeated(earlier, fingerprint)
    try:
        made = await make()
    except Exception:
        await answers.forget(token.name, key)
        raise
    if made.status_code >= OUR_TROUBLE or made.status_code in NOT_UNDERSTOOD:
        await answers.forget(token.name, key)
    else:
        kept = made if keep or made.status_code >= NO_SUCCESS else response(ApiError(409, SHOWN_ONCE))
        content_type = kept.headers["content-type"]
        await answers.finish(
            token.name, key, status=kept.status_code, content_type=content_type, body=bytes(kept.body)
        )
    return made


def _repeated(earlier: EarlierAnswer, fingerprint: str) -> Response:
    if earlier.fingerprint != fingerprint:
        raise ApiError(422, "This key was used for another call. Give each call its own.", field=HEADER)
    if not earlier.status:
        raise ApiError(
            409,
            "The same call is under way. Ask again in a moment.",
            field=HEADER,
            headers={"Retry-After": "1"},
        )
    return Response(earlier.body, earlier.status, media_type=earlier.content_type)


def _fingerprint(request: Request, body: bytes) -> str:
    return hashlib.sha256(b"\0".join([str(request.scope["path"]).encode(), body])).hexdigest()
