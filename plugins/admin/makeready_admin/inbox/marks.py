"""What people note of orders that need attention, as rows: who sees to it, what was found out, until when it rests."""

from collections.abc import Sequence

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
        await self._set("assigned_to", subscriber, keys, person, actor, at)

    async def note(self, subscriber: str, keys: Sequence[str], text: str, actor: str, at: float) -> None:
        await self._set("note", subscriber, keys, text, actor, at)

    async def snooze(self, subscriber: str, keys: Sequence[str], until: float, actor: str, at: float) -> None:
        """``until``: 0 ends it."""
        await self._set("snoozed_until", subscriber, keys, until, actor, at)
        await self._set("snoozed_at", subscriber, keys, at, actor, at)

    async def _set(
        self, member: str, subscriber: str, keys: Sequence[str], value: str | float, actor: str, at: float
    ) -> None:
        sql = f"""insert into attention_marks (subscriber, key, {member}, actor, at) values (?, ?, ?, ?, ?)
            on conflict do update set {member} = excluded.{member}, actor = excluded.actor, at = excluded.at"""
        rows = [[subscriber, key, value, actor, at] for key in keys]
        await self._database.write(lambda db: db.conn.executemany(sql, rows))


def marks_of(store: Store) -> Marks:
    return Marks(store.database)
