"""What observers hear: asked for in the very change that makes it so, and only where somebody listens."""

from collections.abc import Collection, Sequence

import msgspec
from makeready_hooks.model.news import OrderNews
from msgspec import Struct
from sqlite_utils import Database as Sqlite

from makeready.storage.database import TransactionStep
from makeready.storage.part import StorePart
from makeready.storage.rows import rows
from makeready.times import from_seconds

TELL = "tell"
"""Tell an observer. Key: hook, connector, and what it is about."""
NEEDS_PERSON = "order_needs_person"


class Observers(StorePart):
    async def save(self, subscriber: str, listening: Collection[tuple[str, str]]) -> None:
        """Hooks and the connectors that implement them; written only where that has changed."""
        sql = "select hook, connector from observers where subscriber = ?"
        known = {(row["hook"], row["connector"]) for row in await self._rows(sql, [subscriber])}
        if known == set(listening):
            return

        def change(db: Sqlite) -> None:
            db.execute("delete from observers where subscriber = ?", [subscriber])
            for hook, connector in listening:
                insert = "insert or ignore into observers (subscriber, hook, connector) values (?, ?, ?)"
                db.execute(insert, [subscriber, hook, connector])

        await self._database.write(change)

    def news(self, subscriber: str, hook: str, about: str, news: Struct, at: float) -> TransactionStep:
        """`tell`, for an extension's own change."""
        return lambda db: tell(db, subscriber, hook, about, news, at)


def tell(db: Sqlite, subscriber: str, hook: str, about: str, news: Struct, at: float) -> None:
    """To each that listens, on its own. What is told ``about`` the same before it was heard is told once, as it is now."""
    db.execute(
        """insert into work (subscriber, kind, key, due_at, hint)
        select subscriber, ?, hook || ' ' || connector || ' ' || ?, ?, ? from observers where subscriber = ? and hook = ?
        on conflict (subscriber, kind, key) do update set due_at = min(due_at, excluded.due_at),
            generation = generation + 1, attempts = 0, hint = excluded.hint""",
        [TELL, about, at, msgspec.json.encode(news).decode(), subscriber, hook],
    )


def listens(db: Sqlite, subscriber: str, hook: str) -> bool:
    """For news that take a look to be told."""
    sql = "select 1 from observers where subscriber = ? and hook = ? limit 1"
    return bool(rows(db, sql, [subscriber, hook]))


def tell_order(
    db: Sqlite, subscriber: str, hook: str, number: str, lines: Sequence[int], at: float, **more: str
) -> None:
    """``more``: members of `OrderNews`."""
    if not listens(db, subscriber, hook):
        return
    news = OrderNews(order_number=number, lines=tuple(lines), at=from_seconds(at), **more)
    tell(db, subscriber, hook, " ".join([number, *map(str, lines)]), news, at)
