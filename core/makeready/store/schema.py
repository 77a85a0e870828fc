"""The tables. A released migration is never edited; a change is a new one."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations
from sqlite_utils.db import DescIndex

from makeready.store.states import TRANSITIONS

migrations = Migrations("makeready")


@migrations()
def m001_subscribers(db: Sqlite) -> None:
    db.table("installation").create({"name": str, "value": str}, pk="name", strict=True)
    db.table("subscribers").create(
        {
            "name": str,
            "title": str,
            "external_user_id": int,
            "environment": str,
            "orders": str,  # JSON: the subscriber's order rules
            "alerts": str,  # JSON: who is told; its secret is sealed
            "status": str,  # JSON: what of an order's progress is written in the shop
            "stock": str,  # JSON: how stock is read, kept in step and shown
            "path_segment": str,  # unguessable; part of every address that we give out
            "version": int,  # rises with every change, so that a running server notices
        },
        pk="name",
        not_null={
            "title",
            "external_user_id",
            "environment",
            "orders",
            "alerts",
            "status",
            "stock",
            "path_segment",
            "version",
        },
        strict=True,
    )
    subscribers = db.table("subscribers")
    subscribers.create_index(["external_user_id"], unique=True)
    subscribers.create_index(["path_segment"], unique=True)
    db.table("connectors").create(
        {
            "subscriber": str,
            "connector": str,
            "settings": str,  # JSON: shared, test and live settings; secrets sealed or referred to
            "signing_key": str,  # sealed
        },
        pk=("subscriber", "connector"),
        foreign_keys=[("subscriber", "subscribers", "name")],
        strict=True,
    )
    db.table("installed").create(
        {
            "subscriber": str,
            "connector": str,
            "kind": str,
            "state": str,
            "title": str,
            "id": str,
            "by_hand": str,
        },
        pk=("subscriber", "connector", "kind"),
        foreign_keys=[("subscriber", "subscribers", "name")],
        strict=True,
    )
    db.table("learned").create(
        {"subscriber": str, "connector": str, "about": str, "finding": str, "value": str, "at": float},
        pk=("subscriber", "connector", "about"),
        not_null={"finding", "value", "at"},
        foreign_keys=[("subscriber", "subscribers", "name")],
        strict=True,
    )


@migrations()
def m002_deliveries(db: Sqlite) -> None:
    db.table("deliveries").create(
        {
            "id": int,
            "subscriber": str,
            "connector": str,
            "key": str,  # the vendor's message id, or a hash of the body
            "body": bytes,
            "event": str,
            "order_number": str,
            "received_at": float,
        },
        pk="id",
        not_null={"subscriber", "connector", "key", "body", "event", "order_number", "received_at"},
        strict=True,
    )
    deliveries = db.table("deliveries")
    deliveries.create_index(["subscriber", "connector", "key"], unique=True)
    deliveries.create_index(["subscriber", "order_number"])
    deliveries.create_index(["subscriber", "received_at"])


@migrations()
def m003_work(db: Sqlite) -> None:
    db.table("work").create(
        {
            "id": int,
            "subscriber": str,
            "kind": str,
            "key": str,
            "due_at": float,
            "lease_until": float,  # 0 while nobody works on it
            "owner": str,
            "wanted": int,  # rises when it is asked for again, so that a finished run does not hide it
            "attempts": int,
            "error": str,  # what went wrong last time
            "failing_since": float,  # when it first went wrong; 0 if it did not
            "needs_person": int,  # 1 if it will go wrong until somebody changes something
            "hint": str,  # JSON that makes the work cheaper; never needed to do it right
        },
        pk="id",
        defaults={
            "lease_until": 0.0,
            "owner": "",
            "wanted": 1,
            "attempts": 0,
            "error": "",
            "failing_since": 0.0,
            "needs_person": 0,
            "hint": "",
        },
        not_null={
            "subscriber",
            "kind",
            "key",
            "due_at",
            "lease_until",
            "owner",
            "wanted",
            "attempts",
            "error",
            "failing_since",
            "needs_person",
            "hint",
        },
        strict=True,
    )
    work = db.table("work")
    work.create_index(["subscriber", "kind", "key"], unique=True)
    work.create_index(["due_at"])
    db.table("call_slots").create({"id": int, "host": str, "at": float}, pk="id", strict=True)
    db.table("call_slots").create_index(["host", "at"])


@migrations()
def m004_orders(db: Sqlite) -> None:
    db.table("order_lines").create(
        {
            "subscriber": str,
            "order_number": str,
            "line": int,
            "site": str,
            "product_id": str,  # the MIS's; empty for lines that are not the MIS's
            "description": str,
            "quantity": int,
            "placed_at": float,  # of the order: makes reading many of them cheap
            "state": str,
            "reason": str,
            "told": int,  # bits of the channels through which people were alerted that it needs one
            "notice": str,  # what changed in the shop after it was sent; empty if nothing did
            "held": int,  # 1 after a person's decision: a look does not change it
            "submission": str,  # key of the submission it belongs to; empty before it is ready
            "updated_at": float,
            "looked_at": float,  # when the shop last showed it as still waiting
        },
        pk=("subscriber", "order_number", "line"),
        not_null={
            "site",
            "product_id",
            "description",
            "quantity",
            "placed_at",
            "state",
            "reason",
            "told",
            "notice",
            "held",
            "submission",
            "updated_at",
            "looked_at",
        },
        defaults={"held": 0, "notice": "", "told": 0, "looked_at": 0.0},
        strict=True,
    )
    db.table("order_lines").create_index(["subscriber", "submission"])
    db.table("order_lines").create_index(["subscriber", "placed_at"])
    by_change = [DescIndex("updated_at"), "order_number", "line"]  # the order of a list, page by page
    db.table("order_lines").create_index(["subscriber", *by_change])
    db.table("order_lines").create_index(["subscriber", "state", *by_change], "lines_by_state")
    db.table("submissions").create(
        {
            "subscriber": str,
            "key": str,
            "order_number": str,
            "environment": str,
            "payload": bytes,
            "payload_hash": str,
            "attempts": int,
            "sent_at": float,
            "quiet_until": float,  # before this, a call without an answer may still take effect
            "mis_id": str,
            "mis_number": str,
            "marked": int,
            "marks_repaired": int,  # how often the shop's items had lost the mark
        },
        pk=("subscriber", "key"),
        not_null={
            "order_number",
            "environment",
            "payload",
            "payload_hash",
            "attempts",
            "sent_at",
            "quiet_until",
            "mis_id",
            "mis_number",
            "marked",
            "marks_repaired",
        },
        defaults={"marks_repaired": 0},
        strict=True,
    )
    db.table("submissions").create_index(["subscriber", "mis_id"])
    db.table("submissions").create_index(["subscriber", "mis_number"])
    db.table("attempts").create(
        {
            "id": int,
            "subscriber": str,
            "key": str,
            "payload": bytes,
            "sent_at": float,
            "outcome": str,  # empty until it is known
        },
        pk="id",
        not_null={"subscriber", "key", "payload", "sent_at", "outcome"},
        defaults={"outcome": ""},
        strict=True,
    )
    db.table("attempts").create_index(["subscriber", "key"])
    db.table("history").create(
        {
            "id": int,
            "subscriber": str,
            "order_number": str,
            "line": int,
            "at": float,
            "from_state": str,
            "to_state": str,
            "cause": str,
            "actor": str,
        },
        pk="id",
        strict=True,
    )
    db.table("history").create_index(["subscriber", "order_number"])
    _guard_states(db)


def _guard_states(db: Sqlite) -> None:
    """An illegal change of a line's state is impossible in the database itself."""
    db.table("line_transitions").create(
        {"from_state": str, "to_state": str}, pk=("from_state", "to_state"), strict=True
    )
    rows = [
        {"from_state": a.value, "to_state": b.value} for a, targets in TRANSITIONS.items() for b in targets
    ]
    db.table("line_transitions").insert_all(rows)
    db.execute(
        """create trigger order_lines_start before insert on order_lines
        when new.state != 'seen'
        begin select raise(abort, 'an order line starts as seen'); end"""
    )
    guard_moves(db)


