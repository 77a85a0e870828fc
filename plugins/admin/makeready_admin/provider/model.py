"""The identity provider of an installation, and what it says of somebody."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from makeready_admin.users.model import UserRole


class GroupRule(Struct, frozen=True, kw_only=True):
    """Whoever has a value in the claim gets a role; the first rule that fits counts."""

    value: str
    role: UserRole
    subscriber: str = ""
    """Empty for an operator."""


class Provider(Struct, frozen=True, kw_only=True):
    title: str
    """What people call it: *Sign in with …*."""
    issuer: str
    """Its address, as it calls itself."""
    client_id: str
    secret: str = ""
    """Sealed; empty for a public client, which PKCE alone protects."""
    claim: str = "groups"
    """In which the rules look."""
    rules: tuple[GroupRule, ...] = ()
    """Empty: only who is invited, or is a user already, may sign in."""


class Endpoints(Struct, frozen=True, kw_only=True):
    """What the provider says of itself (OpenID Connect Discovery)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class BegunRound(Struct, frozen=True, kw_only=True):
    """What the browser keeps, sealed, while somebody is at the provider."""

    state: str
    nonce: str
    verifier: str
    next: str
    invitation: str
    """The secret part of its link, for whoever comes from there."""
    begun_at: float


class Identity(Struct, frozen=True, kw_only=True):
    """Who the provider says is there."""

    issuer: str
    subject: str
    email: str
    """Empty unless the provider says that it has verified it."""
    name: str
    """What it calls them, for people."""
    claims: Mapping[str, Any]

    def values(self, claim: str) -> frozenset[str]:
        """Of a claim that is one text or several."""
        found = self.claims.get(claim)
        several = found if isinstance(found, list) else [found]
        return frozenset(one for one in several if isinstance(one, str))


class KnownIdentity(Struct, frozen=True, kw_only=True):
    """Which user somebody of a provider is."""

    issuer: str
    subject: str
    user: str
    by_rules: bool
    """The rules made the user, and go on to say the role."""
    known_at: float
