"""What a look into the shop does to the ledger's lines, and what it must not do."""

from typing import Any, NamedTuple

from sqlite_utils import Database as Sqlite

from makeready.orders.model import TRANSITIONS, UNSENT, Cause, LineDecision, LineKey, LineState, SeenOrder
from makeready.orders.store.transitions import note
from makeready.orders.store.words import words_of
from makeready.storage.rows import rows

APPROVED = "approved, and at the stage at which orders are sent"


class Applied(NamedTuple):
    """What a look did to a line."""

    moved: bool = False
    """Its state changed."""
    noticed: bool = False
    """It was sent, and the shop has changed it since: a person should know."""
    is_new: bool = False


def apply_observation(
    db: Sqlite, key: LineKey, seen: SeenOrder, decision: LineDecision, cause: Cause
) -> Applied:
    """Insert or change one line.

    A submission that is to be sent again is mapped again when a line leaves it or joins it: its old
    payload holds other lines.
    """
    if is_new := _insert(db, key, seen, decision, cause):
        note(db, key, "", LineState.SEEN, cause)
    sql = """select state, reason, decided_by_person, mendable, quantity, notice, submission from order_lines
        where subscriber = ? and order_number = ? and line = ?"""
    [current] = rows(db, sql, key)
    state = LineState(current["state"])
    if state not in UNSENT and not current["mendable"]:
        return Applied(noticed=_notice(db, key, state, decision, current, cause))
    if state is LineState.WAITING or current["mendable"]:
        _looked_at(db, key, cause.at)
    if decision.unready:
        _is_unready(db, key, cause.at)
    if not _may_change(state, decision, current) or not _may_join(db, key, decision):
        return Applied(is_new=is_new)
    discard_payload(db, key.subscriber, current["submission"], decision.submission)
    db.execute(
        """update order_lines set state = ?, reason = ?, mendable = 0, submission = ?, quantity = ?, net = ?,
            required_on = ?, updated_at = ?
        where subscriber = ? and order_number = ? and line = ?""",
        [decision.state.value, decision.reason, decision.submission, *_figures(decision), cause.at, *key],
    )
    why = decision.reason or (APPROVED if decision.state is LineState.READY else "")
    note(db, key, state, decision.state, cause.with_reason(why))
    moved = state is not decision.state or _is_given_away(decision, current)
    return Applied(moved=moved, is_new=is_new)


def _insert(db: Sqlite, key: LineKey, seen: SeenOrder, decision: LineDecision, cause: Cause) -> bool:
    """False if the line is there already."""
    product = f"{decision.description} {decision.part_number} {decision.product_id}"
    words = words_of(key.subscriber, f"{seen.customer} {seen.found_by}", product, seen.also_found_by)
    of_line = [decision.product_id, decision.description, *_figures(decision), seen.currency]
    inserted = db.execute(
        """insert into order_lines (subscriber, order_number, line, site, customer, product_id, description,
            quantity, net, required_on, currency, placed_at, words, state, reason, submission, updated_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'seen', '', '', ?) on conflict do nothing""",
        [*key, seen.site, seen.customer, *of_line, seen.placed_at, words, cause.at],
    )
    return bool(inserted.rowcount)


def _figures(decision: LineDecision) -> list[object]:
    """Quantity, price and required date."""
    net, day = decision.net, decision.required_on
    return [decision.quantity, None if net is None else str(net), day.isoformat() if day else None]


def _looked_at(db: Sqlite, key: LineKey, at: float) -> None:
    update = "update order_lines set checked_at = ? where subscriber = ? and order_number = ? and line = ?"
    db.execute(update, [at, *key])


def _is_unready(db: Sqlite, key: LineKey, at: float) -> None:
    update = "update order_lines set unready_at = ? where subscriber = ? and order_number = ? and line = ?"
    db.execute(update, [at, *key])


def _may_change(state: LineState, decision: LineDecision, current: dict[str, Any]) -> bool:
    """What was refused for what the shop gives of it goes on when that has changed."""
    if current["decided_by_person"] or (current["mendable"] and current["reason"] == decision.unfit):
        return False
    if state is decision.state:
        return bool(current["reason"] != decision.reason or _is_given_away(decision, current))
    return decision.state in TRANSITIONS[state]


def _is_given_away(decision: LineDecision, current: dict[str, Any]) -> bool:
    """It waits to be sent, and goes with other lines now: another MIS makes it."""
    return decision.state is LineState.READY and current["submission"] not in ("", decision.submission)


def _may_join(db: Sqlite, key: LineKey, decision: LineDecision) -> bool:
    """No line joins a submission that has left, however late the look that says so. The next look says another."""
    left = """select 1 from order_lines
        where subscriber = ? and submission = ? and state != 'ready' and mendable = 0 limit 1"""
    return not decision.submission or not rows(db, left, [key.subscriber, decision.submission])


def discard_payload(db: Sqlite, subscriber: str, *keys: str) -> None:
    """Forget the payloads of submissions, for what certainly was not taken; the attempts keep them."""
    for key in filter(None, keys):
        db.execute("update submissions set payload = x'' where subscriber = ? and key = ?", [subscriber, key])


def _notice(
    db: Sqlite, key: LineKey, state: LineState, decision: LineDecision, current: dict[str, Any], cause: Cause
) -> bool:
    """Keep what changed in the shop after a line was sent. True if there is something new to be told."""
    changes = [decision.withdrawn] if decision.withdrawn else []
    if decision.changes is not None:
        changes.extend(decision.changes)
    elif decision.quantity != current["quantity"]:
        changes.append(f"quantity {current['quantity']} became {decision.quantity}")
    told = f". {decision.amended}" if decision.amended else ""
    text = f"after it was sent: {', '.join(changes)}{told}" if changes else ""
    if text == current["notice"]:
        return False
    db.execute(
        """update order_lines set notice = ?, notified = '', seen = 0, updated_at = ?
        where subscriber = ? and order_number = ? and line = ?""",
        [text, cause.at, *key],
    )
    note(db, key, state, state, cause.with_reason(text or "after it was sent: as it was sent again"))
    return bool(text)
