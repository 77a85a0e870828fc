"""``makeready key``: the key of the stored secrets."""

import click

from makeready.installation import Installation
from makeready.subscribers import key_renewal
from makeready.terminal import with_installation


@click.group()
def key() -> None:
    """Renew the key that seals stored secrets. It lies beside the state file, or is given in MAKEREADY_KEY."""


@key.command()
@with_installation("key renew")
async def renew(installation: Installation) -> None:
    """Make a new key and seal all secrets with it, while servers run. The old key stays until `key forget`."""
    count = await key_renewal.renew_key(installation)
    click.echo(
        f"{count} secrets are sealed with a new key. The old one still opens: a backup of before needs it. "
        "Then: makeready key forget"
    )


@key.command("reencrypt")
@with_installation("key reencrypt")
async def reencrypt(installation: Installation) -> None:
    """Seal all secrets with the first of the keys in MAKEREADY_KEY."""
    count = await key_renewal.reencrypt(installation)
    click.echo(f"{count} secrets are sealed with the first key.")


@key.command()
@with_installation("key forget")
async def forget(installation: Installation) -> None:
    """Keep the newest key alone. Backups that were made before `key renew` cannot be used to sign in any more."""
    count = await key_renewal.forget_old_keys(installation)
    click.echo(f"{count} secrets are sealed with the only key that is left.")
