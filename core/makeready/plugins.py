"""What is installed: connector types and emulators, found by their entry points.

A plugin that cannot be loaded is told, and stops nobody who does not use it.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar, cast

from makeready_hooks import CONNECTORS, EDITION, ConnectorType
from makeready_hooks.errors import ConfigError
from makeready_hooks.fit import offered
from makeready_hooks.testing.emulation import EmulatorType
from msgspec import Struct

from makeready.subscribers.settings import setting_names, settings_schema

T = TypeVar("T", ConnectorType, EmulatorType)

EXTENSIONS = "makeready.extensions"
"""Entry points of extensions."""
TABLES = "makeready.tables"
"""Entry points of their tables."""
CORE = "makeready"
"""That of the core's own rooms."""
REINSTALL = "Reinstall it with everything it needs, or remove it; then start again."
UPDATE = "It was written for another version of the contract: update it."


class BrokenPlugin(Struct, frozen=True, kw_only=True):
    """One that is installed and cannot be loaded."""

    name: str
    """Of the connector, as far as it is known: that of the entry point."""
    origin: str
    """The distribution and where in it."""
    why: str
    fix: str

    def __str__(self) -> str:
        return f"The plugin {self.name} ({self.origin}) cannot be loaded: {self.why}"


class FoundExtensions(Struct, frozen=True, kw_only=True):
    objects: Mapping[str, object]
    """By name: the core's own rooms, then the others."""
    broken: tuple[BrokenPlugin, ...]


class Found(Struct, Generic[T], frozen=True, kw_only=True):
    """Of one group of entry points, by name."""

    types: Mapping[str, T]
    broken: tuple[BrokenPlugin, ...]

    def one(self, name: str, what: str, *, field: str) -> T:
        """Raises ConfigError if there is none of that name, or if it cannot be loaded."""
        if name in self.types:
            return self.types[name]
        for plugin in self.broken:
            if plugin.name == name:
                raise ConfigError(str(plugin), field=field, fix=plugin.fix)
        others = "".join(f" {plugin}" for plugin in self.broken)
        raise ConfigError(
            f"There is no {what} {name}.",
            field=field,
            fix=f"Installed are: {', '.join(self.types) or 'none'}. Install its plugin or correct the name.{others}",
        )


def connectors() -> Found[ConnectorType]:
    """Every connector that is installed."""
    return find_plugins(CONNECTORS, ConnectorType, _try_connector)


def origin_of(connector: str) -> str:
    """The distribution that offers it, and its version; "" if none is known."""
    entries = entry_points(group=CONNECTORS)
    return next((_distribution(one) for one in entries if one.name == connector), "")


@cache
def load_extensions() -> FoundExtensions:
    """What implements hooks of `makeready.extensions`. One that cannot be loaded adds nothing, and is told where plugins
    are listed.
    """
    return _load_all(EXTENSIONS)


@cache
def load_tables() -> list[Any]:
    """Sets of migrations of the core and of every extension, in the order in which they are applied."""
    return [
        tables for found in _load_all(TABLES).objects.values() for tables in cast("tuple[Any, ...]", found)
    ]


def _load_all(group: str) -> FoundExtensions:
    """The core's own first; the others by name."""
    loaded: list[tuple[EntryPoint, object]] = []
    trouble: list[BrokenPlugin] = []
    for entry in sorted(entry_points(group=group), key=lambda one: (one.name != CORE, one.name)):
        try:
            loaded.append((entry, entry.load()))
        except (Exception, SystemExit) as exc:
            if entry.name == CORE:
                raise
            trouble.append(broken(entry, f"{type(exc).__name__}: {exc}".rstrip(": ") + ".", REINSTALL))
    twice = _offered_twice((entry, entry.name, one) for entry, one in loaded)
    lost = {one.name for one in twice}
    objects = {entry.name: one for entry, one in loaded if entry.name not in lost}
    return FoundExtensions(objects=objects, broken=(*trouble, *twice))


def find_plugins(group: str, kind: type[T], try_out: Callable[[T], object]) -> Found[T]:
    loaded: list[tuple[EntryPoint, T]] = []
    broken: list[BrokenPlugin] = []
    for entry in entry_points(group=group):
        one = load_entry(entry, kind, try_out)
        if isinstance(one, BrokenPlugin):
            broken.append(one)
        else:
            loaded.append((entry, one))
    twice: list[BrokenPlugin] = _offered_twice((entry, one.name, one) for entry, one in loaded)
    types = {one.name: one for _, one in sorted(loaded, key=lambda pair: pair[1].name)}
    return Found(
        types={name: one for name, one in types.items() if name not in {plugin.name for plugin in twice}},
        broken=tuple(sorted([*broken, *twice], key=lambda plugin: plugin.name)),
    )


def _try_connector(kind: ConnectorType) -> None:
    """What pages and commands ask of every connector, whoever uses it. Raises ConfigError for a misfit."""
    setting_names(kind)
    settings_schema(kind.settings)
    kind.storefront_files()
    if kind.edition > EDITION:
        why = f"it was built for edition {kind.edition} of the contract, and this Makeready has edition {EDITION}."
        raise ConfigError(why, fix="Update Makeready.")
    if why := offered(kind).why:
        raise ConfigError(why, fix=UPDATE)


def load_entry(entry: EntryPoint, kind: type[T], try_out: Callable[[T], object]) -> T | BrokenPlugin:
    """Whatever a plugin does when it is imported, and whatever it offers, is its own trouble."""
    try:
        loaded = entry.load()
        if not isinstance(loaded, kind):
            return broken(entry, f"it does not offer a {kind.__name__}.", UPDATE)
        try_out(loaded)
    except ConfigError as exc:
        return broken(entry, exc.message, exc.fix)
    except (Exception, SystemExit) as exc:  # noqa: BLE001 - told where it is listed
        return broken(entry, f"{type(exc).__name__}: {exc}".rstrip(": ") + ".", REINSTALL)
    return loaded


def _offered_twice(loaded: Iterable[tuple[EntryPoint, str, object]]) -> list[BrokenPlugin]:
    """Names under which different plugins offer something: nobody can say whose orders are whose, so none serves."""
    by_name: dict[str, list[tuple[EntryPoint, object]]] = {}
    for entry, name, one in loaded:
        if all(one is not other for _, other in by_name.get(name, ())):
            by_name.setdefault(name, []).append((entry, one))
    return [
        BrokenPlugin(
            name=name,
            origin=" and ".join(sorted(_origin(entry) for entry, _ in offers)),
            why="each of them offers something of this name.",
            fix="Remove all but one of them; then start again.",
        )
        for name, offers in by_name.items()
        if len(offers) > 1
    ]


def broken(entry: EntryPoint, why: str, fix: str) -> BrokenPlugin:
    return BrokenPlugin(name=entry.name, origin=_origin(entry), why=why, fix=fix)


def _origin(entry: EntryPoint) -> str:
    return ", ".join(filter(None, (_distribution(entry), entry.value)))


def _distribution(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else ""
