"""The contract between Makeready's core and its connectors.

The hooks (`makeready_hooks.specs`); the Structs they speak in (`makeready_hooks.model`); the errors they raise
(`makeready_hooks.errors`). A connector imports this package and nothing else of Makeready's.
"""

import pluggy

from makeready_hooks import specs
from makeready_hooks.connectors import (
    CONNECTORS,
    CallLimit,
    Capability,
    ConnectorContext,
    ConnectorType,
    Role,
    StorefrontFile,
)
from makeready_hooks.lists import ListKind, listed
from makeready_hooks.markers import PROJECT, hookimpl
from makeready_hooks.secret import Secret, decode_secret, same_secret

__all__ = [
    "CONNECTORS",
    "PROJECT",
    "CallLimit",
    "Capability",
    "ConnectorContext",
    "ConnectorType",
    "ListKind",
    "Role",
    "Secret",
    "StorefrontFile",
    "decode_secret",
    "hookimpl",
    "listed",
    "new_manager",
    "same_secret",
]


def new_manager() -> pluggy.PluginManager:
    """A plugin manager that knows every hook of the contract and holds no plugin yet."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(specs)
    return manager
