"""``makeready key``: the key of the stored secrets is renewed while servers run.

A new one seals, the old one opens until nothing needs it. Each command raises ConfigError if a secret was sealed with
a key that is not there, or where keys cannot be changed: then all secrets stay as they are.
"""

import click
from makeready.installation import Installation
from makeready.subscribers import keys
from makeready.terminal import with_installation


@click.group()
def key() -> None:
    """Renew the key that seals stored secrets. It lies beside the state file, or is given in MAKEREADY_KEY."""


@key.command()
@with_installation("key renew")
async def renew(installation: Installation) -> None:
    """Make a new key and seal all secrets with it, while servers run. The old key stays until `key delete-old`."""
    count = await keys.renew_key(installation)
    click.echo(
        f"{count} secrets are sealed with a new key. The old one still opens: a backup of before needs it. "
        "Then: makeready key delete-old"
    )


@key.command("reencrypt")
@with_installation("key reencrypt")
async def reencrypt(installation: Installation) -> None:
    """Seal all secrets with the first of the keys in MAKEREADY_KEY."""
    count = await keys.reencrypt(installation)
    click.echo(f"{count} secrets are sealed with the first key.")


@key.command("delete-old")
@with_installation("key delete-old")
async def delete_old(installation: Installation) -> None:
    """Keep the newest key alone. Backups that were made before `key renew` cannot be used to sign in any more."""
    count = await keys.delete_old_keys(installation)
    click.echo(f"{count} secrets are sealed with the only key that is left.")
