"""Tables of alerts that were sent."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("alerts")


@MIGRATIONS()
def m001_watch(db: Sqlite) -> None:
    db.execute(
        """create table sent_alerts (
            subscriber text, channel text, topic text, title text not null, since real not null,
            told_at real not null, primary key (subscriber, channel, topic)) strict"""
    )


TABLES = (MIGRATIONS,)
