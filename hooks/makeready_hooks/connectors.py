"""What a plugin offers: connector types. The core builds the connectors, one set per subscriber."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from makeready_hooks.capabilities import Capability, Role
from makeready_hooks.editions import FIRST
from makeready_hooks.http import Http
from makeready_hooks.model.event import EventKind
from makeready_hooks.model.product import ProductKind

CONNECTORS = "makeready.connectors"
"""The entry-point group: each entry names a `ConnectorType`."""


class CallLimit(Struct, frozen=True, kw_only=True):
    """A vendor's limit on calls from one public address, over all its subscribers."""

    calls: int
    """How many calls are allowed …"""
    per_s: float
    """… within this many seconds."""


class StorefrontFile(Struct, frozen=True, kw_only=True):
    """A script or a stylesheet that a shop's pages load from us. The same for every subscriber."""

    suffix: str
    """``js`` or ``css``: the core gives it its name."""
    content_type: str
    """As it is served: ``text/javascript``."""
    content: bytes
    """Its bytes, as they are served."""


def _no_limit(settings: Any) -> None:
    return None


def _one_far_end(settings: Any) -> str:
    return ""


def _no_files() -> tuple[StorefrontFile, ...]:
    return ()


class ConnectorContext(Struct, frozen=True, kw_only=True):
    """What the core hands to a connector when it builds it."""

    subscriber: str
    """The company's name in the settings. Part of addresses, and no secret."""
    environment: str = ""
    """*test* or *live*."""
    http: Http
    """The client through which all calls to the vendor go."""
    webhook_url: str = ""
    """Where this connector's vendor reaches us with events; empty until a public address is known."""
    pricing_url: str = ""
    """Where the storefront's pricing engine reaches us."""
    signing_key: str = ""
    """Made by the core for this connector; what incoming events are signed with."""
    files_url: str = ""
    """Where a shop's pages load the connector's `StorefrontFile`s, without a suffix; empty until a public
    address is known."""


class ConnectorType(Struct, frozen=True, kw_only=True):
    """One vendor, as a plugin offers it."""

    name: str
    """Short and unique in an installation: lower case letters, digits, ``_``. Part of URLs."""
    title: str
    """What people call the vendor."""
    role: Role
    """Its side: storefront, MIS, or observer."""
    edition: int = FIRST
    """Of the contract, for which it was built: `makeready_hooks.editions.EDITION` of that time, as a number. A newer core
    says what has changed since of the hooks that it has."""
    also: frozenset[Capability] = frozenset()
    """What it can do that no hook of its own shows: ``SUBMIT_IN_STEPS``, ``LATER_REFUSAL``, ``CARRIERS``."""
    product_kinds: frozenset[ProductKind] = frozenset({ProductKind.STOCK})
    """Of an MIS: what kinds of products it gives."""
    counts_decimals: bool = False
    """Of an MIS: whether it counts in parts of one, in price lists and orders. Shops order whole numbers."""
    settings: type[Struct]
    """A frozen Struct. The one source for validation, forms, JSON Schema and docs."""
    build: Callable[[Any, ConnectorContext], object]
    """``build(settings, context)`` gives an object with hook implementations. It does no I/O. A class, or a function
    that says by its annotation of which class the object is: so its hooks are seen before anybody uses it."""
    limit: Callable[[Any], CallLimit | None] = _no_limit
    """``limit(settings)``: how often the vendor may be called from one public address."""
    far_end: Callable[[Any], str] = _one_far_end
    """``far_end(settings)``: which server or account they lead to, so that two texts are the same if and only if
    an order that was sent under one can be asked for under the other. People read it. No secret, no deadline is
    part of it; secrets may be placeholders. For an MIS whose settings can lead to more than one."""
    tells: frozenset[EventKind] = frozenset()
    """What its vendor tells us of by webhooks (``decode_webhook``): with any of them it has a webhook address. All else is
    looked for on a schedule, and so is what a webhook should have told of and did not."""
    storefront_files: Callable[[], tuple[StorefrontFile, ...]] = _no_files
    """What the pages of its shops load from us; see `makeready_hooks.specs.storefront_snippet`."""
    exempt: tuple[tuple[str, str], ...] = ()
    """Rules of the scorecard that cannot hold for its vendor, by their names, each with the reason in a sentence."""
    public_name: str = ""
    """A name by which people know the integration with this MIS: storefront files are served under it too."""
