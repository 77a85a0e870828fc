"""What can go wrong between a connector and its vendor, to be injected into a `makeready_hooks.testing.http.Line`."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from makeready_hooks.http import HttpAnswer, HttpRequest

ELSEWHERE = "http://elsewhere.example/taken"
COOKIE = "session=kit-cookie"


class Says(StrEnum):
    """What a caller can conclude from it."""

    UNKNOWN = "nothing: a call that changes something may have been done"
    UNREADABLE = "nothing that can be understood"
    NO = "no"
    LATER = "not done, try later"
    WHO = "not done, sign in"


class Fault(Struct, frozen=True, kw_only=True):
    """What becomes of one request and of its answer."""

    name: str
    says: Says
    reaches: bool = False
    """Whether the vendor gets the request, and does what it asks."""
    answer: Callable[[HttpRequest, HttpAnswer], HttpAnswer] | None = None
    """What arrives instead; it is given what the vendor answered, or `NOTHING`. None: no answer comes."""
    holds: bool = False
    """Nothing comes and nothing ends it: the caller is cancelled."""
    befalls: Callable[[HttpRequest], bool] = lambda request: True
    """Which requests, of those that it is injected for."""


NOTHING = HttpAnswer(status=0, headers={}, body=b"")

LOST = Fault(name="the answer is lost after its effect", says=Says.UNKNOWN, reaches=True)
CUT = Fault(name="the line is cut before the request arrives", says=Says.UNKNOWN)
HANGS = Fault(name="it hangs until the deadline", says=Says.UNKNOWN)
HOLDS = Fault(name="it never answers", says=Says.UNKNOWN, holds=True)


def _echo(request: HttpRequest) -> bytes:
    """The words of a server that repeats what it was sent, in several of the forms in which servers give theirs."""
    sent = f"{dict(request.headers)} {request.query} {request.body.decode('utf-8', 'replace')}"
    text = '"' + sent.replace("\\", "/").replace('"', "'").replace("\n", " ") + '"'
    shown = (
        "{"
        + f'"Message":{text},"message":{text},"error":{{"code":"kit","text":{text},"message":{text}}}'
        + "}"
    )
    return "".join(one if one >= " " else " " for one in shown).encode()


def status(code: int, *, retry_after: str = "", reaches: bool = False) -> Fault:
    """The vendor, or something before it, answers with this status and repeats what it was sent."""
    if code in (401, 403):
        says = Says.WHO
    elif code == 429 or (code == 503 and retry_after):
        says = Says.LATER
    else:
        says = Says.UNKNOWN if code >= 500 or code == 408 else Says.NO
    headers = {"content-type": "application/json", **({"retry-after": retry_after} if retry_after else {})}
    where = " after its effect" if reaches else ""
    return Fault(
        name=f"status {code}{f' with Retry-After: {retry_after}' if retry_after else ''}{where}",
        says=Says.UNKNOWN if reaches else says,
        reaches=reaches,
        answer=lambda request, answer: HttpAnswer(status=code, headers=headers, body=_echo(request)),
    )


def _body(name: str, change: Callable[[bytes], bytes], *, reaches: bool, media: str = "") -> Fault:
    def changed(request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
        headers = {**answer.headers, **({"content-type": media} if media else {})}
        return HttpAnswer(status=answer.status or 200, headers=headers, body=change(answer.body))

    where = " after its effect" if reaches else " before any effect"
    return Fault(name=name + where, says=Says.UNREADABLE, reaches=reaches, answer=changed)


PAGE = b"<!DOCTYPE html><html><body>Sign in to the proxy</body></html>"
BODIES: dict[str, Callable[[bytes], bytes]] = {
    "a web page with status 200": lambda body: PAGE,
    "an answer that breaks off": lambda body: body[: len(body) // 2] or b'{"',
    "null": lambda body: b"null",
    "a text": lambda body: b'"done"',
    "a number": lambda body: b"7",
    "an object without members": lambda body: b"{}",
    "an answer that is packed twice": lambda body: b"\x1f\x8b\x08\x00" + body,
}
UNREADABLE = (
    *(_body(name, change, reaches=True) for name, change in BODIES.items()),
    *(_body(name, change, reaches=False) for name, change in BODIES.items()),
    _body("an empty answer", lambda body: b"", reaches=True),
)
MARKED = Fault(
    name="an answer that begins with a byte order mark",
    says=Says.UNREADABLE,
    reaches=True,
    answer=lambda request, answer: HttpAnswer(
        status=answer.status, headers=answer.headers, body=b"\xef\xbb\xbf" + answer.body
    ),
)
REFUSALS = tuple(status(code) for code in (400, 403, 404, 409, 413, 422))
FAILURES = (status(408), *(status(code) for code in (500, 502, 503, 504)))
FAILURES_AFTER = tuple(status(code, reaches=True) for code in (500, 502, 503, 504))
BUSY = (status(429), status(429, retry_after="30"), status(503, retry_after="30"))
EXPIRED = status(401)
EVERY = (
    LOST,
    CUT,
    HANGS,
    EXPIRED,
    MARKED,
    *REFUSALS,
    *FAILURES,
    *FAILURES_AFTER,
    *BUSY,
    *UNREADABLE,
)
"""All of them that end."""
SOME = (
    LOST,
    CUT,
    EXPIRED,
    status(404),
    status(500),
    status(503, reaches=True),
    BUSY[1],
    UNREADABLE[0],
    UNREADABLE[7],
)
"""One or two of a kind."""


def redirect(code: int) -> Fault:
    return Fault(
        name=f"a redirect ({code}) to another server",
        says=Says.UNKNOWN,
        answer=lambda request, answer: HttpAnswer(status=code, headers={"location": ELSEWHERE}, body=b""),
    )


GIVES_COOKIE = Fault(
    name="the answer sets a cookie",
    says=Says.NO,
    reaches=True,
    answer=lambda request, answer: HttpAnswer(
        status=answer.status, headers={**answer.headers, "set-cookie": COOKIE}, body=answer.body
    ),
)
