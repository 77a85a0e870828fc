"""The two markers of the contract: ``hookspec`` for this package, ``hookimpl`` for connectors."""

import pluggy

PROJECT = "makeready"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
