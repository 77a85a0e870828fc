import pytest
from makeready.orders.model import (
    TRANSITIONS,
    Cause,
    Departure,
    FarEnd,
    LineDecision,
    LineState,
    OrderIdentity,
    ReadingKey,
    SeenOrder,
    Submission,
)
from makeready.orders.store.schema import guard_moves
from makeready.stores import Store
from makeready_hooks.model.submission import AcceptedOrder

SUBSCRIBER, NUMBER = "northfield", "6994"
SEEN = SeenOrder(site="shop.example", placed_at=1.0)


def decision(line: int = 1, state: LineState = LineState.READY, reason: str = "") -> LineDecision:
    return LineDecision(
        line=line,
        product_id="2284",
        description="Opening kit",
        quantity=2,
        state=state,
        reason=reason,
        submission=f"{NUMBER}-{line}" if state is LineState.READY else "",
    )


async def look(store: Store, *decisions: LineDecision, now: float = 1.0) -> None:
    await store.ledger.record_observation(
        SUBSCRIBER,
        OrderIdentity(NUMBER, "", ""),
        SEEN,
        decisions,
        reading=ReadingKey(1, ""),
        cause=Cause("seen", now),
        submit_kind="submit",
    )


async def submission(store: Store) -> Submission:
    found = await store.ledger.submission(SUBSCRIBER, f"{NUMBER}-1")
    assert found is not None
    return found


async def states(store: Store) -> list[str]:
    lines = await store.ledger.of_order(SUBSCRIBER, NUMBER)
    return [line.state for line in sorted(lines, key=lambda line: line.line)]


def departure(payload: bytes) -> Departure:
    return Departure(
        payload=payload,
        payload_hash="hash",
        order=b"",
        far_end=FarEnd("mis", "test", "mis.example"),
        reading=ReadingKey(1, ""),
        quiet_until=92.0,
        at=2.0,
    )


async def begin(store: Store, payload: bytes = b"{}") -> bool:
    return await store.ledger.begin(await submission(store), departure(payload))


async def accept(store: Store) -> bool:
    return await store.ledger.accept(
        await submission(store),
        accepted=AcceptedOrder(id="30001", number="SO-1"),
        cause=Cause("c", 4.0),
        next_kinds=["mark"],
    )


async def test_a_line_that_is_ready_asks_for_its_submission_once(store: Store) -> None:
    await look(store, decision())
    await look(store, decision())
    assert await states(store) == ["ready"]
    assert await store.work.waiting(SUBSCRIBER, "submit") == 1


async def test_every_change_is_in_the_history_with_its_cause(store: Store) -> None:
    await look(store, decision(state=LineState.WAITING, reason="waits for approval"))
    await look(store, decision())
    history = await store.ledger.history(SUBSCRIBER, NUMBER)
    moves = [(row.from_state, row.to_state, row.cause) for row in history]
    assert moves == [
        ("", "seen", "seen"),
        ("seen", "waiting", "seen: waits for approval"),
        ("waiting", "ready", "seen: approved, and at the stage at which orders are sent"),
    ]


async def test_the_intent_is_committed_with_the_exact_payload(store: Store) -> None:
    await look(store, decision())
    assert await begin(store, b'{"Orders": []}')
    begun = await submission(store)
    assert (begun.state, begun.payload, begun.attempts) == ("submitting", b'{"Orders": []}', 1)


async def test_a_submission_cannot_begin_twice(store: Store) -> None:
    await look(store, decision())
    assert await begin(store)
    assert not await begin(store)


async def test_a_line_that_came_between_reading_and_sending_is_not_taken_along(store: Store) -> None:
    await look(store, decision())
    read = await submission(store)
    await look(store, decision(2))
    join = f"update order_lines set submission = '6994-1' where subscriber = '{SUBSCRIBER}'"
    await store.ledger._database.write(lambda db: db.execute(join))
    begun = await store.ledger.begin(read, departure(b"one line"))
    assert not begun
    assert await states(store) == ["ready", "ready"]


async def test_every_attempt_is_kept_with_its_bytes_and_what_came_of_it(store: Store) -> None:
    await look(store, decision())
    await begin(store, b"first")
    await store.ledger.move(
        await submission(store), [LineState.SUBMITTING], LineState.READY, Cause("down", 3.0)
    )
    await begin(store, b"second")
    attempts = await store.ledger.attempts(SUBSCRIBER, f"{NUMBER}-1")
    assert [(one.payload, one.outcome) for one in attempts] == [(b"first", "down"), (b"second", "")]
    assert (await submission(store)).attempts == 2


async def test_a_look_never_touches_what_was_sent(store: Store) -> None:
    await look(store, decision())
    await begin(store)
    await look(store, decision(state=LineState.CANCELLED, reason="denied"))
    assert await states(store) == ["submitting"]


async def test_acceptance_is_final_and_asks_for_the_mark(store: Store) -> None:
    await look(store, decision())
    await begin(store)
    await accept(store)
    accepted = await submission(store)
    assert (accepted.state, accepted.mis_id, accepted.mis_number) == ("accepted", "30001", "SO-1")
    assert await store.work.waiting(SUBSCRIBER, "mark") == 1


async def test_an_answer_that_comes_after_the_doubt_still_counts(store: Store) -> None:
    await look(store, decision())
    await begin(store)
    await store.ledger.move(
        await submission(store), [LineState.SUBMITTING], LineState.IN_DOUBT, Cause("c", 3.0)
    )
    assert await accept(store)
    assert await states(store) == ["accepted"]


ALL_MOVES = [(before, after) for before in LineState for after in LineState if before is not after]


@pytest.mark.parametrize(("before", "after"), ALL_MOVES)
async def test_the_database_itself_allows_exactly_the_listed_moves(
    store: Store, before: LineState, after: LineState
) -> None:
    await look(store, decision(state=LineState.WAITING))
    database = store.ledger._database  # the guard is the database's, so it is asked directly
    await database.write(lambda db: db.execute("drop trigger order_lines_move"))
    await database.write(lambda db: db.execute("update order_lines set state = ?", [before.value]))
    await database.write(_restore_guard)
    try:
        await database.write(lambda db: db.execute("update order_lines set state = ?", [after.value]))
        allowed = True
    except Exception as exc:
        assert "illegal change" in str(exc)
        allowed = False
    assert allowed == (after in TRANSITIONS[before])


def _restore_guard(db) -> None:

    guard_moves(db)


async def test_a_line_cannot_begin_in_the_middle(store: Store) -> None:
    insert = """insert into order_lines (subscriber, order_number, line, site, product_id, description, quantity,
        state, reason, submission, updated_at) values ('a', '1', 1, '', '', '', 1, 'accepted', '', '', 0)"""
    with pytest.raises(Exception, match="starts as seen"):
        await store.ledger._database.write(lambda db: db.execute(insert))
