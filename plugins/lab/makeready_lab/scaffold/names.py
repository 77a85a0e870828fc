"""What a new connector can be called, and who has that name already."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec

from makeready.plugins import connectors
from makeready_hooks.errors import ConfigError

LONGEST = 20
"""So that every line of the templates fits, whatever the name."""
SHAPE = re.compile(r"[a-z][a-z0-9]+")


def check_name(name: str) -> None:
    """Raises ConfigError with what to choose instead."""
    if not SHAPE.fullmatch(name) or len(name) > LONGEST:
        raise ConfigError(
            f"A connector cannot be called {name!r}.",
            field="name",
            fix=f"Use 2 to {LONGEST} lower-case letters and digits, a letter first: acme, printworks2.",
        )
    found = connectors()
    if name in found.types or name in {plugin.name for plugin in found.broken}:
        raise _taken(name, f"A connector {name} is installed already.")
    if _is_installed(name):
        raise _taken(name, f"A distribution makeready-{name} is installed already.")


def _is_installed(name: str) -> bool:
    try:
        distribution(f"makeready-{name}")
    except PackageNotFoundError:
        return find_spec(f"makeready_{name}") is not None
    return True


def _taken(name: str, text: str) -> ConfigError:
    return ConfigError(text, field="name", fix="Choose another name, or remove that one first.")
