"""Tokens of the JSON API, and the rows of the audit log."""

from typing import Literal

from msgspec import Struct

Scope = Literal["read", "change", "operator"]
"""``read``: look. ``change``: also decide and change. ``operator``: what concerns settings, users, tokens and the
audit log as well."""


class AuditRow(Struct, frozen=True, kw_only=True):
    """Something that a person did, or tried to do."""

    id: int = 0
    at: float
    actor: str
    """A user of the pages, a token of the API, or the account that ran the command."""
    via: str
    """``page``, ``api`` or ``command``."""
    address: str = ""
    """Where it came from; empty for a command."""
    subscriber: str = ""
    action: str
    target: str = ""
    detail: str = ""
    outcome: str = ""
    """``done``, or why not; empty if the process died before it knew."""


class Token(Struct, frozen=True, kw_only=True):
    """Who may use the JSON API, and for what. The token itself is not kept."""

    name: str
    hash: str
    """SHA-256 of the token, as hexadecimal digits."""
    subscriber: str
    """Empty for all of them."""
    read_only: bool
    operator: bool
    """It may do what operators do, in the pages; only one for all subscribers can be."""
    created_at: float
    expires_at: float
    """0 for never."""

    def is_for(self, subscriber: str) -> bool:
        return self.subscriber in ("", subscriber)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        change: tuple[Scope, ...] = () if self.read_only else ("change",)
        operator: tuple[Scope, ...] = ("operator",) if self.operator else ()
        return ("read", *change, *operator)
