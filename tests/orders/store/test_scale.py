"""The cost of an order must not grow with the number of orders kept: every query of its way uses an index."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from makeready.engine.model import NewWork
from makeready.extensions import installed
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
from makeready.orders.views.history import order_story
from makeready.stores import Store
from makeready.webhooks.receive import receive_webhook
from makeready.work import add_schedules, engine_for
from makeready_admin.activity.store import Activity
from makeready_admin.home.store import LineCounts
from makeready_admin.inbox.store import waiting_of
from makeready_alerts.store.sent import Unsent
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.submission import AcceptedOrder
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.faults import Fate, Odds
from makeready_metrics.store import lines_since
from pretend import Clock, new_bench, order
from queued import claim
from steps import states

GROWING = ("order_lines", "submissions", "attempts", "history", "deliveries", "files", "order_readings")
WAITING = "(?:lines_unseen|lines_to_look_at|work_needs_person|unreadable_orders)"
"""Indexes, and a table, of what waits for a person or a look, and of nothing else."""
READS_ALL = re.compile(rf"SCAN ({'|'.join(GROWING)}|l)\b|SEARCH (?!.*{WAITING}).*\(subscriber=\?\)$")
"""All rows, or all rows of a subscriber, unless a limit stops it: an index has them in the order that is wanted."""
BY_STATE = "(subscriber=? AND state=?)"
"""All lines in a state, of which a backlog has many: a statement that names a submission goes by that."""
SORTS = "USE TEMP B-TREE FOR ORDER BY"


@pytest.fixture
def traced():
    """A store whose statements are all recorded, and its connection."""
    return new_traced()


def new_traced() -> tuple[Store, Any, list[str]]:
    database = MortalDatabase(Fate(0, Odds()))
    database._fate.quiet = True
    statements: list[str] = []
    database._db.conn.set_trace_callback(statements.append)
    return Store(database), database._db.conn, statements


async def one_order(store: Store) -> None:
    await way_of_one_order(store)
    await Unsent(store.database).lines("a", "mail")
    await Unsent(store.database).files("a", "mail")
    await list_lines(store)
    await pages(store)


async def way_of_one_order(store: Store) -> None:
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
    await store.lines.last_placed_at("a")
    await store.lines.last_accepted_at("a", 1e12)
    await store.inbox.last_received_at("a", 1e12)
    await store.ledger.waiting_orders("a", 100)
    await store.ledger.history("a", "1")
    await store.ledger.attempts("a", "1-1")
    await store.work.add([NewWork(subscriber="a", kind="fetch-order", key="1", due_at=1.0)])


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
            scans += [(step, statement) for step in plan if BY_STATE in step and "submission =" in statement]
    assert scans == []


SMALL = (
    "subscribers|connectors|pauses|clocks|checkpoints|installation|observers|line_transitions|ledger_breaks|"
    "ledger_life|reading_numbers|call_slots|call_kinds|main.order_words_config|sqlite_master|2-ROW VALUES CLAUSE"
)
"""What does not grow with orders or products."""
WITHIN = "companies|waiting|first|kinds|json_each|value|constant row|k|f|late|named"
"""Results of the statement itself, and lists that are given to it."""
FIRST_OF_KIND = r"work USING COVERING INDEX work_free \(kind=\?\)"
"""The first company, for which nothing else is read."""
SCANS = re.compile(
    rf"SCAN (?!\(subquery|(?:{SMALL}|{WITHIN})\b)|"
    rf"SEARCH (?!{SMALL}|{FIRST_OF_KIND}|.*{WAITING}).*\((?:subscriber|kind)=\?\)$"
)
NOT_OF_ORDERS = {"stock"}
"""Work that is about all products, by its nature."""


async def test_no_statement_of_a_whole_way_scans_a_table(tmp_path: Path, clock: Clock, traced) -> None:
    """From the webhook to the mark, by the engine itself, with all that runs on a schedule beside it."""
    store, connection, statements = traced
    (tmp_path / "test.db").touch()  # its witness looks at the file
    bench = new_bench(tmp_path, clock, store=store)
    await store.subscribers.save([bench.subscriber])
    await add_schedules(bench.installation)
    bench.shop.orders["6994"] = order("6994")
    call = IncomingCall(method="POST", headers={"x-key": "right"}, query={}, body=b"6994")
    assert await receive_webhook(bench.installation, bench.subscriber, "shop", call)
    kinds = frozenset(installed().work_types) - NOT_OF_ORDERS
    for _ in range(2):
        engine = engine_for(bench.installation, only=kinds)
        while await engine.run_due():
            pass
        clock.now += 2 * 86_400.0
    assert await states(bench) == ["accepted"]
    await collect_inputs(bench.installation, bench.subscriber)
    await order_story(bench.installation, "northfield", "6994")
    connection.set_trace_callback(None)
    assert scans(connection, statements) == []


def scans(connection: Any, statements: Sequence[str]) -> list[tuple[str, str]]:
    """Steps that read all rows of a table, or all of a company or a kind, unless a limit stops them."""
    found = []
    for statement in dict.fromkeys(statements):
        if re.match(r"\s*(select|update|delete|insert|with)", statement, re.IGNORECASE):
            plan = [row[3] for row in connection.execute(f"explain query plan {statement}")]
            stops = re.search(r"limit \d+( - \d+)?\)*$", statement) and SORTS not in plan
            found += [(step, statement) for step in plan if SCANS.search(step) and not stops]
            found += [(step, statement) for step in plan if BY_STATE in step and "submission =" in statement]
    return found


WAITING_LINES = """with recursive others(number) as (
        select 1000 union all select number + 1 from others where number < 999 + :count)
    insert into order_lines (subscriber, order_number, line, site, product_id, description, quantity, placed_at, state,
        reason, submission, updated_at)
    select 'a', :state || number, 1, 'shop.example', '1', '', 1, 1.0, 'seen', '', :state || number, 1.0 from others"""
"""Orders of one line, each with its submission."""
WAY = ("ready", "submitting", "accepted")
STEPS = 50
"""Of SQLite, between two looks."""


async def longest_statement(traced: Any, others: int) -> int:
    """Of an order's way, in so many `STEPS`, while as many others are ready, on their way, and taken."""
    store, connection, _ = traced
    for state in WAY:
        connection.execute(WAITING_LINES, {"state": state, "count": others})
        for after in WAY[: WAY.index(state) + 1]:
            moved = "update order_lines set state = ? where submission like ? || '%'"
            connection.execute(moved, [after, state])
    took: list[int] = []
    connection.set_trace_callback(lambda _: took.append(0))
    connection.set_progress_handler(lambda: took.append(took.pop() + 1), STEPS)
    await way_of_one_order(store)
    connection.set_progress_handler(None, 0)
    return max(took)


async def test_no_statement_of_an_order_s_way_works_more_where_many_others_wait(traced) -> None:
    """Whatever plan SQLite makes of it."""
    few = await longest_statement(traced, 5)
    assert await longest_statement(new_traced(), 2000) <= few + 10
