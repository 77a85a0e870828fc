"""Who an order is: the shop's own id. Two ids under one number cannot be told apart by who asks by number.

Then neither is sent or written back: both wait for a person, each under a number of its own here.
"""

from collections.abc import Sequence

from msgspec import structs
from sqlite_utils import Database as Sqlite

from makeready.orders.model import Cause, LineDecision, LineKey, LineState, OrderIdentity
from makeready.orders.store.transitions import note, tell_moved
from makeready.storage.rows import rows

STOPPED = frozenset({LineState.WAITING, LineState.BEFORE_START, LineState.READY})
WHY = (
    "The shop shows {} under this number{}, and they can be asked for by number only: neither is sent. Enter it in the "
    "MIS by hand, then say that it is accepted, or that it shall not be sent."
)
SAME_NUMBER = WHY.format("another order", "")


def identify(db: Sqlite, subscriber: str, order: OrderIdentity) -> tuple[str, tuple[str, ...]]:
    """The number that an order has here; and the sites of all orders that the shop shows under its number, if it is
    not the only one.
    """
    known = _known(db, subscriber, order.number)
    if order.id and order.id not in known:
        known_as = f"{order.number} ({order.site}, {order.id})" if known else order.number
        db.execute(
            "insert into order_ids (subscriber, number, shop_id, site, known_as) values (?, ?, ?, ?, ?)",
            [subscriber, order.number, order.id, order.site, known_as],
        )
        known = _known(db, subscriber, order.number)
    return number_here(db, subscriber, order), tuple(site for _, site in known.values()) if len(
        known
    ) > 1 else ()


def number_here(db: Sqlite, subscriber: str, order: OrderIdentity) -> str:
    known_as, _ = _known(db, subscriber, order.number).get(order.id, (order.number, ""))
    return known_as


def _known(db: Sqlite, subscriber: str, number: str) -> dict[str, tuple[str, str]]:
    """By the shop's id: its number here, and its site."""
    sql = "select shop_id, known_as, site from order_ids where subscriber = ? and number = ? order by rowid"
    return {row["shop_id"]: (row["known_as"], row["site"]) for row in rows(db, sql, [subscriber, number])}


def stopped(decision: LineDecision, reference: str, sites: Sequence[str]) -> LineDecision:
    """What is decided about a line of an order that is not the only one of its number."""
    if decision.state not in STOPPED or not sites:
        return decision
    return structs.replace(
        decision,
        state=LineState.PARKED,
        reason=_why(sites),
        submission=f"{reference}-{decision.line}",
        unfit="",
    )


def _why(sites: Sequence[str]) -> str:
    return WHY.format(f"{len(sites)} orders", f" ({', '.join(sites)})")


def stop_all(db: Sqlite, subscriber: str, number: str, sites: Sequence[str], cause: Cause) -> bool:
    """Nothing is sent or written back of the orders under a number. True if any of them waits for a person since now."""
    stopped_now = False
    for known_as, _ in _known(db, subscriber, number).values():
        db.execute(
            "update order_lines set ambiguous = 1 where subscriber = ? and order_number = ?",
            [subscriber, known_as],
        )
        waiting = rows(
            db,
            """select line, state from order_lines where subscriber = ? and order_number = ?
                and state in ('waiting', 'before_start', 'ready')""",
            [subscriber, known_as],
        )
        for row in waiting:
            key = LineKey(subscriber, known_as, row["line"])
            _stop(db, key, row["state"], cause._replace(text=_why(sites)))
            stopped_now = True
    return stopped_now


def _stop(db: Sqlite, key: LineKey, before: str, cause: Cause) -> None:
    db.execute(
        """update order_lines set state = 'parked', reason = ?, notified = '', seen = 0, updated_at = ?,
            submission = case submission when '' then order_number || '-' || line else submission end
        where subscriber = ? and order_number = ? and line = ?""",
        [cause.text, cause.at, *key],
    )
    note(db, key, before, LineState.PARKED, cause)
    tell_moved(db, key.subscriber, key.order_number, [key.line], LineState.PARKED, cause)
