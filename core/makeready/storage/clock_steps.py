"""Moments in the state file move along when the clock is set.

They are those of the wall's clock, which can be set back or forward while work waits for them. Each commit looks
first whether that happened since the last one, of whichever process: then what is still waited for is moved by as
much, so that an hour's step makes nothing an hour late or early. Over a restart of the machine nobody has counted
the time; then quiet periods start over, and a clock that stands before the last commit is known to be set back.
"""

import structlog
from sqlite_utils import Database as Sqlite

from makeready.orders.model import LineState
from makeready.storage.clocks import Clocks, Reading
from makeready.storage.rows import rows

STEP_S = 0.2
"""What two readings of the clocks may differ by without a step."""
SEEN_EVERY_S = 10.0
TOLD_STEP_S = 60.0
CLOCK_SET, CLOCK_SET_BY = "clock-set", "clock-set-by"
"""Checkpoints of no company: when the last step was, and by how many seconds."""
KEPT_S = 90 * 86_400.0
LONGEST_QUIET_S = 300.0
"""Of writes into a shop. How long an order's is stands in its submission."""

OPEN = f"""exists (select 1 from order_lines as l where l.subscriber = submissions.subscriber
    and l.submission = submissions.key and l.state in ('{LineState.SUBMITTING}', '{LineState.IN_DOUBT}'))"""
QUIET = ("progress", "shipments", "stock_mirrors")
"""Tables whose ``quiet_until`` is 0 unless something may still take effect."""
SINCE = (
    *(("call_kinds", moment) for moment in ("good_at", "last_at", "failing_since")),
    ("checkpoints", "at"),
    ("known_prices", "at"),
)
"""What is judged by how long ago it was, and would not be for as long as it lay in the future."""


log = structlog.get_logger("makeready.storage")


class ClockWatch:
    """One per open file."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self._ahead: float | None = None

    def recall(self, db: Sqlite) -> None:
        """When the file is opened: how the clock stood at the last commit of any process of this machine."""
        if known := rows(db, "select ahead from clocks where boot = ?", [self._clocks.boot]):
            self._ahead = float(known[0]["ahead"])

    def has_moved(self) -> bool:
        """Whether the clock was set since the last commit that this process knows of."""
        if not self._clocks.boot:
            return False
        return self._ahead is None or abs(self._clocks.read().ahead - self._ahead) > STEP_S

    def settle(self, db: Sqlite) -> float:
        """At the beginning of a transaction. To be handed to `settled` after its commit."""
        now = self._clocks.read()
        if not self._clocks.boot:
            return now.ahead
        known = rows(db, "select ahead, seen from clocks where boot = ?", [self._clocks.boot])
        if not known:
            _begin_life(db, self._clocks.boot, now)
            return now.ahead
        step = now.ahead - float(known[0]["ahead"])
        if abs(step) > STEP_S:
            _move(db, step)
            db.execute("update clocks set ahead = ahead + ?, seen = seen + ?", [step, step])
            _note(db, step, now.wall)
        elif abs(now.wall - float(known[0]["seen"])) > SEEN_EVERY_S:
            db.execute("update clocks set seen = ? where boot = ?", [now.wall, self._clocks.boot])
        return now.ahead

    def settled(self, ahead: float) -> None:
        self._ahead = ahead


def _begin_life(db: Sqlite, boot: str, now: Reading) -> None:
    """The machine has started, or the file has come to another one: how much time has passed is not known."""
    [before] = rows(db, "select max(seen) as seen from clocks", [])
    if before["seen"] is not None and float(before["seen"]) - now.wall > STEP_S:
        _move(db, now.wall - float(before["seen"]))
    _begin_quiet_anew(db, now.wall)
    db.execute("delete from clocks where seen < ?", [now.wall - KEPT_S])
    db.execute("insert into clocks (boot, ahead, seen) values (?, ?, ?)", [boot, now.ahead, now.wall])


def _note(db: Sqlite, step: float, at: float) -> None:
    """What people are told of. Time services correct smaller ones every day."""
    if abs(step) < TOLD_STEP_S:
        return
    log.warning("the clock was set", by_s=round(step))
    values = [(CLOCK_SET, at), (CLOCK_SET_BY, step)]
    # company: none's, the clock is the machine's
    sql = "insert or replace into checkpoints (subscriber, name, at) values ('', ?, ?)"
    db.conn.executemany(sql, values)


def _move(db: Sqlite, by: float) -> None:
    """All that is waited for."""
    # company: every one's, the clock is the machine's
    db.execute(
        """update work set due_at = due_at + ?,
            lease_until = case when lease_until > 0 then lease_until + ? else lease_until end,
            failing_since = case when failing_since > 0 then failing_since + ? else failing_since end""",
        [by, by, by],
    )
    for table, moment in SINCE:
        # company: every one's, the clock is the machine's
        db.execute(f"update {table} set {moment} = {moment} + ? where {moment} > 0", [by])
    db.execute("update call_slots set at = at + ?", [by])
    db.execute(
        # company: every one's, the clock is the machine's
        f"update submissions set sent_at = sent_at + ?, quiet_until = quiet_until + ? where {OPEN}",
        [by, by],
    )
    # company: every one's, the clock is the machine's
    db.execute("update product_links set tried_at = tried_at + ? where tried_at > 0 and linked_at = 0", [by])
    # Never to before it was noted: more than is needed is then looked for in the MIS, not less.
    db.execute(
        """update ledger_breaks set at = at - max(ahead, 0) + max(ahead + ?, 0), ahead = ahead + ?
            where id = (select max(id) from ledger_breaks)""",
        [by, by],
    )
    for table in QUIET:
        # company: every one's, the clock is the machine's
        db.execute(f"update {table} set quiet_until = quiet_until + ? where quiet_until > 0", [by])


def _begin_quiet_anew(db: Sqlite, now: float) -> None:
    """In full. What was sent before the machine stopped may take effect as late as if it were sent now."""
    db.execute(
        # company: every one's, the clock is the machine's
        f"""update submissions set sent_at = ?, quiet_until = ? + max(quiet_until - sent_at, 0) where {OPEN}""",
        [now, now],
    )
    # company: every one's, the clock is the machine's
    db.execute("update product_links set tried_at = ? where tried_at > 0 and linked_at = 0", [now])
    for table in QUIET:
        # company: every one's, the clock is the machine's
        db.execute(f"update {table} set quiet_until = ? where quiet_until > 0", [now + LONGEST_QUIET_S])
