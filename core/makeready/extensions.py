"""What an extension may add to Makeready: work types, operations, pages, metrics; and all that do.

An extension is a module, or an object, that a distribution names under the entry points
``makeready.extensions``. It implements any of the hooks below, marked with `extension`. The core's own rooms come in
by the same way (`makeready.rooms`). Commands are entry points of their own, ``makeready.commands``: the name is the
command's name and its one-line help, ``"user: Say who may sign in."``, so that ``--help`` imports nothing.

Tables are entry points, too, ``makeready.tables``: each a tuple of `sqlite_utils.Migrations`, sets with a name of their own,
applied after the core's whenever a state file is opened. So a command that only reads a file imports no page.

An extension uses the public modules of the rooms, those outside the core included (makeready-alerts, makeready-amend,
makeready-imports, makeready-inspect, makeready-operations, makeready-prices, makeready-stock). It reaches another extension
by its commands or addresses, never by import. The contract of connectors is `makeready_hooks`; nothing here is for them.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

import pluggy
import structlog

from makeready.attention.channel import AlertChannel
from makeready.engine.model import NewWork, WorkType
from makeready.installation import Installation
from makeready.plugins import UPDATE, BrokenPlugin, load_extensions
from makeready.subscribers.model import Subscriber
from makeready.web.api.operation import Operation

if TYPE_CHECKING:  # of the server, and of makeready-metrics: most commands load neither
    from prometheus_client.core import Metric
    from starlette.routing import BaseRoute

    from makeready.web.refusals import Refusals

PROJECT = "makeready-extensions"

extension = pluggy.HookimplMarker(PROJECT)
_spec = pluggy.HookspecMarker(PROJECT)


log = structlog.get_logger("makeready.extensions")


@_spec
def work_types() -> Sequence[WorkType]:  # type: ignore[empty-body]
    """Durable work that the extension does.

    Called:  once per process.
    Return:  the types, each declared beside its function. A kind that is taken is a defect, and refused.
    """


@_spec
def operations() -> Sequence[Operation]:  # type: ignore[empty-body]
    """Operations of the JSON API.

    Called:  once per process, when a server starts.
    Return:  functions made into operations by `makeready.web.api.operation.operation`.
    """


@_spec
def routes(  # type: ignore[empty-body]
    installation: Installation, wake: Callable[[], None], refusals: "Refusals"
) -> "Sequence[BaseRoute]":
    """Addresses of the server, such as pages.

    Called:  when a server starts. ``wake`` tells the engine that there may be work; ``refusals`` turns away who was refused
             too often: an address that vendors call asks it first.
    Return:  Starlette routes. They come after the webhooks', and before the core's others; of several extensions, those
             of the one with the fewest first, so that what buyers wait for is not compared with every page. An extension
             answers at addresses of its own only.
    """


@_spec
def attention_work(subscriber: Subscriber, now: float) -> Sequence[NewWork]:  # type: ignore[empty-body]
    """An order line or a file of this subscriber came to need attention.

    Called:  while it is noted. ``now``: seconds since 1970. Do no I/O.
    Return:  durable work to be asked for in the same transaction, such as to tell people.
    """


@_spec
def alert_channels() -> Sequence[AlertChannel]:  # type: ignore[empty-body]
    """Ways to tell people of what needs them, beside mail and webhook of makeready-alerts, which tells through them all.

    Called:  once per process.
    Return:  channels. Each is used on its own: what one told is not told again since another failed. A name that is
             taken is a defect, and refused.
    """


@_spec
def page_path(subscriber: str, order: str) -> str | None:
    """Where people see a subscriber, or one of its orders.

    Called:  for links in alerts. ``order`` is a number, or empty for what needs attention.
    Return:  a path that begins with a slash, or None if there is no such page. The first answer is used.
    """


@_spec
def metrics(installation: Installation) -> Iterable["Metric"]:  # type: ignore[empty-body]
    """Figures for ``GET /metrics`` of makeready-metrics, beside its own.

    Called:  at each reading. Be quick: it waits for you.
    Return:  families of prometheus_client, named ``makeready_…``.
    """


@_spec
async def on_start(installation: Installation, url: str) -> str:  # type: ignore[empty-body]
    """A server begins to listen at ``url``.

    Return:  a line for whoever started it, or an empty text.
    Raise:   any error keeps the server from starting.
    """


@_spec
async def on_stop(installation: Installation) -> None:
    """A server ends. Called once, when nothing is asked of it any more; an error is logged and stops no other."""


class Extensions:
    """All extensions of this process, behind typed methods."""

    def __init__(self, found: Mapping[str, object], broken: Sequence[BrokenPlugin] = ()) -> None:
        """``found``: extensions by name, in the order in which their tables are made."""
        self.broken = [*broken]
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(sys.modules[__name__])
        for name, one in found.items():
            try:
                self._manager.register(one, name)
                self._manager.check_pending()
            except (pluggy.PluginValidationError, ValueError) as exc:
                self._manager.unregister(name=name)
                self.broken.append(BrokenPlugin(name=name, origin=f"{one}", why=f"{exc}.", fix=UPDATE))

    @cached_property
    def work_types(self) -> Mapping[str, WorkType]:
        """By kind, the core's first."""
        return self._by_name("work_types", "kind")

    @cached_property
    def alert_channels(self) -> Sequence[AlertChannel]:
        return list(self._by_name("alert_channels", "name").values())

    @cached_property
    def operations(self) -> Sequence[Operation]:
        return self._together("operations")

    def routes(
        self, installation: Installation, wake: Callable[[], None], refusals: "Refusals"
    ) -> "list[BaseRoute]":
        """Those of the extension with the fewest first."""
        values = {"installation": installation, "wake": wake, "refusals": refusals}
        answers: list[Sequence[BaseRoute]] = self._in_order("routes", **values)
        fewest_first = sorted(answers, key=len)
        return list(chain.from_iterable(fewest_first))

    def attention_work(self, subscriber: Subscriber, now: float) -> list[NewWork]:
        return self._together("attention_work", subscriber=subscriber, now=now)

    def page_path(self, subscriber: str, order: str = "") -> str:
        """Empty without pages."""
        answers = self._in_order("page_path", subscriber=subscriber, order=order)
        return next((path for path in answers if path), "")

    def metrics(self, installation: Installation) -> list["Metric"]:
        return self._together("metrics", installation=installation)

    async def start(self, installation: Installation, url: str) -> list[str]:
        """Lines for whoever started the server."""
        answers = [await one for one in self._in_order("on_start", installation=installation, url=url)]
        return [line for line in answers if line]

    async def stop(self, installation: Installation) -> None:
        for one in self._in_order("on_stop", installation=installation):
            try:
                await one
            except Exception:  # one extension's trouble is not another's
                log.exception("an extension did not stop well")

    def _by_name(self, hook: str, member: str) -> dict[str, Any]:
        """Raises ValueError for a name that two of them have."""
        found: dict[str, Any] = {}
        for one in self._together(hook):
            name = getattr(one, member)
            if name in found:
                raise ValueError(f"two {hook.replace('_', ' ')} are called {name}")
            found[name] = one
        return found

    def _together(self, hook: str, **values: Any) -> list[Any]:
        """What all of them offer."""
        return list(chain.from_iterable(self._in_order(hook, **values)))

    def _in_order(self, hook: str, **values: Any) -> list[Any]:
        """Answers in the order of registration; pluggy gives the last first."""
        answers: list[Any] = getattr(self._manager.hook, hook)(**values)
        return answers[::-1]


@cache
def installed() -> Extensions:
    """The extensions that are installed: the core's rooms, then the others by name."""
    found = load_extensions()
    return Extensions(found.objects, found.broken)
