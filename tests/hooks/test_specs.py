"""What every specification says in the same words, and that the core's facade has each of them."""

import inspect
import re
from typing import Any

import pytest
from makeready.connectors import NEWS, Connectors
from makeready_hooks import Role, specs
from makeready_hooks.markers import PROJECT, Answers

HOOKS = [one for one in vars(specs).values() if hasattr(one, f"{PROJECT}_spec")]
REPEAT = re.compile(r"^Repeat:  (safe|look first|never)$", re.MULTILINE)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_a_hook_says_whose_it_is_and_what_happens_to_several_answers(hook: Any) -> None:
    assert hook.role in (Role.STOREFRONT, Role.MIS, None)
    assert hook.answers in Answers


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_only_a_plain_hook_is_stopped_at_its_first_answer_by_pluggy(hook: Any) -> None:
    plain = not inspect.iscoroutinefunction(hook)
    stopped = getattr(hook, f"{PROJECT}_spec")["firstresult"]
    assert stopped == (plain and hook.answers is not Answers.EVERY)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_a_hook_whose_effect_may_be_unknown_says_if_it_can_be_repeated(hook: Any) -> None:
    text = inspect.getdoc(hook) or ""
    assert ("Repeat:" in text) == bool(REPEAT.search(text))
    assert "OutcomeUnknown" not in text.partition("Raise:")[2] or REPEAT.search(text)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_the_core_has_a_way_to_ask(hook: Any) -> None:
    asked = any(hasattr(Connectors, name) for name in (hook.__name__, f"_{hook.__name__}"))
    assert asked != (hook.__name__ in NEWS)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_a_defect_is_an_unknown_outcome_where_the_contract_has_such(hook: Any) -> None:
    raised = (inspect.getdoc(hook) or "").partition("Raise:")[2]
    assert hook.changes == ("OutcomeUnknown" in raised or "as `update_mis_order`" in raised)
