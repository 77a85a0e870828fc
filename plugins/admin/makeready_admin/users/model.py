"""People who sign in to the pages, and their sessions."""

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
    """Argon2, with its parameters and salt; empty for somebody who signs in through an identity provider alone."""
    created_at: float
    password_at: float
    """When the password was set."""
    disabled: bool = False
    """They cannot sign in, until that is taken back."""
    language: str = ""
    """That they read the pages in; empty: as the browser says."""
    time_zone: str = ""
    """Empty: that of the browser."""

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
