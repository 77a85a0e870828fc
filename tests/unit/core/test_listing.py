"""Lists of order lines: whatever the moments, the pages together are the whole list, each line once."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st
from makeready.records import LineRow
from makeready.simulation.database import MortalDatabase
from makeready.simulation.fate import Fate, Odds
from makeready.store import Store
from makeready.store.ledger import LineVerdict, SeenOrder
from makeready.store.listing import LineFilter, Position
from makeready.store.moves import Cause
from makeready.store.states import LineState

looks = st.dictionaries(
    st.integers(1, 99).map(str),
    st.tuples(st.integers(1, 4), st.integers(1, 3), st.sampled_from([LineState.WAITING, LineState.READY])),
    max_size=12,
)
"""Orders: when they were looked at, with how many lines, in which state."""


def store_in_memory() -> Store:
    fate = Fate(0, Odds())
    fate.quiet = True
    return Store(MortalDatabase(fate))


async def fill(store: Store, orders: dict[str, tuple[int, int, LineState]]) -> None:
    for number, (at, lines, state) in orders.items():
        verdicts = [
            LineVerdict(
                line=line,
                product_id="1",
                description="",
                quantity=1,
                state=state,
                reason=f"Because of {at}",
                submission=f"{number}-{line}" if state is LineState.READY else "",
            )
            for line in range(1, lines + 1)
        ]
        seen = SeenOrder(site="shop.example", placed_at=1.0)
        cause = Cause("seen", float(at))
        await store.ledger.record_look("a", number, seen, verdicts, cause=cause, submit_kind="submit")


async def pages(store: Store, wanted: LineFilter, limit: int) -> list[LineRow]:
    found: list[LineRow] = []
    after = None
    while page := await store.lines.find("a", wanted, limit=limit, after=after):
        found += page
        after = Position(page[-1].updated_at, page[-1].order_number, page[-1].line)
    return found


@settings(max_examples=40)
@given(
    orders=looks,
    limit=st.integers(1, 5),
    start=st.none() | st.integers(1, 4),
    end=st.none() | st.integers(1, 5),
    state=st.sampled_from(["", "waiting", "ready"]),
)
def test_pages_hold_each_line_once_in_order(orders, limit: int, start, end, state: str) -> None:
    async def look() -> list[LineRow]:
        store = store_in_memory()
        await fill(store, orders)
        return await pages(store, LineFilter(state=state, start=start, end=end), limit)

    found = [(one.updated_at, one.order_number, one.line) for one in asyncio.run(look())]
    expected = [
        (float(at), number, line)
        for number, (at, lines, is_in) in orders.items()
        for line in range(1, lines + 1)
        if (not state or is_in == state) and (start is None or at >= start) and (end is None or at < end)
    ]
    assert found == sorted(expected, key=lambda one: (-one[0], one[1], one[2]))


async def test_a_name_finds_an_order_a_submission_or_a_number_of_the_mis(store: Store) -> None:
    await fill(store, {"6994": (1, 2, LineState.READY), "6995": (2, 1, LineState.READY)})
    submission = await store.ledger.submission("a", "6994-2")
    assert submission is not None
    move = store.ledger.move(submission, (LineState.READY,), LineState.REFUSED, Cause("no", 3.0))
    assert await move
    accept = store.ledger.accept(
        submission, mis_id="30001", mis_number="SO-9", cause=Cause("c", 4.0), next_kinds=()
    )
    assert await accept

    async def found(query: str) -> list[tuple[str, int]]:
        lines = await store.lines.find("a", LineFilter(query=query), limit=10)
        return [(one.order_number, one.line) for one in lines]

    assert await found("6994") == [("6994", 2), ("6994", 1)]
    for name in ("6994-2", "30001", "SO-9"):
        assert await found(name) == [("6994", 2)]
    assert await found("SO") == []
    assert await store.lines.find("b", LineFilter(query="6994"), limit=10) == []


async def test_a_reason_is_found_in_any_case_and_taken_literally(store: Store) -> None:
    await fill(store, {"1": (1, 1, LineState.WAITING), "2": (2, 1, LineState.WAITING)})
    wanted = [LineFilter(state="waiting", reason=text) for text in ("BECAUSE OF 1", "because", "%")]
    counts = [len(await store.lines.find("a", one, limit=10)) for one in wanted]
    assert counts == [1, 2, 0]
