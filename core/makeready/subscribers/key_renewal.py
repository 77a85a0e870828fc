"""The key of the stored secrets is renewed while servers run: a new one seals, the old one opens until nothing needs it."""

from makeready.installation import Installation


async def renew_key(installation: Installation) -> int:
    """Add a key, and seal all secrets with it. Returns how many there are.

    Raises ConfigError if the keys are not in a file, or a secret was sealed with a key that is not there: then
    all secrets stay as they are.
    """
    installation.vault.add_key()
    return await reencrypt(installation)


async def reencrypt(installation: Installation) -> int:
    """With the newest key there is. Raises ConfigError as `renew_key` does."""
    return await installation.store.secrets.reencrypt(installation.vault.renew)


async def forget_old_keys(installation: Installation) -> int:
    """Encrypt with the newest key what an older one still holds, and keep the newest alone.

    Raises ConfigError as `renew_key` does.
    """
    count = await reencrypt(installation)
    installation.vault.forget_old_keys()
    return count
