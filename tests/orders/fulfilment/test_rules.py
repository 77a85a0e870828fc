"""Which stage comes next: a pure decision that never leads back, whatever the MIS and people do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.orders.fulfilment.model import LineProgress, StatusRules
from makeready.orders.fulfilment.rules import StageAction, is_finished, stage_action, wanted_stage
from msgspec import structs

TRIGGER = "Xfr"
WORKFLOW = ("Received", "Prepress", "Press", "Bindery", "Shipping", "Completed", "Cancelled")
WAY = {"Plating": "Prepress", "Printing": "Press", "Printed": "Press", "Out": "Shipping", "Paid": "Completed"}
RULES = StatusRules(enabled=True, stages=WAY)
statuses = st.sampled_from([*WAY, "printing", " Out ", "On hold", ""])
stages = st.sampled_from([*WORKFLOW, TRIGGER, "press", "Elsewhere", ""])


def place(stage: str) -> int:
    """How far an item is; the trigger comes before everything."""
    names = [name.casefold() for name in WORKFLOW]
    return names.index(stage.casefold()) if stage.casefold() in names else -1


workflows = st.sets(st.sampled_from([*WORKFLOW, TRIGGER])).map(lambda names: sorted(names, key=place))


@given(statuses, stages, workflows)
def test_an_item_is_only_ever_moved_forward_to_a_stage_that_there_is(
    status: str, at: str, workflow: list[str]
) -> None:
    wanted = wanted_stage(RULES, status, LineProgress(line=1))
    if wanted and stage_action(wanted, at, RULES, workflow, TRIGGER) is StageAction.MOVE:
        assert wanted in workflow
        assert place(wanted) > place(at)


moments = st.lists(st.tuples(statuses, st.none() | stages.filter(bool)), max_size=12)


@given(moments)
def test_through_a_whole_life_nobody_is_overruled_and_nothing_is_told_twice(
    life: list[tuple[str, str | None]],
) -> None:
    """In each moment a person may move the item, then the MIS says something."""
    at, line, moves = TRIGGER, LineProgress(line=1), []
    for status, moved_to in life:
        at = moved_to or at
        wanted = wanted_stage(RULES, status, line)
        if not wanted:
            continue
        answer = stage_action(wanted, at, RULES, (TRIGGER, *WORKFLOW), TRIGGER)
        if answer is StageAction.MOVE:
            assert place(wanted) > place(at), "never back"
            moves.append(wanted)
            at = wanted
        if answer is not StageAction.UNKNOWN:
            line = structs.replace(line, stage=wanted)
        assert wanted_stage(RULES, status, line) == "", "the same again asks for nothing"
    assert moves == sorted(set(moves), key=place), "each stage once, in the order of the way"


@pytest.mark.parametrize(
    ("wanted", "at", "answer"),
    [
        ("Press", "Xfr", StageAction.MOVE),  # the trigger, wherever it stands in the workflow
        ("Press", "xfr", StageAction.MOVE),
        ("Press", "PRESS", StageAction.STAY),
        ("Shipping", "Bindery", StageAction.MOVE),  # a stage beside the way, before the wanted one
        ("Shipping", "Cancelled", StageAction.STAY),
        ("Shipping", "Completed", StageAction.STAY),
        ("Shipping", "A stage of another workflow", StageAction.STAY),
        ("Shiping", "Xfr", StageAction.UNKNOWN),
    ],
)
def test_where_an_item_stands_decides(wanted: str, at: str, answer: StageAction) -> None:
    assert stage_action(wanted, at, RULES, (*WORKFLOW, "Xfr"), TRIGGER) is answer


def test_the_way_of_the_rules_comes_before_the_order_of_the_shop_s_workflow() -> None:
    assert stage_action("Shipping", "Press", RULES, ("Xfr", "Shipping", "Press"), TRIGGER) is StageAction.MOVE
    assert stage_action("Press", "Shipping", RULES, ("Xfr", "Shipping", "Press"), TRIGGER) is StageAction.STAY


def test_a_stage_that_was_refused_is_not_wanted_again_but_another_is() -> None:
    line = LineProgress(line=1, refused="Press")
    assert wanted_stage(RULES, "Printing", line) == ""
    assert wanted_stage(RULES, "Out", line) == "Shipping"


AT_END = LineProgress(line=1, stage="Completed")


@pytest.mark.parametrize(
    ("rules", "lines", "parcels", "finished"),
    [
        (RULES, [AT_END], [True], True),
        (RULES, [AT_END], [], False),  # its tracking number may still come
        (RULES, [AT_END], [True, False], False),
        (RULES, [structs.replace(AT_END, stage="Press")], [True], False),
        (RULES, [structs.replace(AT_END, stage="", refused="completed")], [True], True),
        (RULES, [structs.replace(AT_END, moving_to="Completed")], [True], False),
        (RULES, [AT_END, LineProgress(line=2)], [True], False),
        (StatusRules(enabled=True, stages=WAY, ship=False), [AT_END], [], True),
        (StatusRules(enabled=True), [LineProgress(line=1)], [True], True),
        (StatusRules(enabled=True), [LineProgress(line=1)], [], False),
    ],
)
def test_an_order_is_finished_when_nothing_more_can_be_told(rules, lines, parcels, finished) -> None:
    assert is_finished(rules, lines, parcels) is finished
