"""The version of a subscriber's settings, to be compared inside a change."""

from sqlite_utils import Database as Sqlite

from makeready.storage.rows import rows


def settings_version(db: Sqlite, subscriber: str) -> int:
    """0 if there is no such subscriber."""
    found = rows(db, "select version from subscribers where name = ?", [subscriber])
    return int(found[0]["version"]) if found else 0
