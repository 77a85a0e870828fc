"""What cookies are signed with, and marks that stand for a text that is not to be kept."""

import hashlib
import hmac
import secrets

from makeready.installation import Installation

COOKIE_KEY = "cookie_key"
"""Name of the value that holds the key, sealed."""


async def cookie_key(installation: Installation) -> str:
    """Made once, kept sealed."""
    kept = await installation.store.values.get(COOKIE_KEY)
    if not kept:
        made = installation.vault.seal(secrets.token_urlsafe(32))
        kept = await installation.store.values.keep_first(COOKIE_KEY, made)
    return installation.vault.open(kept, field=COOKIE_KEY)


async def mark_of(installation: Installation, *parts: object) -> str:
    """The same for the same parts; without the key nobody can tell, or try, which they were."""
    text = "\0".join(map(str, parts))
    key = await cookie_key(installation)
    return hmac.new(key.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
