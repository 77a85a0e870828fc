"""The contract between Makeready's core and its connectors.

Hook specifications, one module per capability; the Structs they speak in (`makeready_hooks.model`);
the errors they raise (`makeready_hooks.errors`). A connector imports this package and nothing else
of Makeready's.
"""

import pluggy

from makeready_hooks import addresses, assets, importing, orders, pricing, progress, setup, stock, webhooks
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

SPECIFICATIONS = (pricing, importing, orders, assets, progress, stock, webhooks, setup, addresses)

__all__ = [
    "CONNECTORS",
    "PROJECT",
    "SPECIFICATIONS",
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
    for module in SPECIFICATIONS:
        manager.add_hookspecs(module)
    return manager
