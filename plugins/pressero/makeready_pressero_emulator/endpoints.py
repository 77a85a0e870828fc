"""The table of endpoints, and how a path finds its row.

The table is data: documentation is generated from it. Paths match whatever their case, with doubled
and closing slashes (seen: all of these are used by working clients).
"""

from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from makeready_hooks.testing.emulation import EmulatedCall
from msgspec import Struct

from makeready_pressero_emulator.wire.answers import Answer

if TYPE_CHECKING:
    from makeready_pressero_emulator.call import Call

Handler = Callable[["Call"], Awaitable[Answer]]


class Mark(StrEnum):
    SEEN = "seen"
    """A public client or the vendor's help shows it."""
    INFERRED = "inferred"
    """Follows from what was seen."""
    OWN = "own"
    """The emulator's own; the vendor has nothing like it."""


class Endpoint(Struct, frozen=True, kw_only=True):
    verb: str
    path: str
    """``/api/v2/orders/{n}/Details``: braces name a part that varies."""
    mark: Mark
    does: str
    handler: Handler
    switch: str = ""
    """The switch that takes this endpoint away, or changes its answer."""
    token: bool = True
    """Whether it needs the Authorization header."""
    secret: bool = False
    """Whether its bodies carry credentials, which the journal then leaves out."""


class Match(Struct, frozen=True):
    endpoint: Endpoint | None
    params: dict[str, str]
    allowed: tuple[str, ...]
    """Verbs that the path has; empty if there is no such path."""


class _Node:
    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.verbs: dict[str, tuple[Endpoint, tuple[str, ...]]] = {}


class Router:
    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._root = _Node()
        for endpoint in endpoints:
            self._add(endpoint)

    def find(self, verb: str, path: str) -> Match:
        parts = [part for part in path.split("/") if part]
        found = _walk(self._root, parts, 0, [])
        if found is None:
            return Match(None, {}, ())
        node, values = found
        allowed = tuple(sorted(node.verbs))
        if verb not in node.verbs:
            return Match(None, {}, allowed)
        endpoint, names = node.verbs[verb]
        return Match(endpoint, dict(zip(names, values, strict=True)), allowed)

    def _add(self, endpoint: Endpoint) -> None:
        node, names = self._root, []
        for part in filter(None, endpoint.path.split("/")):
            if part.startswith("{"):
                names.append(part.strip("{}"))
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.literal.setdefault(part.lower(), _Node())
        if endpoint.verb in node.verbs:
            raise ValueError(f"{endpoint.verb} {endpoint.path} is in the table twice")
        node.verbs[endpoint.verb] = (endpoint, tuple(names))


def _walk(node: _Node, parts: list[str], at: int, values: list[str]) -> tuple[_Node, list[str]] | None:
    """Literal parts win over varying ones; a dead end is left again."""
    if at == len(parts):
        return (node, values) if node.verbs else None
    literal = node.literal.get(parts[at].lower())
    if literal is not None and (found := _walk(literal, parts, at + 1, values)):
        return found
    if node.any is not None:
        return _walk(node.any, parts, at + 1, [*values, parts[at]])
    return None


def emulated_calls(endpoints: Iterable[Endpoint]) -> tuple[EmulatedCall, ...]:
    """The vendor's part of the table, for the documentation."""
    return tuple(
        EmulatedCall(
            verb=e.verb, path=e.path, mark=e.mark, about=f"{e.does} ({e.switch})" if e.switch else e.does
        )
        for e in endpoints
        if e.mark is not Mark.OWN
    )
