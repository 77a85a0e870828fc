"""What a state file that fails is called, so that nothing outside the store needs to know SQLite."""

from pathlib import Path

from pysqlite3 import dbapi2 as sqlite

DEFECTS = (
    sqlite.IntegrityError,
    sqlite.ProgrammingError,
    sqlite.InterfaceError,
    sqlite.DataError,
    sqlite.NotSupportedError,
)
"""What only a mistake of ours can cause: they stay as they are."""


class StateFileError(Exception):
    """The state file cannot be read or does not take changes: a full disk, a long lock, damage.

    It is none of the errors of the contract: those say what became of a call to a vendor, and this says nothing
    of that.
    """


class DamagedFile(OSError):
    """What is at the path is no state file, or not a whole one."""


def not_opened(path: Path, error: Exception) -> OSError:
    """Why a state file cannot be opened, in words."""
    if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DamagedFile(f"the state file {path} is damaged ({error})")
    return OSError(f"the state file {path} cannot be opened: {error}")


def named(error: Exception) -> Exception:
    """An error of the file as StateFileError; any other as it is."""
    if not isinstance(error, sqlite.Error | OSError) or isinstance(error, DEFECTS):
        return error
    if getattr(error, "sqlite_errorname", "") == "SQLITE_ERROR":  # SQL that is wrong
        return error
    failed = StateFileError(f"the state file fails: {error}")
    failed.__cause__ = error
    return failed
