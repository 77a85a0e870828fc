"""Lists of order lines: whatever the moments, the pages together are the whole list, each line once."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makeready.orders.line_filter import LineFilter, LinePosition
from makeready.orders.model import (
    Cause,
    LineDecision,
    LineRow,
    LineState,
    OrderIdentity,
    ReadingKey,
    SeenOrder,
)
from makeready.orders.store import search as listing
from makeready.stores import Store
from makeready_hooks.model.submission import AcceptedOrder
from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.faults import Fate, Odds

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
        decisions = [
            LineDecision(
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
        await store.ledger.record_observation(
            "a",
            OrderIdentity(number, "", ""),
            seen,
            decisions,
            reading=ReadingKey(1, ""),
            cause=cause,
            submit_kind="submit",
        )


async def pages(store: Store, wanted: LineFilter, limit: int) -> list[LineRow]:
    found: list[LineRow] = []
    after = None
    while page := await store.lines.find("a", wanted, limit=limit, after=after):
        found += page
        after = LinePosition(page[-1].updated_at, page[-1].order_number, page[-1].line)
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
        submission, accepted=AcceptedOrder(id="30001", number="SO-9"), cause=Cause("c", 4.0), next_kinds=()
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


people = st.tuples(
    st.sampled_from(["Jörg Müller", "Ann Mull", "anna o'Neill", 'İnci "*" Ğ']),
    st.sampled_from(["", "Lodge & Co", "LODGE, Müllerstraße 3"]),
    st.sampled_from(["Business cards", "Müller's poster A2-x", "cards_2284", "Визитки, businesslike"]),
    st.sampled_from([LineState.WAITING, LineState.READY]),
)
asked = st.sampled_from(
    [
        "",
        "mull",
        "MÜLLER",
        "ann",
        "lodge mu",
        "müllerstrasse",
        "neill o",
        "a*",
        "card",
        "2284",
        "a2",
        '"',
        "inci g",
        "busines",
        "business",
        "визит",
        "визитки",
    ]
)


@settings(max_examples=60)
@given(
    orders=st.lists(people, max_size=8),
    customer=asked,
    product=asked,
    state=st.sampled_from(["", "waiting"]),
    first=st.sampled_from([0, 2, 100]),
    named=st.sampled_from([0, 1, 32]),
)
def test_words_find_the_same_lines_whether_they_are_rare_or_common(
    orders, customer: str, product: str, state: str, first: int, named: int
) -> None:
    """By each of the ways in which the store looks for them, and as words are: from their beginnings."""

    async def look() -> list[str]:
        store = store_in_memory()
        for at, (name, company, kind, is_in) in enumerate(orders, 1):
            seen = SeenOrder(
                site="shop.example", placed_at=1.0, customer=f"{name}, {company}", found_by="x@y.example"
            )
            key = f"{at}-1" if is_in is LineState.READY else ""
            decision = LineDecision(
                line=1, product_id="7", description=kind, quantity=1, state=is_in, submission=key
            )
            for subscriber in ("a", "b"):
                await store.ledger.record_observation(
                    subscriber,
                    OrderIdentity(str(at), "", ""),
                    seen,
                    [decision],
                    reading=ReadingKey(1, ""),
                    cause=Cause("seen", float(at)),
                    submit_kind="submit",
                )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(listing, "FIRST", first)
            patch.setattr(listing, "MOST_NAMED", named)
            wanted = LineFilter(customer=customer, product=product, state=state)
            return [one.order_number for one in await pages(store, wanted, 3)]

    expected = [
        str(at)
        for at, (name, company, kind, is_in) in enumerate(orders, 1)
        if (not state or is_in == state)
        and _has(f"{name} {company} x y example", customer)
        and _has(f"{kind} 7", product)
    ]
    assert asyncio.run(look()) == expected[::-1]


@pytest.mark.parametrize("named", [0, 2, 3])
@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("busines", ["3", "2", "1"]),
        ("busine card", ["3", "1"]),
        ("business", ["3", "2", "1"]),
        ("businessl", ["2"]),
        ("businessx", []),
        ("b", ["3", "2", "1"]),
    ],
)
async def test_a_beginning_finds_all_words_that_have_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, named: int, product: str, expected: list[str]
) -> None:
    monkeypatch.setattr(listing, "FIRST", 0)
    monkeypatch.setattr(listing, "MOST_NAMED", named)
    for number, kind in enumerate(["Business cards", "Businesslike", "Businessman, Card"], 1):
        decision = LineDecision(
            line=1, product_id="7", description=kind, quantity=1, state=LineState.WAITING, submission=""
        )
        order, reading = OrderIdentity(str(number), "", ""), ReadingKey(1, "")
        seen, cause = SeenOrder(site="shop.example", placed_at=1.0), Cause("seen", 1.0)
        await store.ledger.record_observation(
            "a", order, seen, [decision], reading=reading, cause=cause, submit_kind="submit"
        )
    lines = await store.lines.find("a", LineFilter(product=product), limit=9)
    assert [one.order_number for one in lines] == expected


@pytest.mark.parametrize("first", [0, 100])
async def test_words_find_lines_in_the_state_in_which_they_are_now(
    store: Store, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    """Whether the index of words knows the state, or lines are in it only on their way."""
    monkeypatch.setattr(listing, "FIRST", first)

    async def found() -> dict[str, list[str]]:
        wanted = {state: LineFilter(state=state, product="card") for state in map(str, LineState)}
        lines = {state: await store.lines.find("a", one, limit=9) for state, one in wanted.items()}
        return {state: [one.order_number for one in some] for state, some in lines.items() if some}

    for state in (LineState.WAITING, LineState.READY):
        key = "7-1" if state is LineState.READY else ""
        decision = LineDecision(
            line=1, product_id="7", description="Cards", quantity=1, state=state, submission=key
        )
        seen = SeenOrder(site="shop.example", placed_at=1.0)
        order, reading, cause = OrderIdentity("7", "", ""), ReadingKey(1, ""), Cause("seen", 1.0)
        await store.ledger.record_observation(
            "a", order, seen, [decision], reading=reading, cause=cause, submit_kind="submit"
        )
        assert await found() == {state: ["7"]}
    submission = await store.ledger.submission("a", "7-1")
    assert submission is not None
    for before, after in [
        ("ready", "refused"),
        ("refused", "ready"),
        ("ready", "parked"),
        ("parked", "accepted"),
    ]:
        moved = store.ledger.move(submission, (LineState(before),), LineState(after), Cause("c", 2.0))
        assert await moved
        assert await found() == {after: ["7"]}


def _has(text: str, wanted: str) -> bool:
    """Written once more, from the plain meaning."""
    if wanted and not any(one.isalnum() for one in wanted):
        return False
    plain = str.maketrans("öüÜİĞ'\"*,&@-_", "ouuig        ")
    words = text.translate(plain).lower().replace("ß", "ss").split()
    asked = wanted.translate(plain).lower().replace("ß", "ss").split()
    return all(any(word.startswith(one) for word in words) for one in asked)
