"""Tables of due work and of the calls that count against a limit."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("engine")
FREE = "max(due_at, lease_until)"
"""From when on anybody may take it: what is being worked on is not looked at."""


@MIGRATIONS()
def m001_work(db: Sqlite) -> None:
    db.execute(
        """create table work (
            id integer primary key, subscriber text not null, kind text not null,
            key text not null, due_at real not null,
            lease_until real not null default 0.0, -- 0 while nobody works on it
            owner text not null default '',
            generation integer not null default 1, -- rises when it is asked for again, so a finished run does not hide it
            attempts integer not null default 0, error text not null default '', -- what went wrong last time
            failing_since real not null default 0.0, -- when it first went wrong; 0 if it did not
            needs_person integer not null default 0, -- 1 if it will go wrong until somebody changes something
            hint text not null default '' -- JSON that makes the work cheaper; never needed to do it right
        ) strict"""
    )
    work = db.table("work")
    work.create_index(["subscriber", "kind", "key"], unique=True)
    work.create_index(["kind", "due_at"])
    work.create_index(["kind", "subscriber", "due_at"])
    db.execute("create index work_needs_person on work (subscriber, failing_since) where needs_person = 1")
    db.execute("create table call_slots (id integer primary key, host text, at real) strict")
    db.table("call_slots").create_index(["host", "at"])


@MIGRATIONS()
def m002_pauses(db: Sqlite) -> None:
    db.execute(
        """create table pauses (
            subscriber text, -- empty: of every company
            flow text, since real not null, until real not null, -- 0 if it does not end by itself
            reason text not null, actor text not null, by_ledger integer, -- 1 if only a take-over ends it
            primary key (subscriber, flow, by_ledger)) strict"""
    )


@MIGRATIONS()
def m003_failing(db: Sqlite) -> None:
    """What went wrong is found among much that waits, and costs nothing where nothing does."""
    failing = "where error != ''"
    db.execute(f"create index work_failing on work (subscriber, kind, needs_person, failing_since) {failing}")
    db.execute(f"create index work_errors on work (subscriber, key) {failing}")
    for name, tries in (("work_first_tries", "attempts = 0"), ("work_more_tries", "attempts > 0")):
        db.execute(f"create index {name} on work (kind, subscriber, {FREE}) where {tries}")
    db.execute(f"create index work_free on work (kind, subscriber, {FREE})")
    db.execute(f"create index work_free_of_kind on work (kind, {FREE})")
    db.execute("drop index idx_work_kind_due_at")
    db.execute("drop index idx_work_kind_subscriber_due_at")
