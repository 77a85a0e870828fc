"""``makeready key``: the key of the stored secrets."""

from pathlib import Path

import click

from makeready.access.audit import Act
from makeready.subscribers import key_renewal
from makeready.terminal import run


@click.group()
def key() -> None:
    """Renew the key that seals stored secrets. It lies beside the state file, or is given in MAKEREADY_KEY."""


@key.command()
@click.pass_obj
def renew(db: Path) -> None:
    """Make a new key and seal all secrets with it, while servers run. The old key stays until `key forget`."""
    count = run(db, key_renewal.renew_key, Act(action="key renew"))
    click.echo(
        f"{count} secrets are sealed with a new key. The old one still opens: a backup of before needs it. "
        "Then: makeready key forget"
    )


@key.command("reencrypt")
@click.pass_obj
def reencrypt(db: Path) -> None:
    """Seal all secrets with the first of the keys in MAKEREADY_KEY."""
    count = run(db, key_renewal.reencrypt, Act(action="key reencrypt"))
    click.echo(f"{count} secrets are sealed with the first key.")


@key.command()
@click.pass_obj
def forget(db: Path) -> None:
    """Keep the newest key alone. Backups that were made before `key renew` cannot be used to sign in any more."""
    count = run(db, key_renewal.forget_old_keys, Act(action="key forget"))
    click.echo(f"{count} secrets are sealed with the only key that is left.")
