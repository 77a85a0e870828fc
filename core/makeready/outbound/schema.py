"""Tables of calls, and how near they came to the vendors' limits."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("outbound")


@MIGRATIONS()
def m001_calls(db: Sqlite) -> None:
    db.execute(
        """create table calls (
            id integer primary key, subscriber text not null, connector text not null,
            at real not null, host text not null, method text not null, path text not null,
            status integer not null, -- 0 if no answer came
            error text not null, ms real not null, size integer not null, -- bytes of the answer
            failed integer not null -- no answer, or one of 400 and more
        ) strict"""
    )
    # All that a list is filtered by, so that rows are read only for what is shown.
    db.table("calls").create_index(
        ["subscriber", "at", "failed", "ms", "connector"], index_name="calls_by_time"
    )
    db.execute(
        """create table call_hours (
            subscriber text, hour integer, -- since 1970
            connector text, host text, calls integer not null, failed integer not null,
            ms real not null, -- of all of them together
            primary key (subscriber, hour, connector, host)) strict"""
    )
    db.execute(
        """create table call_peaks (
            host text, hour integer, peak integer not null, most integer not null,
            per_s real not null, primary key (host, hour)) strict"""
    )


@MIGRATIONS()
def m002_kinds(db: Sqlite) -> None:
    """How the last calls of each kind went, kept however many others have been made since."""
    db.execute(
        """create table call_kinds (
            subscriber text, connector text, kind text, -- method and end of the path
            good_at real not null, last_at real not null,
            failing_since real not null, -- 0 if the last one went well
            trouble text not null, primary key (subscriber, connector, kind)) strict"""
    )
