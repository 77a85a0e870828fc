"""Plugins that listen, for tests of what they hear."""

from collections.abc import Callable
from typing import Any

import msgspec
from makeready.connectors import NEWS
from makeready.subscribers.model import ConnectorRecord
from makeready.subscribers.settings import new_record
from makeready_hooks import ConnectorContext, ConnectorType, Role, hookimpl
from msgspec import Struct
from pretend import Bench


class NoSettings(Struct, frozen=True, kw_only=True):
    pass


class Hooks:
    """Those that the test gives it."""


class Listener:
    """Keeps what it hears, after what the test lets happen."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.record: ConnectorRecord
        """Of the company's settings."""
        self.before: dict[str, Callable[[], Any]] = {}

    def hooks(self, names: list[str]) -> object:
        """An object that implements just these."""
        made = Hooks()
        for name in names:
            setattr(made, name, hookimpl(self._hook(name)))
        return made

    def _hook(self, name: str) -> Any:
        async def hear(news: Any) -> None:
            if name in self.before and (waiting := self.before[name]()):
                await waiting
            self.heard.append((name, news))

        return hear

    def of(self, name: str) -> list[Any]:
        return [news for heard, news in self.heard if heard == name]


async def listen(bench: Bench, name: str = "ear", hooks: list[str] = NEWS) -> Listener:
    """One more connector of the company."""
    made = Listener()
    listening = made.hooks(hooks)

    def build(settings: NoSettings, context: ConnectorContext) -> object:
        return listening

    kinds: Any = bench.installation.kinds
    kinds[name] = ConnectorType(
        name=name, title=name, role=Role.OBSERVER, edition=2, settings=NoSettings, build=build
    )
    now = await bench.installation.subscriber("northfield")
    made.record = new_record(bench.installation.vault)
    connectors = {**now.connectors, name: made.record}
    changed = msgspec.structs.replace(now, connectors=connectors)
    await bench.installation.store.subscribers.save([changed])
    return made
