"""Every way that one order line can go, step by step, whatever comes between: none doubles it, none loses it."""

import os
from collections import deque
from collections.abc import Iterator

import pytest
from line_model import (
    Guards,
    Machine,
    World,
    begin,
    is_doubled,
    is_falsely_accepted,
    is_settled,
)
from msgspec import Struct
from msgspec.structs import replace

pytestmark = pytest.mark.long

MOST_STATES = 2_000_000


class Found(Struct, frozen=True, kw_only=True):
    states: int
    steps: int
    broken: str = ""
    """Which promise."""
    way: tuple[str, ...] = ()
    """The shortest way there."""


def search(guards: Guards, breaks: int = 2, changes: int = 0) -> Found:
    """Breadth first from every beginning, until a promise is broken or nothing new comes."""
    machine = Machine(guards)
    came_from: dict[World, tuple[World, str] | None] = dict.fromkeys(begin(guards, breaks, changes))
    waiting, steps = deque(came_from), 0
    by_itself: dict[World, list[World]] = {}
    while waiting:
        world = waiting.popleft()
        if broken := broken_promise(world):
            return Found(
                states=len(came_from), steps=steps, broken=broken, way=tuple(way_to(world, came_from))[::-1]
            )
        for text, after in machine.work(world):
            steps += 1
            by_itself.setdefault(after, []).append(world)
            if after not in came_from:
                came_from[after] = (world, text)
                waiting.append(after)
        for text, after in machine.steps(world):
            steps += 1
            if after not in came_from:
                came_from[after] = (world, text)
                waiting.append(after)
        assert len(came_from) < MOST_STATES
    stuck = next(iter(came_from.keys() - ending_well(came_from, by_itself)), None)
    way = () if stuck is None else tuple(way_to(stuck, came_from))[::-1]
    return Found(states=len(came_from), steps=steps, broken="lost" if stuck else "", way=way)


def broken_promise(world: World) -> str:
    if is_doubled(world):
        return "doubled"
    return "accepted, and not there" if is_falsely_accepted(world) else ""


def ending_well(states: dict, by_itself: dict[World, list[World]]) -> set[World]:
    """From where the line comes to an end, or to a person, if no more trouble comes."""
    reached = {one for one in states if is_settled(one)}
    waiting = deque(reached)
    while waiting:
        for before in by_itself.get(waiting.popleft(), ()):
            if before not in reached:
                reached.add(before)
                waiting.append(before)
    return reached


def way_to(world: World, came_from: dict) -> Iterator[str]:
    while (before := came_from[world]) is not None:
        world, text = before
        yield text


@pytest.mark.parametrize(("breaks", "changes"), [(1, 0), (0, 2)])
def test_no_way_doubles_an_order_and_none_loses_it(breaks: int, changes: int) -> None:
    """BREAKS and CHANGES, as environment variables, look further: see docs/figures.md."""
    found = search(Guards(), int(os.environ.get("BREAKS", breaks)), int(os.environ.get("CHANGES", changes)))
    assert not found.broken, found
    print(f"{found.states} states, {found.steps} steps")  # noqa: T201 - the figure is the result


WAYS = [
    ("absence_is_proven", "doubled"),
    ("look_first_after_break", "doubled"),
    ("resends_look_first", "doubled"),
    ("break_has_a_quiet_period", "doubled"),
    ("copy_stands_still", "doubled"),
    ("start_counts", "doubled"),
    ("quiet_period", "doubled"),
    ("witness_before_call", "doubled"),
    ("intent_before_call", "doubled"),
    ("lost_file_is_noticed", "doubled"),
    ("tests_are_set_aside", "accepted, and not there"),
    ("people_wait", "doubled"),
    ("people_say_where", "accepted, and not there"),
]
NEEDS = {"tests_are_set_aside": (0, 1), "people_say_where": (1, 1)}
"""Breaks and changes of the environment, other than one break."""


@pytest.mark.parametrize(("guard", "broken"), WAYS)
def test_without_one_guard_the_search_finds_the_way_to_harm(guard: str, broken: str) -> None:
    breaks, changes = NEEDS.get(guard, (1, 0))
    found = search(replace(Guards(), **{guard: False}), breaks, changes)
    assert found.broken == broken, found
    print(f"{guard}: {', '.join(found.way)}")  # noqa: T201 - people read the way


def test_the_search_knows_every_guard() -> None:
    harmless = {"open_orders_keep_the_settings"}
    assert {guard for guard, _ in WAYS} | harmless == set(Guards.__struct_fields__)
