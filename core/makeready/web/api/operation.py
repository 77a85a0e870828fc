"""One operation of the API: routes and the OpenAPI document are made from the table of them."""

from collections.abc import Awaitable, Callable, Mapping

from msgspec import Struct
from starlette.responses import Response

from makeready.web.api.calls import Call

Answer = Struct | Response

ONE = "/subscribers/{subscriber}"


class Operation(Struct, frozen=True, kw_only=True):
    name: str
    method: str
    path: str
    summary: str
    run: Callable[[Call], Awaitable[Answer]]
    answer: type[Struct] | None = None
    """What is answered as JSON; None for an operation that never is."""
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    names: Mapping[str, str] = {}
    """Members of the body by the names that errors of the flow have for them, where those differ."""
    also: tuple[str, ...] = ()
    """Other media types of the answer, for whoever accepts them."""
