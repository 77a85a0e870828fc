"""The contract between Makeready's core and its connectors.

The hooks (`makeready_hooks.specs`); the Structs they speak in (`makeready_hooks.model`); the errors they raise
(`makeready_hooks.errors`). A connector imports this package and nothing else of Makeready's.
"""

from typing import Any

import pluggy

from makeready_hooks import specs
from makeready_hooks.capabilities import NEEDED_HOOKS, Capability, Role, capabilities_of
from makeready_hooks.connectors import (
    CONNECTORS,
    CallLimit,
    ConnectorContext,
    ConnectorType,
    StorefrontFile,
)
from makeready_hooks.editions import EDITION
from makeready_hooks.lists import ListKind, listed
from makeready_hooks.markers import PROJECT, hookimpl
from makeready_hooks.model.asked import asked
from makeready_hooks.secret import Secret, decode_secret, same_secret

__all__ = [
    "CONNECTORS",
    "EDITION",
    "NEEDED_HOOKS",
    "PROJECT",
    "CallLimit",
    "Capability",
    "ConnectorContext",
    "ConnectorType",
    "ListKind",
    "Role",
    "Secret",
    "StorefrontFile",
    "asked",
    "capabilities_of",
    "decode_secret",
    "hookimpl",
    "listed",
    "new_manager",
    "same_secret",
]


class _Manager(pluggy.PluginManager):
    """It does not look at private members of a connector for hooks: that took most of the time of a start."""

    def parse_hookimpl_opts(self, plugin: object, name: str) -> Any:
        return None if name.startswith("_") else super().parse_hookimpl_opts(plugin, name)


def new_manager() -> pluggy.PluginManager:
    """A plugin manager that knows every hook of the contract and holds no plugin yet."""
    manager = _Manager(PROJECT)
    manager.add_hookspecs(specs)
    return manager
