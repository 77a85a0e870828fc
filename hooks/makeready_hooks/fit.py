"""A connector beside the contract: whether it can be used, what it implements, what has changed since it was built."""

import re
import warnings
from contextlib import suppress
from functools import cache
from typing import Any, get_type_hints

import pluggy
from msgspec import Struct

from makeready_hooks import NEEDED_HOOKS, ConnectorType, new_manager
from makeready_hooks.editions import changes_since


def class_of(kind: ConnectorType) -> type | None:
    """Of the objects that it builds; None if it does not say."""
    made: Any = kind.build
    if not isinstance(made, type):
        made = None
        with suppress(Exception):  # a name that only a type checker knows
            made = get_type_hints(kind.build).get("return")
    return made if isinstance(made, type) and made is not object else None


class Fit(Struct, frozen=True, kw_only=True):
    """A connector, or its class, beside the contract."""

    why: str = ""
    """Why it cannot be used; empty if it can: then it is registered."""
    hooks: frozenset[str] = frozenset()
    """That it implements."""
    outdated: tuple[str, ...] = ()
    """What has changed since it was built, a hook each; it works all the same."""


def fit(kind: ConnectorType, name: str, plugin: object, manager: pluggy.PluginManager) -> Fit:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            manager.register(plugin, name)
            manager.check_pending()
        except (pluggy.PluginValidationError, TypeError, ValueError) as exc:
            changed = " ".join(changes_since(kind.edition, re.findall(r"\w+", str(exc))))
            return Fit(why=" ".join(f"{exc}. {changed}".split()))
    hooks = frozenset(caller.name for caller in manager.get_hookcallers(plugin) or ())
    lacking = [one for one in NEEDED_HOOKS[kind.role] if one not in hooks]
    why = "" if hooks else "it implements no hook."
    if lacking:
        why = f"every connector of this role ({kind.role}) has {' and '.join(lacking)}; it has not."
    deprecated = (str(one.message) for one in warned if issubclass(one.category, DeprecationWarning))
    return Fit(why=why, hooks=hooks, outdated=(*deprecated, *changes_since(kind.edition, hooks)))


@cache
def offered(kind: ConnectorType) -> Fit:
    """As far as it is seen before anybody uses it."""
    made = class_of(kind)
    return Fit() if made is None else fit(kind, kind.name, made, new_manager())
