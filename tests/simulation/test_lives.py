"""Many lives of an order, each with its own faults and crashes; a failing seed replays with SEEDS=n.

LIVES=1000 lives longer than the sixty of everyday.
"""

import os
from collections.abc import Sequence

import pytest
from lives import live, mis
from makeready_lab.simulation.faults import EDGES, EDGY, Odds
from makeready_lab.simulation.same_number import SameNumbers
from makeready_lab.simulation.witness import MemoryWitness
from msgspec.structs import replace

pytestmark = pytest.mark.long

LIVES = range(int(os.environ.get("LIVES", "60")))
SEEDS = [int(os.environ["SEEDS"])] if "SEEDS" in os.environ else LIVES
DUPLICATES = ("second-order", "same-id", "refuse")
GROUPINGS = ("line", "order")


def share(one: str, ways: tuple[str, ...]) -> Sequence[int]:
    """Each way lives some of the seeds; a seed that is replayed is lived in all of them."""
    return SEEDS if len(SEEDS) == 1 else SEEDS[ways.index(one) :: len(ways)]


@pytest.mark.parametrize("duplicates", DUPLICATES)
async def test_no_order_is_lost_and_none_is_doubled_whatever_happens(duplicates: str) -> None:
    crashes = 0
    for seed in share(duplicates, DUPLICATES):
        outcome = await live(seed, mis(duplicates))
        assert outcome.lost == [], outcome
        assert outcome.doubled == [], outcome
        assert outcome.unsettled == [], outcome
        crashes += outcome.crashes
    assert crashes > 0 or len(SEEDS) == 1, "nothing was put to the test"


@pytest.mark.parametrize("grouping", GROUPINGS)
async def test_orders_of_several_lines_arrive_whole_and_once_however_their_lines_come(grouping: str) -> None:
    parked = 0
    for seed in share(grouping, GROUPINGS):
        outcome = await live(seed, mis(), orders=2, lines=2, grouping=grouping)
        assert outcome.lost == outcome.doubled == outcome.unsettled == [], outcome
        assert sorted({*outcome.in_mis, *outcome.parked}) == sorted(outcome.expected), outcome
        parked += len(outcome.parked)
    assert parked <= len(SEEDS) / 5, (
        "only the first orders of a life, when no question has found anything yet"
    )


async def test_where_the_mis_cannot_be_asked_doubts_wait_for_a_person_and_nothing_is_doubled() -> None:
    parked = 0
    for seed in SEEDS[: len(LIVES) // 2 + 1]:
        outcome = await live(seed, mis(order_filter=""))
        assert outcome.lost == outcome.doubled == outcome.unsettled == [], outcome
        parked += sum(state == "parked" for state in outcome.states.values())
    assert parked > 0 or len(SEEDS) == 1


async def test_a_seed_replays_exactly() -> None:
    assert await live(11, mis()) == await live(11, mis())


async def test_a_clock_that_is_set_back_and_forward_loses_and_doubles_nothing() -> None:
    steps = 0
    seeds = SEEDS if len(SEEDS) == 1 else SEEDS[1::4]  # 53 notices a step that moves nothing in the file
    for seed in seeds:
        outcome = await live(seed, mis(), odds=Odds(late=0.2, lost_after=0.1, clock_step=0.1))
        assert outcome.lost == outcome.doubled == outcome.unsettled == [], outcome
        steps += outcome.troubles.get("clock_step", 0)
    assert steps > 0 or len(SEEDS) == 1, "nothing was put to the test"


async def test_an_effect_after_the_quiet_period_doubles_orders_and_the_simulation_sees_it() -> None:
    """The trap that the quiet period avoids: asking while a call that was cut off may still take effect."""
    odds = Odds(late=0.3, lateness=5.0)
    for seed in range(30):
        if (await live(seed, mis(), odds=odds, quiet_margin_s=0.0)).doubled:
            return
    pytest.fail("nothing was doubled")


QUESTIONS = {"finds": mis(), "none": mis(order_filter=""), "finds nothing": mis(finds_nothing=True)}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_whatever_happens_at_the_edges_each_order_is_in_the_mis_once_when_people_have_decided(
    question: str,
) -> None:
    """Backups put back, files lost, a bridge before us, other environments and addresses, amid crashes."""
    edges = 0
    for seed in SEEDS[:8]:
        outcome = await live(seed, QUESTIONS[question], odds=EDGY, orders=5)
        assert outcome.lost == outcome.doubled == outcome.unsettled == outcome.parked == [], outcome
        assert sorted(outcome.in_mis) == sorted(outcome.expected), outcome
        assert outcome.same_number == (), outcome
        edges += sum(outcome.troubles.get(one, 0) for one in EDGES)
    assert edges > 0 or len(SEEDS) == 1, "nothing was put to the test"


TWICE = Odds(same_number=0.5, backup=0.1, restore=0.03)


async def test_two_orders_under_one_number_are_both_found_and_neither_is_doubled_or_taken_for_the_other() -> (
    None
):
    shared = 0
    for seed in SEEDS[:20]:
        outcome = await live(seed, mis(), odds=TWICE, orders=4)
        assert outcome.lost == outcome.doubled == outcome.unsettled == [], outcome
        assert outcome.same_number == (), outcome
        shared += outcome.troubles.get("same_number", 0)
    assert shared > 0 or len(SEEDS) == 1, "nothing was put to the test"


async def test_orders_that_are_known_by_number_only_are_taken_for_another_and_the_simulation_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("makeready.orders.store.ledger.identify", lambda db, name, order: (order.number, ()))
    monkeypatch.setattr(SameNumbers, "are_settled", lambda same, lines: True)
    assert any([(await live(seed, mis(), odds=TWICE, orders=4)).same_number for seed in range(5)])


async def test_a_state_that_is_put_back_unnoticed_doubles_orders_and_the_simulation_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(MemoryWitness, "finds", lambda witness, life: None)
    odds = replace(EDGY, restore=0.2, lost_after=0.3, lost_file=0.0, environment=0.0, changed_mis=0.0)
    for seed in (12, 16, *range(27, 95)):  # the first of them does it today: one in thirty does
        if (await live(seed, mis(order_filter=""), odds=odds, orders=5)).doubled:
            return
    pytest.fail("nothing was doubled")
