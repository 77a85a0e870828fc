"""What somebody proves who they are with, beside the password."""

from typing import Literal

from msgspec import Struct

FactorKind = Literal["app", "passkey"]
"""``app``: shows six digits that change (TOTP). ``passkey``: of a phone, a computer or a security key (WebAuthn)."""


class Factor(Struct, frozen=True, kw_only=True):
    id: int = 0
    user: str
    kind: FactorKind
    title: str
    """As its owner calls it."""
    sealed: str = ""
    """The secret of an app."""
    credential_id: str = ""
    """Of a passkey, as URL-safe Base64."""
    public_key: bytes = b""
    counter: int = 0
    """Of an app: the last period of 30 seconds whose code was taken. Of a passkey: how often it says it was used."""
    created_at: float
    used_at: float = 0.0


class BegunSignIn(Struct, frozen=True, kw_only=True):
    """Somebody whose password was right, and whose second factor is to come: it opens nothing yet."""

    id: str
    """SHA-256 of what the browser holds."""
    user: str
    address: str
    next: str
    """Where they want to go."""
    begun_at: float
    tries: int = 0