def guard_moves(db: Sqlite) -> None:
    db.execute(
        """create trigger order_lines_move before update of state on order_lines
        when new.state != old.state and not exists (
            select 1 from line_transitions where from_state = old.state and to_state = new.state)
        begin select raise(abort, 'illegal change of an order line''s state'); end"""
    )


@migrations()
def m005_files(db: Sqlite) -> None:
    db.table("files").create(
        {
            "subscriber": str,
            "submission": str,
            "line": int,
            "url": str,
            "name": str,
            "state": str,
            "error": str,
            "size": int,
            "content_type": str,
            "attempts": int,
            "told": int,  # as of order lines
            "updated_at": float,
        },
        pk=("subscriber", "submission", "line", "url"),
        not_null={"name", "state", "error", "content_type", "attempts", "told", "updated_at"},
        defaults={"told": 0},
        strict=True,
    )
    db.table("files").create_index(["subscriber", "state"])


@migrations()
def m006_imports(db: Sqlite) -> None:
    db.table("import_jobs").create(
        {"id": int, "subscriber": str, "site": str, "choices": str, "created_at": float},
        pk="id",
        not_null={"subscriber", "site", "choices", "created_at"},
        strict=True,
    )
    db.table("import_items").create(
        {
            "subscriber": str,
            "site": str,
            "product_id": str,
            "job": int,
            "name": str,
            "state": str,
            "reason": str,
            "shop_product_id": str,
            "part_number": str,
            "url_name": str,
            "by_hand": str,  # JSON list of sentences
            "tried_at": float,
            "updated_at": float,
        },
        pk=("subscriber", "site", "product_id"),
        not_null={
            "job",
            "name",
            "state",
            "reason",
            "shop_product_id",
            "part_number",
            "url_name",
            "by_hand",
            "tried_at",
            "updated_at",
        },
        foreign_keys=[("job", "import_jobs", "id")],
        strict=True,
    )
    db.table("import_items").create_index(["job"])
    db.table("import_items").create_index(["subscriber", "site", "url_name"], unique=True)


