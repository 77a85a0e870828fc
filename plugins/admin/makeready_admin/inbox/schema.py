"""What people note of orders that need attention."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("inbox")


@MIGRATIONS()
def m001_marks(db: Sqlite) -> None:
    db.execute(
        """create table attention_marks (
            subscriber text, key text, -- of the submission
            assigned_to text not null default '', note text not null default '',
            snoozed_until real not null default 0,
            snoozed_at real not null default 0, -- the submission had changed last before this; what happens later ends it
            actor text not null, at real not null,
            primary key (subscriber, key)) strict"""
    )
