"""A server between a connector and its vendor: it hands every call on, and remembers what was said."""

from collections.abc import Iterable
from urllib.parse import unquote

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from makeready_lab.captures.sample import Recorded

PER_HOP = {
    *(
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
    ),
    *("upgrade", "host", "content-length", "content-encoding", "accept-encoding"),
}
"""Headers that are of one connection only, or that the client and the server make anew."""
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
MOST = 20_000
"""Exchanges. They are in memory until they are written without secrets."""
WAIT_S = 120


class Recorder:
    """``to``: the vendor's address, with the path that a connector's paths begin after."""

    def __init__(self, to: str, *, verify: bool | str = True) -> None:
        self.exchanges: list[Recorded] = []
        self.too_many = 0
        """Exchanges that came after the last one that is remembered."""
        self._to = to.rstrip("/")
        self._client = httpx.AsyncClient(
            timeout=WAIT_S, follow_redirects=False, verify=verify, trust_env=True
        )
        self.app = Starlette(routes=[Route("/{path:path}", self._hand_on, methods=METHODS)])

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _hand_on(self, request: Request) -> Response:
        raw_path = request.scope["raw_path"].decode("ascii")
        query = request.scope["query_string"].decode("ascii")
        content = await request.body()
        try:
            answer = await self._client.request(
                request.method,
                f"{self._to}{raw_path}{'?' if query else ''}{query}",
                headers=_of_the_message(request.headers.items()),
                content=content,
            )
        except (httpx.HTTPError, AttributeError) as exc:  # what the connector makes of it is its own affair
            # AttributeError: anyio's, where a server hangs up at once and uvloop has let go of the socket.
            return Response(
                f"The vendor cannot be reached: {type(exc).__name__}.", 502, media_type="text/plain"
            )
        self._client.cookies.clear()
        self._remember(request, raw_path, content, answer)
        kept = _of_the_message(answer.headers.multi_items())
        handed = Response(answer.content, answer.status_code)
        handed.raw_headers.extend((name.encode(), value.encode("latin-1")) for name, value in kept)
        return handed

    def _remember(self, request: Request, raw_path: str, content: bytes, answer: httpx.Response) -> None:
        if len(self.exchanges) >= MOST:
            self.too_many += 1
            return
        self.exchanges.append(
            Recorded(
                method=request.method,
                path=unquote(raw_path),
                query=tuple(request.query_params.multi_items()),
                request_headers=tuple(request.headers.items()),
                request=content,
                status=answer.status_code,
                headers=tuple(answer.headers.multi_items()),
                answer=answer.content,
            )
        )


def _of_the_message(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in PER_HOP]
