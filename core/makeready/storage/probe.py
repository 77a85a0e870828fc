"""Whether the state file takes changes: seen by making one."""

from sqlite_utils import Database as Sqlite

PROBED = "probed"
HALF_BYTES = 8_000
"""A probe is as large as what a busy server writes at once, so that a disk with a few free bytes does not pass."""


def probe(db: Sqlite) -> None:
    db.execute(
        """insert into installation (name, value) values (?, hex(randomblob(?)))
        on conflict do update set value = excluded.value""",
        [PROBED, HALF_BYTES],
    )
