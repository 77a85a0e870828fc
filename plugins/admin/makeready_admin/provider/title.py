"""What the identity provider is called, for pages that offer to sign in with it."""

from makeready.installation import Installation
from msgspec import json

from makeready_admin.provider.model import Provider

PROVIDER = "identity_provider"
"""Name of the value that holds it, with the secret sealed in it."""


async def provider_of(installation: Installation) -> Provider | None:
    """None if none is set."""
    kept = await installation.store.values.get(PROVIDER)
    return json.decode(kept, type=Provider) if kept else None


async def provider_title(installation: Installation) -> str:
    """Empty if none is set."""
    found = await provider_of(installation)
    return found.title if found else ""
