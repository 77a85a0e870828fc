"""Connectors that break one promise each, and which tests of the kit are meant to see it."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from makeready_hooks.http import Http, HttpAnswer, HttpRequest
from makeready_pressero.client import PresseroClient
from makeready_pressero.plugin import Pressero
from msgspec.structs import replace
from platen_client import PlatenClient
from platen_connector import Platen
from platen_contract import PlatenContract
from pressero_contract import PresseroContract

MODULES = (
    "mis_answers", "mis_company", "mis_events", "mis_files", "mis_line", "mis_looks", "mis_lookup", "mis_orders",
    "mis_prices", "mis_progress", "mis_shelf", "shop_line", "shop_lists", "shop_orders", "shop_products", "shop_writes",
)  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """One of them."""

    name: str
    promise: str
    tests: tuple[str, ...]
    contract: Any
    """The tests that its connector inherits."""


ALL: dict[str, Broken] = {}


def broken(promise: str, *tests: str) -> Callable[[Any], Any]:
    """Registers a subclass of Platen's or Pressero's hooks; ``line``: what it puts around the client that it is given."""

    def register(hooks: Any) -> Any:
        base: Any = PlatenContract if issubclass(hooks, Platen) else PresseroContract
        base = getattr(hooks, "contract", base)
        kind = replace(base.kind, build=_builder(hooks))
        assert hooks.__name__ not in ALL
        ALL[hooks.__name__] = Broken(
            hooks.__name__, promise, tests, type(hooks.__name__, (base,), {"kind": kind})
        )
        return hooks

    return register


def _builder(hooks: Any) -> Callable[[Any, Any], Any]:
    def build(settings: Any, context: Any) -> Any:
        line = getattr(hooks, "line", None)
        context = replace(context, http=line(context.http)) if line else context
        return hooks.made(settings, context) if hasattr(hooks, "made") else made(hooks, settings, context)

    return build


def made(hooks: Any, settings: Any, context: Any) -> Any:
    if issubclass(hooks, Platen):
        client = getattr(hooks, "client", PlatenClient)
        return hooks(
            settings, client(settings.server_url, settings.key, context.http, settings.call_within_s)
        )
    return hooks(settings, PresseroClient(settings, context.http), context)


def every_one() -> dict[str, Broken]:
    for name in MODULES:
        importlib.import_module(name)
    return ALL


class Around:
    """A client around the one that it is given."""

    def __init__(self, http: Http) -> None:
        self.http = http

    async def send(self, request: HttpRequest) -> HttpAnswer:
        return self.hear(request, await self.http.send(self.ask(request)))

    def ask(self, request: HttpRequest) -> HttpRequest:
        return request

    def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
        return answer


__all__ = ["Around", "Broken", "Platen", "Pressero", "broken", "every_one", "made", "replace"]
