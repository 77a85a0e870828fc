"""One operation of the API, declared by its function. Routes and the OpenAPI document are made from all there are."""

from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any, get_type_hints

from msgspec import Struct
from starlette.responses import Response

from makeready.access.model import Scope
from makeready.web.api.requests import Call
from makeready.web.api.shapes import NoBody

Answer = Struct | Response

ONE = "/subscribers/{subscriber}"


class Operation(Struct, frozen=True, kw_only=True):
    name: str
    method: str
    path: str
    summary: str
    run: Callable[[Call], Awaitable[Answer]]
    group: str = ""
    """Under which the document shows it."""
    answer: type[Struct] | None = None
    """What is answered as JSON; None for an operation that never is."""
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    names: Mapping[str, str] = {}
    """Members of the body by the names that errors of the story have for them, where those differ."""
    also: Mapping[str, type[Struct] | None] = {}
    """Other media types of the answer, for whoever accepts them; of a stream, what each of its items is."""
    action: str = ""
    """What the audit log calls it, as in the command line; "" for one that changes nothing."""
    operator: bool = False
    """It is for operators only."""
    asks_vendors: bool = False
    """Its answer depends on the shop or the MIS."""
    takes_secrets: bool = False
    """Its body is not kept in the audit log."""
    shows_secret: bool = False
    """Its answer is not kept for the same call made again."""

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What a token needs."""
        operator: tuple[Scope, ...] = ("operator",) if self.operator else ()
        return ("change" if self.action else "read", *operator)


def operation(
    method: str, path: str, **described: Any
) -> Callable[[Callable[..., Awaitable[Answer]]], Operation]:
    """Make a function of a call an operation. ``list_orders`` is called ``listOrders``; what it answers is what it
    returns, and its parameters ``query`` and ``body`` are what it reads. ``described`` are members of `Operation`."""

    def made(run: Callable[..., Awaitable[Answer]]) -> Operation:
        hints = get_type_hints(run)
        returned = hints["return"]
        taken = [name for name in ("query", "body") if name in hints]

        async def answer(call: Call) -> Answer:
            return await run(call, **{name: getattr(call, name) for name in taken})

        first, *others = run.__name__.split("_")
        given: dict[str, Any] = {
            "name": first + "".join(map(str.capitalize, others)),
            "answer": returned if isinstance(returned, type) and issubclass(returned, Struct) else None,
            "query": hints.get("query"),
            "body": hints.get("body", NoBody if method == "POST" else None),
        }
        return Operation(method=method, path=path, run=answer, **(given | described))

    return made


def operations_in(module: ModuleType) -> list[Operation]:
    """Those that a module declares."""
    return [one for one in vars(module).values() if isinstance(one, Operation)]
