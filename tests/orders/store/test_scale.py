"""The cost of an order must not grow with the number of orders kept: every query of its way uses an index."""

import re

import pytest
from makeready.engine.model import NewWork
from makeready.orders.line_filter import LineFilter, LinePosition
from makeready.orders.model import (
    Cause,
    Departure,
    FarEnd,
    LineDecision,
    LineState,
    OrderIdentity,
    ReadingKey,
    SeenOrder,
)
from makeready.stores import Store
from makeready_admin.activity.store import Activity
from makeready_admin.home.store import LineCounts
from makeready_admin.inbox.store import waiting_of
from makeready_alerts.store.sent import Unsent
from makeready_hooks.model.submission import AcceptedOrder
from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.faults import Fate, Odds
from makeready_metrics.store import lines_since
from queued import claim

GROWING = ("order_lines", "submissions", "attempts", "history", "deliveries", "files", "order_readings")
WAITING = "(?:lines_unseen|work_needs_person|unreadable_orders)"
"""Indexes, and a table, of what waits for a person, and of nothing else."""
READS_ALL = re.compile(rf"SCAN ({'|'.join(GROWING)}|l)\b|SEARCH (?!.*{WAITING}).*\(subscriber=\?\)$")
"""All rows, or all rows of a subscriber, unless a limit stops it: an index has them in the order that is wanted."""
SORTS = "USE TEMP B-TREE FOR ORDER BY"


@pytest.fixture
def traced():
    """A store whose statements are all recorded, and its connection."""
    database = MortalDatabase(Fate(0, Odds()))
    database._fate.quiet = True
    statements: list[str] = []
    database._db.conn.set_trace_callback(statements.append)
    return Store(database), database._db.conn, statements


async def one_order(store: Store) -> None:
    decision = LineDecision(
        line=1, product_id="1", description="", quantity=1, state=LineState.READY, submission="1-1"
    )
    seen = SeenOrder(site="shop.example", placed_at=1.0)
    await store.ledger.record_observation(
        "a",
        OrderIdentity("1", "", ""),
        seen,
        [decision],
        reading=ReadingKey(1, ""),
        cause=Cause("seen", 1.0),
        submit_kind="submit",
    )
    await claim(store.work, now=5, owner="me", lease_s=30, limit=20, kind="submit")
    submission = await store.ledger.submission("a", "1-1")
    assert submission is not None
    await store.readings.begin()
    await store.readings.least("a", ["1", "2"])
    await store.ledger.known("a", "1")
    await store.ledger.placed_at("a", ["1", "2"])
    await store.ledger.of_order("a", "1")
    await store.ledger.begin(
        submission,
        Departure(
            payload=b"{}",
            payload_hash="h",
            order=b"",
            far_end=FarEnd("mis", "test", ""),
            reading=ReadingKey(1, ""),
            quiet_until=9.0,
            at=2.0,
        ),
    )
    await store.ledger.accept(
        submission, accepted=AcceptedOrder(id="1", number=""), cause=Cause("took", 3.0), next_kinds=["mark"]
    )
    await store.ledger.marked(submission, at=4.0)
    await store.files.of("a", "1-1")
    await Unsent(store.database).lines("a", "mail")
    await Unsent(store.database).files("a", "mail")
    await store.lines.last_placed_at("a")
    await store.lines.last_accepted_at("a", 1e12)
    await store.inbox.last_received_at("a", 1e12)
    await list_lines(store)
    await store.ledger.waiting_orders("a", 100)
    await store.ledger.history("a", "1")
    await store.ledger.attempts("a", "1-1")
    await store.work.add([NewWork(subscriber="a", kind="fetch-order", key="1", due_at=1.0)])
    await pages(store)


async def pages(store: Store) -> None:
    await store.progress.of_key("a", "1-1")
    await store.attention.counts("a")
    await waiting_of(store).find("a", 50)
    await waiting_of(store).line_seen("a", "1", 1)
    await waiting_of(store).file_seen("a", "1-1", 1, "url")
    await LineCounts(store.database).by_day("a", 1.0, days=14)
    await lines_since(store.database, "a", 1.0)
    await Activity(store.database).webhooks("a", 50)


async def list_lines(store: Store) -> None:
    """Every filter, and a page that follows another."""
    after = LinePosition(2.0, "1", 1)
    for state in ("", "refused"):
        for wanted in (
            LineFilter(state=state),
            LineFilter(state=state, start=1.0, end=2.0),
            LineFilter(state=state, query="6994"),
            LineFilter(state=state, customer="lodge", product="poster"),
        ):
            await store.lines.find("a", wanted, limit=10)
            await store.lines.find("a", wanted, limit=10, after=after)


async def test_no_statement_of_an_order_s_way_reads_a_growing_table_from_end_to_end(traced) -> None:
    store, connection, statements = traced
    await one_order(store)
    connection.set_trace_callback(None)
    scans = []
    for statement in dict.fromkeys(statements):
        if re.match(r"\s*(select|update|delete|insert|with)", statement, re.IGNORECASE):
            plan = [row[3] for row in connection.execute(f"explain query plan {statement}")]
            stops = re.search(r"limit \d+$", statement) and SORTS not in plan
            scans += [(step, statement) for step in plan if READS_ALL.search(step) and not stops]
    assert scans == []
