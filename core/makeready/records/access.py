"""Who may sign in, who is signed in, and what people did."""

from typing import Literal

from msgspec import Struct

UserRole = Literal["operator", "manager", "viewer"]
"""``operator``: all subscribers, and the users. ``manager``: one subscriber. ``viewer``: one, and changes nothing."""


class User(Struct, frozen=True, kw_only=True):
    """A person who signs in to the pages."""

    name: str
    role: UserRole
    subscriber: str
    """The only one that it is about; empty for an operator."""
    password_hash: str
    """Argon2, with its parameters and salt."""
    created_at: float
    password_at: float
    """When the password was set."""
    disabled: bool = False
    """They cannot sign in, until that is taken back."""

    def may_see(self, subscriber: str) -> bool:
        return self.role == "operator" or self.subscriber == subscriber

    @property
    def may_change(self) -> bool:
        return self.role != "viewer"


class Session(Struct, frozen=True, kw_only=True):
    """Somebody who is signed in in one browser."""

    id: str
    """SHA-256 of what the browser holds."""
    user: str
    csrf: str
    """What every form of this session carries."""
    address: str
    begun_at: float
    seen_at: float
    notice: str = ""
    """What the next page tells, once."""


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
