"""The key of the stored secrets is renewed while servers run: a new one seals, the old one opens until nothing needs it."""

from makeready.contexts import KeyContext


async def renew_key(context: KeyContext) -> int:
    """Make a new key, and seal all secrets with it. Returns how many there are."""
    context.vault.add_key()
    return await reencrypt(context)


async def reencrypt(context: KeyContext) -> int:
    """Seal all secrets with the newest key there is. Returns how many there are."""
    return await context.store.secrets.reencrypt(context.vault.renew)


async def delete_old_keys(context: KeyContext) -> int:
    """Keep the newest key alone, which seals everything by then. Returns how many secrets there are."""
    count = await reencrypt(context)
    context.vault.delete_old_keys()
    return count
