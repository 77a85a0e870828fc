"""SQL of the calls: the log of them, and slots under the vendors' limits."""

from collections import Counter
from collections.abc import Callable, Sequence

from msgspec.structs import astuple
from sqlite_utils import Database as Sqlite

from makeready.outbound.model import CallCount, CallRow, CallRules, KindOfCall
from makeready.storage.database import Storage
from makeready.storage.part import StorePart
from makeready.storage.rows import rows

HOUR_S = 3600
MOST_AHEAD = 10
"""Windows. Places are reserved one by one as they come free: one that lies further ahead was reserved by a clock
that has been set back since.
"""
DAY_S = 86_400.0
KEEP_HOURS = 90 * 24
LOOK_EVERY = 1000
"""So many new calls of a subscriber, and what is too old or too much is forgotten."""
MOST_AT_ONCE = 5000
"""Forgotten together: orders wait for the same disk."""


class CallSlots(StorePart):
    async def take(
        self,
        host: str,
        *,
        now: float,
        calls: int,
        per_s: float,
        wanted: int,
        ahead: int = 0,
        until: float = 0.0,
    ) -> tuple[float, int]:
        """Reserve what is free now for as many calls as are ``wanted``, or else the next free moment for one. Returns
        the moment, and how many may begin then: with up to ``ahead`` more that may begin ``until`` another moment.

        The budget never lets more than ``calls`` begin in any window of ``per_s`` seconds. When the clock is set,
        what was reserved moves along; see `makeready.storage.clock_steps`.
        """

        def change(db: Sqlite) -> tuple[float, int]:
            at, taken, room = _take(db, host, now, calls, per_s, wanted)
            more = min(ahead, room)
            # Those ahead count as if they began at the last moment at which they may.
            slots = [(host, at)] * taken + [(host, until)] * more
            db.conn.executemany("insert into call_slots (host, at) values (?, ?)", slots)
            _note_peak(db, host, at, calls, per_s)
            return at, taken + more

        return await self._database.write(change)


def _take(db: Sqlite, host: str, now: float, calls: int, per_s: float, wanted: int) -> tuple[float, int, int]:
    """When how many may begin, and how many more could."""
    db.execute("delete from call_slots where host = ? and at < ?", [host, now - per_s])
    stale = "update call_slots set at = ? where host = ? and at > ?"
    db.execute(stale, [now, host, now + MOST_AHEAD * per_s])
    newest_first = "select at from call_slots where host = ? order by at desc limit 1 offset ?"
    if blocking := rows(db, newest_first, [host, calls - 1]):
        return max(now, float(blocking[0]["at"]) + per_s), 1, 0
    [full] = rows(db, "select count(*) as n from call_slots where host = ?", [host])
    free = calls - int(full["n"])
    return now, min(wanted, free), max(0, free - wanted)


