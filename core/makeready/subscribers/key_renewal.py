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
    """With the newest key there is. Raises ConfigError as above."""
    return await installation.store.secrets.reencrypt(installation.vault.renew)


async def forget_old_keys(installation: Installation) -> int:
    """Seal what is still sealed with older keys again, and keep the newest key alone. Raises ConfigError as above."""
    count = await reencrypt(installation)
    installation.vault.forget_old_keys()
    return count
