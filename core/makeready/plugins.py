"""What is installed: connector types and emulators, found by their entry points."""

from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from makeready_hooks import CONNECTORS, ConnectorType, Role
from makeready_hooks.emulation import EMULATORS, EmulatorType
from makeready_hooks.errors import ConfigError

T = TypeVar("T")


def connector_types() -> dict[str, ConnectorType]:
    """Every connector type that is installed, by name."""
    types = (_load(entry, ConnectorType) for entry in entry_points(group=CONNECTORS))
    return {kind.name: kind for kind in sorted(types, key=lambda kind: kind.name)}


def connector_versions() -> dict[str, str]:
    """Of the distributions that they come from, by name of the connector."""
    return {
        entry.name: entry.dist.version for entry in entry_points(group=CONNECTORS) if entry.dist is not None
    }


def emulator_types() -> dict[str, EmulatorType]:
    """Every emulator that is installed, by name."""
    types = (_load(entry, EmulatorType) for entry in entry_points(group=EMULATORS))
    return {kind.name: kind for kind in sorted(types, key=lambda kind: kind.name)}


def emulator_of(role: Role) -> EmulatorType:
    """The first emulator that is installed for a role. Raises ConfigError if there is none."""
    for kind in emulator_types().values():
        if kind.role is role:
            return kind
    raise ConfigError(
        f"No emulator of a {role.value} is installed.",
        fix="Install a plugin with its extra, such as makeready-NAME[emulator].",
    )


def _load(entry: EntryPoint, kind: type[T]) -> T:
    try:
        loaded = entry.load()
    except ImportError as exc:
        raise ConfigError(
            f"The plugin {entry.name} ({entry.value}) cannot be loaded: {exc}.",
            fix="Reinstall it with everything it needs, or remove it.",
        ) from exc
    if not isinstance(loaded, kind):
        raise ConfigError(
            f"The plugin {entry.name} ({entry.value}) does not offer a {kind.__name__}.",
            fix="It was written for another version of the contract: update it.",
        )
    return loaded
