"""A hook's first word says what its answer is, and whether it changes something: by one rule, for all that there are."""

import inspect
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest
from makeready_hooks import specs
from makeready_hooks.markers import Answers

READS = {"find", "list", "read", "search", "check", "shows"}
"""They leave everything as it is."""
WRITES = {
    "write",
    "create",
    "update",
    "clear",
    "submit",
    "cancel",
    "attach",
    "replace",
    "move",
    "install",
    "resolve",
    "quote",
}
PURE = {"map", "decode", "encode", "adjust", "list"}
MANY = {"list", "read", "search", "check", "install", "resolve"}
PAGES = {"OrderPage", "ProductPage", "ChangePage"}
SINGLE_READS = {"read_site_choices", "read_order_details", "read_shop_binding", "read_shop_markup"}
"""Of one thing that is named: all of it."""
NOUNS = {
    "unavailable",
    "capabilities",
    "currency",
    "customer_code",
    "product_address",
    "order_address",
    "storefront_snippet",
}
"""Pure, and named by what they say."""


def hooks() -> Iterator[Any]:
    for one in vars(specs).values():
        if (
            getattr(one, "answers", None) not in (None, Answers.EVERY)
            or getattr(one, "__name__", "") == "unavailable"
        ):
            yield one


def answer_of(hook: Any) -> Any:
    """Without None."""
    told = get_type_hints(hook)["return"]
    kinds = [one for one in get_args(told) if one is not type(None)]
    return kinds[0] if kinds and type(None) in get_args(told) else told


@pytest.mark.parametrize("hook", list(hooks()), ids=lambda hook: hook.__name__)
def test_a_hook_s_verb_says_what_it_does(hook: Any) -> None:
    verb, answer = hook.__name__.partition("_")[0], answer_of(hook)
    if not inspect.iscoroutinefunction(hook):
        assert verb in PURE or hook.__name__ in NOUNS
        return
    assert verb in READS | WRITES
    assert hook.changes <= (verb in WRITES), "a verb that reads changes nothing"
    if verb in MANY and hook.__name__ not in SINGLE_READS:
        assert answer.__name__ in PAGES or getattr(answer, "__origin__", None) is tuple
    elif verb in READS:
        assert getattr(answer, "__origin__", None) is not tuple, "none or one"


@pytest.mark.parametrize("hook", [one for one in hooks() if one.changes], ids=lambda hook: hook.__name__)
def test_a_hook_with_an_effect_says_whether_it_can_be_repeated(hook: Any) -> None:
    [line] = [one for one in hook.__doc__.splitlines() if one.strip().startswith("Repeat:")]
    assert line.split("Repeat:")[1].strip() in {"safe", "look first", "never"}
