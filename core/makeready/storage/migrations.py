"""The one list of migrations, which each module adds to."""

from sqlite_utils import Migrations

migrations = Migrations("makeready")