def _note_peak(db: Sqlite, host: str, at: float, calls: int, per_s: float) -> None:
    """How full the window is that ends with this call, if it is the fullest of its hour."""
    db.execute(
        """insert into call_peaks (host, hour, peak, most, per_s)
        select ?, ?, count(*), ?, ? from call_slots where host = ? and at > ? and at <= ?
        on conflict do update set peak = excluded.peak, most = excluded.most, per_s = excluded.per_s
            where excluded.peak > peak or excluded.most != most""",
        [host, int(at // HOUR_S), calls, per_s, host, at - per_s, at],
    )


RulesOf = Callable[[Sqlite, str], CallRules]
"""Those of a subscriber, inside another change."""


class Calls(StorePart):
    def __init__(self, database: Storage, rules_of: RulesOf) -> None:
        super().__init__(database)
        self._rules_of = rules_of
        self._until_look: Counter[str] = Counter()
        """How many more calls of a subscriber may come before old ones are looked for."""

    async def keep(self, calls: Sequence[CallRow]) -> None:
        """Keep these, and forget what the subscribers' rules do not keep."""
        self._until_look.subtract(call.subscriber for call in calls)
        due = {call.subscriber for call in calls if self._until_look[call.subscriber] < 0}
        self._until_look.update(dict.fromkeys(due, LOOK_EVERY))

        def change(db: Sqlite) -> None:
            _insert(db, calls)
            _count(db, calls)
            _judge(db, calls)
            for name in due:
                _forget(db, name, self._rules_of(db, name), now=max(call.at for call in calls))

        await self._database.write(change)

    async def totals(self, subscriber: str, since: int) -> list[CallCount]:
        """Of the hours from ``since`` on together, by connector and host."""
        sql = """select connector, host, min(hour) as hour, sum(calls) as calls, sum(failed) as failed,
                sum(ms) as ms
            from call_hours where subscriber = ? and hour >= ? group by connector, host order by 1, 2"""
        return await self._structs(CallCount, sql, [subscriber, since])

    async def kinds(self, subscriber: str) -> list[KindOfCall]:
        """How the last calls of each kind went, the longest failing first."""
        sql = """select connector, kind, good_at, last_at, failing_since, trouble from call_kinds
            where subscriber = ? order by failing_since, kind"""
        return await self._structs(KindOfCall, sql, [subscriber])


def _insert(db: Sqlite, calls: Sequence[CallRow]) -> None:
    columns = (*CallRow.__struct_fields__, "failed")
    marks = ", ".join("?" * len(columns))
    sql = f"insert into calls ({', '.join(columns)}) values ({marks})"  # company: among the columns
    db.conn.executemany(sql, [[*astuple(call), call.failed] for call in calls])


def _judge(db: Sqlite, calls: Sequence[CallRow]) -> None:
    """Processes write their calls apart: one that left before what is known already changes nothing."""
    told = [call for call in calls if call.went_well is not None]
    db.conn.executemany(
        """insert into call_kinds (subscriber, connector, kind, good_at, last_at, failing_since, trouble)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict do update set good_at = max(good_at, excluded.good_at), last_at = excluded.last_at,
            trouble = excluded.trouble, failing_since = case when excluded.failing_since = 0 or failing_since = 0
                then excluded.failing_since else failing_since end
        where excluded.last_at >= last_at""",
        [
            [one.subscriber, one.connector, one.kind, one.at, one.at, 0.0, ""]
            if one.went_well
            else [one.subscriber, one.connector, one.kind, 0.0, one.at, one.at, one.trouble]
            for one in told
        ],
    )


def _count(db: Sqlite, calls: Sequence[CallRow]) -> None:
    counts: dict[tuple[str, int, str, str], list[float]] = {}
    for call in calls:
        key = (call.subscriber, int(call.at // HOUR_S), call.connector, call.host)
        found = counts.setdefault(key, [0, 0, 0.0])
        found[0] += 1
        found[1] += call.failed
        found[2] += call.ms
    db.conn.executemany(
        """insert into call_hours (subscriber, hour, connector, host, calls, failed, ms)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict do update set calls = calls + excluded.calls, failed = failed + excluded.failed,
            ms = ms + excluded.ms""",
        [[*key, int(found[0]), int(found[1]), found[2]] for key, found in counts.items()],
    )


def _forget(db: Sqlite, subscriber: str, rules: CallRules, *, now: float) -> None:
    beyond = "select at from calls where subscriber = ? order by at desc limit 1 offset ?"
    too_many = rows(db, beyond, [subscriber, rules.keep])
    at = max(now - rules.keep_days * DAY_S, *(row["at"] for row in too_many), 0.0)
    old = "select id from calls where subscriber = ? and at <= ? order by at limit ?"
    # company: the select within names it
    db.execute(f"delete from calls where id in ({old})", [subscriber, at, MOST_AT_ONCE])
    hour = int(now // HOUR_S) - KEEP_HOURS
    db.execute("delete from call_hours where subscriber = ? and hour < ?", [subscriber, hour])
    db.execute("delete from call_peaks where hour < ?", [hour])