@migrations()
def m007_progress(db: Sqlite) -> None:
    db.table("progress").create(
        {
            "subscriber": str,
            "order_number": str,
            "line": int,
            "status": str,  # the MIS's, as it was read last
            "stage": str,  # the stage that the shop's item has reached
            "moving_to": str,  # the stage of a move that may have happened; empty if none is open
            "quiet_until": float,  # before this, an open move may still take effect
            "refused": str,  # the stage that cannot be reached
            "notice": str,  # why not
            "finished": int,
        },
        pk=("subscriber", "order_number", "line"),
        not_null={"status", "stage", "moving_to", "quiet_until", "refused", "notice", "finished"},
        defaults={
            "status": "",
            "stage": "",
            "moving_to": "",
            "quiet_until": 0.0,
            "refused": "",
            "notice": "",
            "finished": 0,
        },
        strict=True,
    )
    db.table("shipments").create(
        {
            "subscriber": str,
            "submission": str,
            "tracking": str,
            "carrier": str,
            "shipped_at": float,
            "state": str,
            "error": str,
            "quiet_until": float,
        },
        pk=("subscriber", "submission", "tracking"),
        not_null={"carrier", "shipped_at", "state", "error", "quiet_until"},
        strict=True,
    )


@migrations()
def m008_watch(db: Sqlite) -> None:
    db.table("tellings").create(
        {
            "subscriber": str,
            "channel": int,
            "topic": str,
            "title": str,
            "since": float,
            "told_at": float,
        },
        pk=("subscriber", "channel", "topic"),
        not_null={"title", "since", "told_at"},
        strict=True,
    )
    db.table("moments").create(
        {"subscriber": str, "name": str, "at": float},
        pk=("subscriber", "name"),
        not_null={"at"},
        strict=True,
    )


@migrations()
def m009_api(db: Sqlite) -> None:
    db.table("tokens").create(
        {
            "name": str,
            "hash": str,  # SHA-256; the token itself is not kept
            "subscriber": str,  # empty for all of them
            "read_only": int,
            "created_at": float,
            "expires_at": float,  # 0 for never
        },
        pk="name",
        not_null={"hash", "subscriber", "read_only", "created_at", "expires_at"},
        strict=True,
    )
    db.table("api_answers").create(
        {
            "token": str,
            "key": str,  # the caller's idempotency key
            "fingerprint": str,  # of the call
            "status": int,  # 0 while it is under way
            "content_type": str,
            "body": bytes,
            "created_at": float,
        },
        pk=("token", "key"),
        not_null={"fingerprint", "status", "content_type", "body", "created_at"},
        strict=True,
    )
    db.table("api_answers").create_index(["created_at"])


@migrations()
def m010_stock(db: Sqlite) -> None:
    db.table("stock_levels").create(
        {
            "subscriber": str,
            "product_id": str,
            "on_hand": str,
            "allocated": str,
            "expected_on": str,  # a day; empty if none is known
            "read_at": float,  # when the MIS was asked
            "changed_at": float,
        },
        pk=("subscriber", "product_id"),
        not_null={"on_hand", "allocated", "expected_on", "read_at", "changed_at"},
        strict=True,
    )
    db.table("stock_history").create(
        {"subscriber": str, "product_id": str, "at": float, "free": str},
        pk=("subscriber", "product_id", "at"),
        not_null={"free"},
        strict=True,
    )
    db.table("stock_mirrors").create(
        {
            "subscriber": str,
            "site": str,
            "product_id": str,
            "level": int,  # as it was seen last in the shop, or as it will be after our own call
            "known_since": float,
            "dropped": int,  # how much it has fallen lately, not by our doing
            "dropped_at": float,
            "change": int,  # the last one that we made
            "quiet_until": float,  # before this, a change without an answer may still take effect
            "writes": int,  # rises with every step of a change
            "error": str,
            "said_level": int,  # by the shop's last event about it
            "said_at": float,
        },
        pk=("subscriber", "site", "product_id"),
        not_null={
            "level",
            "known_since",
            "dropped",
            "dropped_at",
            "change",
            "quiet_until",
            "writes",
            "error",
            "said_at",
        },
        defaults={
            "dropped": 0,
            "dropped_at": 0.0,
            "change": 0,
            "quiet_until": 0.0,
            "writes": 0,
            "error": "",
            "said_at": 0.0,
        },
        strict=True,
    )
    db.table("stock_trials").create(
        {"subscriber": str, "trial": str},  # JSON: does the shop let us move levels?
        pk="subscriber",
        not_null={"trial"},
        strict=True,
    )
