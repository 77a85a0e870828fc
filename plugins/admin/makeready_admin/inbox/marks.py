"""What people note of orders that need attention, as rows: who sees to it, what was found out, until when it rests."""

from collections.abc import Mapping, Sequence

from makeready.storage.part import StorePart
from makeready.stores import Store
from msgspec import Struct

RESTS = """exists (select 1 from attention_marks m where m.subscriber = l.subscriber and m.key = l.submission
    and m.snoozed_until > ? and m.snoozed_at >= l.updated_at)"""


class Mark(Struct, frozen=True, kw_only=True):
    key: str
    assigned_to: str = ""
    note: str = ""
    snoozed_until: float = 0.0
    snoozed_at: float = 0.0
    actor: str = ""
    at: float = 0.0

    def rests(self, changed_at: float, now: float) -> bool:
        """Whether it is snoozed still. What has changed since it was, is not."""
        return self.snoozed_until > now and self.snoozed_at >= changed_at


class Marks(StorePart):
    async def of(self, subscriber: str) -> dict[str, Mark]:
        """By key, of what still needs attention."""
        sql = """select key, assigned_to, note, snoozed_until, snoozed_at, actor, at from attention_marks m
            where subscriber = ? and exists (select 1 from order_lines l where l.subscriber = m.subscriber
                and l.submission = m.key and l.state in ('refused', 'parked'))"""
        return {one.key: one for one in await self._structs(Mark, sql, [subscriber])}

    async def count_resting(self, subscriber: str, now: float) -> int:
        """Lines that are snoozed."""
        sql = f"""select count(*) as n from order_lines l indexed by lines_by_state
            where l.subscriber = ? and l.state in ('refused', 'parked') and {RESTS}"""
        [found] = await self._rows(sql, [subscriber, now])
        return int(found["n"])

    async def assign(self, subscriber: str, keys: Sequence[str], person: str, actor: str, at: float) -> None:
        await self._set(subscriber, keys, actor, at, {"assigned_to": person})

    async def note(self, subscriber: str, keys: Sequence[str], text: str, actor: str, at: float) -> None:
        await self._set(subscriber, keys, actor, at, {"note": text})

    async def snooze(self, subscriber: str, keys: Sequence[str], until: float, actor: str, at: float) -> None:
        """``until``: 0 ends it."""
        await self._set(subscriber, keys, actor, at, {"snoozed_until": until, "snoozed_at": at})

    async def _set(
        self, subscriber: str, keys: Sequence[str], actor: str, at: float, values: Mapping[str, str | float]
    ) -> None:
        """Columns of these submissions, in one change."""
        given = {**values, "actor": actor, "at": at}
        changed = ", ".join(f"{name} = excluded.{name}" for name in given)
        sql = f"""insert into attention_marks (subscriber, key, {", ".join(given)})
            values (?, ?{", ?" * len(given)}) on conflict do update set {changed}"""
        rows = [[subscriber, key, *given.values()] for key in keys]
        await self._database.write(lambda db: db.conn.executemany(sql, rows))


def marks_of(store: Store) -> Marks:
    return Marks(store.database)
